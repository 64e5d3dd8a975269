"""What lifts a sign one tier: section 3 of the clinical facts, rules by rule in `raising.yml`."""

from __future__ import annotations

from collections.abc import Sequence
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
    one: Found, others: Sequence[Found], reading: Reading, risk_factors: frozenset[str], catalogue: Catalogue
) -> tuple[str, ...]:
    """Ids of everything that lifts this sign: stated in the message, found beside it, or known of the patient."""
    ids = {other.rule.id for other in others} - {one.rule.id}
    return tuple(name for name in one.rule.raises if _holds(catalogue.raisers[name], one, ids, reading, risk_factors))


def _holds(raiser: Raiser, one: Found, ids: set[str], reading: Reading, risk_factors: frozenset[str]) -> bool:
    if raiser.risk_factor in risk_factors or raiser.signs & ids:
        return True
    sentence = reading.message.sentence
    return any(
        is_stated(match, reading) and (not raiser.same_sentence or sentence[match.first] == sentence[one.match.first])
        for match in reading.matches(raiser.patterns)
    )
