"""The screen itself: a patient's words and their context in, a verdict out."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.triage.catalogue import Catalogue
from bot.triage.days import day_in
from bot.triage.earlier import raised_now, told_across, told_in
from bot.triage.languages.joining import with_findings
from bot.triage.languages.text import split
from bot.triage.matching import Match
from bot.triage.pattern import Pattern
from bot.triage.phrases import Span
from bot.triage.pulse import fast_pulses_in
from bot.triage.raising import Found, raisers_of
from bot.triage.reading import Reading, read
from bot.triage.rules import SignRule
from bot.triage.scope import reason_to_lower
from bot.triage.temperature import Temperature, temperatures_in
from bot.triage.verdict import NO_RISK, Lowered, Sign, Verdict

FEVER = "fever"
FAST_HEART = "minoxidil_absorption"
_MEASURED = Pattern("a measured number", (), (), frozenset())


@dataclass(frozen=True)
class Context:
    """What is known beside the words.

    - `day`: days since treatment, None where unknown.
    - `risk_factors`: those the patient has told of before ("diabetes", "immunosuppression", "anticoagulant", "child",
      "pregnancy", "heart_disease").
    - `signs`: ids of the signs of the case that is open.
    - `before`: what the patient wrote shortly before.
    """

    day: float | None = None
    risk_factors: frozenset[str] = frozenset()
    signs: frozenset[str] = frozenset()
    before: str = ""


_NO_CONTEXT = Context()


class Screen:
    """Judges messages by a catalogue; holds no state between them."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def __call__(self, text: str, context: Context = _NO_CONTEXT) -> Verdict:
        """The verdict of one message; of an empty one, no risk."""
        message = self._catalogue.normaliser(text)
        if not message.tokens:
            return NO_RISK
        reading = read(message, self._catalogue)
        day = _latest(context.day, day_in(message.folded))
        temperatures = temperatures_in(message.folded)
        found: list[Found] = []
        lowered: list[Lowered] = []
        for rule in self._catalogue.signs.values():
            for match in self._matches(rule, reading, temperatures):
                reason = reason_to_lower(match, rule, reading)
                reason = reason or _expected(rule, match.pattern is _MEASURED, day, temperatures)
                if reason:
                    lowered.append(Lowered(rule.id, rule.tier, *message.quote(match.first, match.last), reason))
                else:
                    found.append(Found(rule, match))
        found = [one for one in found if not _denied_beside(one, lowered, reading)]
        signs = self._signs(found, reading, context)
        signs += raised_now(reading, context.signs, self._catalogue)
        signs += told_across(context.before, reading, self._catalogue)
        verdict = Verdict.of(signs, lowered)
        words = split(message.folded)
        verdict = with_findings(
            verdict,
            text,
            [finding for language in self._catalogue.languages for finding in language.findings(text, words)],
            self._catalogue.signs,
            self._catalogue.raisers,
            context.risk_factors,
            lambda rule: _expected(rule, False, day, temperatures),
            self._catalogue.normaliser.knows,
            lambda: max((language.tongue.markers_among(words) for language in self._catalogue.languages), default=0),
        )
        return replace(verdict, told=told_in(reading, self._catalogue))

    def settles(self, verdict: Verdict, text: str) -> bool:
        """Whether a sign of the verdict stands in this piece of the message that the classifier does not raise."""
        rules = self._catalogue.signs
        return any(sign.evidence in text for sign in verdict.signs if sign.id in rules and rules[sign.id].settled)

    def agrees(self, day: float | None, other: float | None) -> bool:
        """Whether every text has the same verdict on both days since treatment."""
        if day is None or other is None:
            return day is other
        low, high = sorted((day, other))
        days = [rule.from_day for rule in self._catalogue.signs.values() if rule.from_day is not None]
        return not any(low < day <= high for day in days)

    def _matches(self, rule: SignRule, reading: Reading, temperatures: list[Temperature]) -> list[Match]:
        offsets: list[int] = []
        if rule.id == FEVER:
            offsets = [temperature.start for temperature in temperatures if temperature.is_fever]
        elif rule.id == FAST_HEART:
            offsets = [pulse.start for pulse in fast_pulses_in(reading.message.folded)]
        tokens = [reading.message.token_at(offset) for offset in offsets]
        measured = [Match(_MEASURED, (Span(token, token),)) for token in tokens]
        return measured + reading.matches(rule.patterns)

    def _signs(self, found: list[Found], reading: Reading, context: Context) -> list[Sign]:
        signs: dict[str, Sign] = {}
        ids = context.signs.union(one.rule.id for one in found)
        for one in _shortest_of_each_sentence(found, reading):
            rule = one.rule
            raisers = raisers_of(one, ids, reading, context.risk_factors, self._catalogue)
            sign = Sign(
                rule.id,
                rule.tier.raised() if raisers else rule.tier,
                rule.advice,
                *reading.message.quote(one.match.first, one.match.last),
                raised_by=raisers,
                source=rule.source,
            )
            known = signs.get(rule.id)
            if known is None or sign.tier > known.tier:
                signs[rule.id] = sign
        return list(signs.values())


def _denied_beside(one: Found, lowered: list[Lowered], reading: Reading) -> bool:
    """Whether a sign is pieced together from its own denial and a general question ("... fast? My heart is fine")."""
    clauses = {reading.clause[span.first] for span in one.match.spans}
    denials = [low.start for low in lowered if low.id == one.rule.id and low.reason == "negated"]
    denied = clauses & {reading.clause[reading.message.token_at(start)] for start in denials}
    others = clauses - denied
    return bool(denied and others) and all(reading.cue_in_clause("general_question", each) for each in others)


def _shortest_of_each_sentence(found: list[Found], reading: Reading) -> list[Found]:
    """One match of each sign and sentence, the one whose words say it most closely."""
    closest: dict[tuple[str, int], Found] = {}
    for one in sorted(found, key=lambda one: one.match.last - one.match.first):
        closest.setdefault((one.rule.id, reading.message.sentence[one.match.first]), one)
    return list(closest.values())


def _latest(*days: float | None) -> float | None:
    """The later of the known days: of two accounts, the one that makes a finding less expected."""
    return max((day for day in days if day is not None), default=None)


def _expected(rule: SignRule, measured: bool, day: float | None, temperatures: list[Temperature]) -> str | None:
    if rule.from_day is not None and day is not None and day < rule.from_day:
        return "expected_on_day"
    measured_normal = bool(temperatures) and not any(temperature.is_fever for temperature in temperatures)
    if rule.id == FEVER and not measured and measured_normal:
        return "normal_temperature"
    return None
