"""The screen itself: a patient's words and their context in, a verdict out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.triage.catalogue import Catalogue
from bot.triage.days import day_in
from bot.triage.matching import Match
from bot.triage.pattern import Pattern
from bot.triage.phrases import Span
from bot.triage.pulse import fast_pulses_in
from bot.triage.raising import Found, raised
from bot.triage.reading import Reading, read
from bot.triage.rules import SignRule
from bot.triage.scope import reason_to_lower
from bot.triage.temperature import temperatures_in
from bot.triage.verdict import NO_RISK, Lowered, Sign, Verdict

FEVER = "fever"
FAST_HEART = "minoxidil_absorption"
_NUMBER_PATTERN = Pattern("a number", (), ())
# A sentence or two decides a verdict; what a flood of text adds beyond this is read in pieces by the caller.
LONGEST_TEXT = 20_000


@dataclass(frozen=True)
class Context:
    """What is known beside the words: days since treatment (None: unknown) and risk factors of the care record
    ("diabetes", "immunosuppression", "anticoagulant", "child", "pregnancy", "heart_disease")."""

    day: float | None = None
    risk_factors: frozenset[str] = frozenset()


class Screen:
    """Judges messages by a catalogue; holds no state between them."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def __call__(self, text: str, context: Context = Context()) -> Verdict:  # noqa: B008
        """The verdict of one message; of an empty one, no risk."""
        message = self._catalogue.normaliser(text)
        if not message.tokens:
            return NO_RISK
        reading = read(message, self._catalogue)
        day = _latest(context.day, day_in(message.folded))
        lowered: list[Lowered] = []
        found: list[Found] = []
        normal_temperature = self._measured(reading, found, lowered)
        for rule in self._catalogue.signs.values():
            for match in reading.matches(rule.patterns):
                reason = reason_to_lower(match, rule, reading)
                if reason is None and rule.from_day is not None and day is not None and day < rule.from_day:
                    reason = "expected_on_day"
                if reason is None and rule.id == FEVER and normal_temperature:
                    reason = "normal_temperature"
                if reason:
                    lowered.append(_lowered(rule, match, reading, reason))
                else:
                    found.append(Found(rule, match))
        return Verdict.of([_sign(one, found, reading, context, self._catalogue) for one in _first_of_each(found)], lowered)
