"""What reviews teach: lines for the training data, wordings and look-alikes for the catalogue. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from bot.learning.masking import Masker

Kind = Literal["topic", "wording", "lookalike"]


@dataclass(frozen=True)
class Lesson:
    """One line: `label` is its topic, or the sign that it has (wording) or only seems to have (lookalike).

    `tier` is the label of the block it stands in: none or routine; of signs it is not used.
    """

    kind: Kind
    text: str
    label: str
    tier: str = "none"


def masked(lessons: Iterable[Lesson], mask: Masker) -> list[Lesson]:
    """The lessons without personal data, and without those of which nothing is left."""
    lines = (replace(lesson, text=mask(lesson.text)) for lesson in lessons)
    return [lesson for lesson in lines if same_line(lesson.text)]


def new_only(lessons: Iterable[Lesson], known: Iterable[str]) -> list[Lesson]:
    """Each line once, and none that stands among `known` lines already, however it is spelt, cased or dotted."""
    seen = {same_line(line) for line in known}
    new = []
    for lesson in lessons:
        key = same_line(lesson.text)
        if key not in seen:
            seen.add(key)
            new.append(lesson)
    return new


def same_line(text: str) -> str:
    """What two lines share that say the same: their letters and digits."""
    kept = (
        character if character.isalnum() else " " for character in text.casefold().replace("’", "").replace("'", "")
    )
    return " ".join("".join(kept).split())
