"""`aftercare learn export`: what staff's reviews teach, as files to check and to train with."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from pathlib import Path

from bot.care.clinic import load_clinic
from bot.learning.files import known_lines, write_files
from bot.learning.lessons import Lesson, masked, new_only
from bot.learning.masking import Masker
from bot.learning.reviewed import names_known, reviewed
from bot.learning.topics import topic_name
from bot.settings import ROOT, Settings
from bot.store.database import Store

Confirm = Callable[[str], bool]
_KINDS = {"topic": "topic", "wording": "missed sign", "lookalike": "not this sign"}


def export(settings: Settings, folder: Path, since: date | None, confirm: Confirm | None) -> str:
    """Write the files into a folder. `since` is a day in the clinic's zone; `confirm` is asked about each line.

    Out: what was done, in words. Raises ClinicError where clinic.yml cannot be read.
    """
    tz = load_clinic(settings.clinic_file).tz
    store = Store(settings.database, settings.key_ring())
    try:
        store.migrate()
        with store.read() as session:
            found = reviewed(session, datetime.combine(since, time(), tz) if since else None)
            mask = Masker(names_known(session))
    finally:
        store.close()
    new = new_only(masked(found.lessons, mask), known_lines(ROOT / "data"))
    taken = [lesson for lesson in new if confirm is None or confirm(shown(lesson))]
    nlu, signs = write_files(folder, taken)
    return "\n".join(_told(found.lessons, new, taken, found.withheld, nlu, signs))


def shown(lesson: Lesson) -> str:
    """A lesson on one line, for whoever decides whether it is written."""
    label = topic_name(lesson.label) if lesson.kind == "topic" else lesson.label
    return f"{_KINDS[lesson.kind]} {label}: {lesson.text}"


def _told(
    found: list[Lesson], new: list[Lesson], taken: list[Lesson], withheld: int, nlu: Path, signs: Path
) -> Iterable[str]:
    topics = sum(lesson.kind == "topic" for lesson in taken)
    yield f"{nlu}: {topics} lines for the training data"
    yield f"{signs}: {len(taken) - topics} lines for a clinician to sign"
    yield f"Known already or twice: {len(found) - len(new)}. Left out by you: {len(new) - len(taken)}."
    yield f"Reviewed, but the patient has not agreed to training: {withheld}."
