"""The day after treatment that a message itself mentions ("day 4", "3 days after my session", "had it done today")."""

from __future__ import annotations

import re

_WORDS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "a": 1, "couple of": 2, "few": 3}
_COUNT = r"(\d{1,3}|one|two|three|four|five|six|seven|a|couple of|few)"
_TREATMENT = r"(?:session|treatment|appointment|needl\w*|microneedl\w*|derma\w*|procedure|had it|done|did it|rolled)"
_DAY = re.compile(r"(?<!than )(?<!since )(?<!from )(?<!until )\bday (\d{1,2}|one|two|three|four|five|six|seven)\b")
_AFTER = re.compile(rf"\b{_COUNT} (day|week|month)s? (?:after|post|since|on|in|out|ago)\b")
_TODAY = re.compile(
    rf"\b{_TREATMENT}\b.{{0,25}}\b(?:today|this (?:morning|afternoon)|(?:an|few|two|three|\d) hours? ago|just now)\b"
    rf"|\b(?:today|this (?:morning|afternoon)|just)\b.{{0,25}}\b{_TREATMENT}\b|\bsame day\b"
)
_HOURS = re.compile(r"\b(?:\d{1,2}|an|one|two|three|few|couple of) ?(?:hours?|hrs?) (?:after|later|post|since|ago)\b")
_YESTERDAY = re.compile(
    rf"\b{_TREATMENT}\b.{{0,25}}\byesterday\b|\byesterday\b.{{0,25}}\b{_TREATMENT}\b|\bnext (?:day|morning)\b"
)
_LENGTH = {"day": 1, "week": 7, "month": 30}


def day_in(folded: str) -> float | None:
    """The latest day after treatment mentioned in a folded text, or None."""
    days = [_count(match[1]) for match in _DAY.finditer(folded)]
    days += [_count(match[1]) * _LENGTH[match[2]] for match in _AFTER.finditer(folded)]
    days += [0 for _ in _TODAY.finditer(folded)]
    days += [0 for _ in _HOURS.finditer(folded)]
    days += [1 for _ in _YESTERDAY.finditer(folded)]
    return max(days, default=None)


def _count(word: str) -> float:
    return _WORDS[word] if word in _WORDS else int(word)
