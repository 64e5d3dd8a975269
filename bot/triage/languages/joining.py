"""Joins what the other languages found with the verdict that English came to."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from bot.triage.languages.language import Finding
from bot.triage.languages.text import ENGLISH
from bot.triage.normalise import fold
from bot.triage.rules import Raiser, SignRule
from bot.triage.verdict import Lowered, Sign, Verdict

Expected = Callable[[SignRule], str | None]
_ITS_OWN = 2  # small words that show which language a message is in


def with_findings(
    verdict: Verdict,
    text: str,
    findings: Sequence[Finding],
    rules: Mapping[str, SignRule],
    raisers: Mapping[str, Raiser],
    risk_factors: Collection[str],
    expected: Expected,
    english: Callable[[str], bool],
    most_markers: Callable[[], int],
) -> Verdict:
    """The verdict with every finding in it; `expected` says why a sign is no finding on this day, or None.

    `english` says whether a word is one of English. What is made of such words alone counts only in a message that is
    more of the other language than of English, or that has no small word of English. A word that languages share
    ("pus") counts as the message's own language judges it: denied there, it is denied. `most_markers` is how many small
    words the message has of the language it has most of: what a language without any finds in it is chance.
    """
    if not findings:
        return verdict
    chance = most_markers() >= _ITS_OWN
    small = sum(word in ENGLISH for word in re.findall(r"[^\W_]+", fold(text)))
    findings = [one for one in findings if _is_foreign(one, small, english) and (one.markers or not chance)]
    if not findings:
        return verdict
    counted: list[Finding] = []
    lowered = list(verdict.lowered)
    for one in findings:
        rule = rules[one.sign]
        reason = one.reason or expected(rule)
        if reason:
            lowered.append(Lowered(rule.id, rule.tier, one.start, one.end, one.evidence, reason))
        elif not any(_overrules(other, one) for other in findings):
            counted.append(one)
    signs = [_sign(one, rules[one.sign], risk_factors, raisers) for one in _shortest(counted)]
    known = {sign.id for sign in signs}
    for sign in verdict.signs:
        denied = next((one for one in findings if one.reason and _same(one, sign)), None)
        if sign.id not in known and denied is not None and denied.reason:
            lowered.append(Lowered(sign.id, sign.tier, sign.start, sign.end, sign.evidence, denied.reason))
        elif sign.id not in known or sign.raised_by:
            signs.append(sign)
    return Verdict.of(_raised_together(signs, rules, raisers), lowered)


def _sign(one: Finding, rule: SignRule, risk_factors: Collection[str], raisers: Mapping[str, Raiser]) -> Sign:
    raised = tuple(
        name for name in rule.raises if name in one.raisers or raisers[name].risk_factor in set(risk_factors)
    )
    tier = rule.tier.raised() if raised else rule.tier
    return Sign(rule.id, tier, rule.advice, one.start, one.end, one.evidence, raised, rule.source)


def _shortest(findings: list[Finding]) -> list[Finding]:
    """One finding of each sign, the one whose words say it most closely."""
    closest: dict[str, Finding] = {}
    for one in sorted(findings, key=lambda one: one.end - one.start):
        closest.setdefault(one.sign, one)
    return list(closest.values())


def _is_foreign(one: Finding, small: int, english: Callable[[str], bool]) -> bool:
    """Whether a finding is none of English, where `small` counts the message's small English words."""
    if one.markers > small or (small == 0 and len(one.words) > 1):
        return True
    return not all(english(word) for word in one.words)


def _overrules(other: Finding, one: Finding) -> bool:
    closer = other.markers >= one.markers and other.language != one.language
    return bool(closer and other.reason and other.sign == one.sign and other.start < one.end and one.start < other.end)


def _same(one: Finding, sign: Sign) -> bool:
    return one.sign == sign.id and one.start < sign.end and sign.start < one.end


def _raised_together(signs: list[Sign], rules: Mapping[str, SignRule], raisers: Mapping[str, Raiser]) -> list[Sign]:
    """Signs that lift one another, in whatever language each was said: spreading redness with "fiebre"."""
    ids = {sign.id for sign in signs}
    return [sign if sign.raised_by else _raised(sign, ids - {sign.id}, rules[sign.id], raisers) for sign in signs]


def _raised(sign: Sign, others: set[str], rule: SignRule, raisers: Mapping[str, Raiser]) -> Sign:
    names = tuple(name for name in rule.raises if raisers[name].signs & others)
    return replace(sign, tier=sign.tier.raised(), raised_by=names) if names else sign
