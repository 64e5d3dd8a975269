"""What lifts a sign one tier: section 3 of the clinical facts, rules by rule in `raising.yml`."""

from __future__ import annotations

from dataclasses import dataclass

from bot.triage.catalogue import Catalogue
from bot.triage.matching import Match
from bot.triage.reading import Reading
from bot.triage.rules import Raiser, SignRule
from bot.triage.scope import is_stated


@dataclass(frozen=True)
class Found:
    """A match that counts, with the sign it is of."""

    rule: SignRule
    match: Match


def raisers_of(
    one: Found, found_ids: frozenset[str], reading: Reading, risk_factors: frozenset[str], catalogue: Catalogue
) -> tuple[str, ...]:
    """Ids of everything that lifts this sign: stated in the message, found beside it or in the open case, or known of
    the patient."""
    others = found_ids - {one.rule.id}
    raisers = (catalogue.raisers[name] for name in one.rule.raises)
    return tuple(raiser.id for raiser in raisers if _holds(raiser, one, others, reading, risk_factors))


def _holds(raiser: Raiser, one: Found, others: frozenset[str], reading: Reading, risk_factors: frozenset[str]) -> bool:
    if raiser.risk_factor in risk_factors or raiser.signs & others:
        return True
    sentence = reading.message.sentence
    return any(
        is_stated(match, reading) and (not raiser.same_sentence or sentence[match.first] == sentence[one.match.first])
        for match in reading.matches(raiser.patterns)
    )
