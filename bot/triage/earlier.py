"""What a message means beside what the same patient wrote before it: section 3 of the clinical facts says what raises a
sign, and patients tell it piece by piece."""

from __future__ import annotations

from collections.abc import Iterator

from bot.triage.catalogue import Catalogue
from bot.triage.matching import Match
from bot.triage.reading import Reading, read
from bot.triage.rules import Raiser, SignRule
from bot.triage.scope import is_of_the_writer, is_told, reason_to_lower
from bot.triage.tier import Tier
from bot.triage.verdict import Sign

_BETWEEN = "\n"


def told_in(reading: Reading, catalogue: Catalogue) -> tuple[str, ...]:
    """The risk factors that the writer states of themselves. A child is none: it is spoken of, and does not write."""
    raisers = (raiser for raiser in catalogue.raisers.values() if raiser.risk_factor and raiser.later)
    return tuple(
        str(raiser.risk_factor)
        for raiser in raisers
        if any(is_of_the_writer(match, reading) for match in _told(raiser, reading))
    )


def raised_now(reading: Reading, open_signs: frozenset[str], catalogue: Catalogue) -> Iterator[Sign]:
    """The signs of the open case that this message lifts a tier, by what it tells beside them."""
    for name in sorted(open_signs & catalogue.signs.keys()):
        rule = catalogue.signs[name]
        if rule.tier is Tier.EMERGENCY:
            continue
        raisers = (catalogue.raisers[one] for one in rule.raises)
        found = [(raiser.id, match) for raiser in raisers if raiser.later for match in _told(raiser, reading)[:1]]
        if found:
            quoted = reading.message.quote(found[0][1].first, found[0][1].last)
            yield _sign(rule, rule.tier.raised(), quoted, tuple(raiser for raiser, _ in found))


def told_across(before: str, reading: Reading, catalogue: Catalogue) -> Iterator[Sign]:
    """The signs that `before`, what was written shortly before, and this message tell together, and neither alone."""
    if not before:
        return
    rules = [rule for rule in catalogue.signs.values() if rule.across and _has_a_part(rule, reading)]
    if not rules:
        return
    opening = len(before) + len(_BETWEEN)
    joined = read(catalogue.normaliser(before + _BETWEEN + reading.message.text), catalogue)
    for rule in rules:
        for match in joined.matches(rule.patterns):
            if _spans(match, joined, opening) and reason_to_lower(match, rule, joined) is None:
                first = max(match.first, joined.message.token_at(opening))
                start, end, evidence = joined.message.quote(first, match.last)
                yield _sign(rule, rule.tier, (start - opening, end - opening, evidence), ())
                break


def _told(raiser: Raiser, reading: Reading) -> list[Match]:
    return [match for match in reading.matches(raiser.patterns) if is_told(match, reading)]


def _has_a_part(rule: SignRule, reading: Reading) -> bool:
    return any(not pattern.groups.isdisjoint(reading.present) for pattern in rule.patterns)


def _spans(match: Match, joined: Reading, opening: int) -> bool:
    tokens = joined.message.tokens
    return tokens[match.first].start < opening <= tokens[match.last].start


def _sign(rule: SignRule, tier: Tier, quoted: tuple[int, int, str], raised_by: tuple[str, ...]) -> Sign:
    return Sign(rule.id, tier, rule.advice, *quoted, raised_by=raised_by, source=rule.source)
