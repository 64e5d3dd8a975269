"""The day after treatment that a message itself mentions ("day 4", "3 days after my session", "had it done today")."""

from __future__ import annotations

import re

_WORDS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "a": 1, "couple of": 2, "few": 3}
_COUNT = r"(\d{1,3}|one|two|three|four|five|six|seven|a|couple of|few)"
_TREATMENT = r"(?:session|treatment|appointment|needl\w*|microneedl\w*|derma\w*|procedure|had it|done|did it|rolled)"
# Between the treatment and its time nothing may stand that happened to the skin: "the needled area swelled today" is no
# treatment of today.
_BETWEEN = (
    r"(?:(?!\b(?:since|after|area|site|bit|patch|spots?|holes?|start\w*|began|begun|got|turned|gone|came|hot\w*|warm\w*"
    r"|red\w*|sore\w*|swoll\w+|swell\w*|puff\w*|pain\w*|hurts?|throb\w*|ooz\w*|pus|wors\w*|fever\w*|bleed\w*|lumps?"
    r"|itch\w*|now|but)\b)[^.!?;]){0,25}"
)
_DAY = re.compile(
    r"(?<!every )(?<!each )(?<!than )(?<!since )(?<!from )(?<!until )"
    r"\bday (\d{1,2}|one|two|three|four|five|six|seven)\b"
)
_AFTER = re.compile(rf"\b{_COUNT} (day|week|month)s? (?:after|post|since|on|in|out|ago)\b")
_TODAY = re.compile(
    rf"\b{_TREATMENT}\b{_BETWEEN}\b(?:today|this (?:morning|afternoon)|(?:an|few|two|three|\d) hours? ago|just now)\b"
    rf"|\b(?:today|this (?:morning|afternoon)|just)\b{_BETWEEN}\b{_TREATMENT}\b"
    r"(?!,? (?:on|last|yester|mon|tue|wed|thu|fri|sat|sun))"
    r"|\bsame day\b|\b(?:it'?s|only) (?:only )?the first (?:night|evening)\b|\btreated (?:today|this morning)\b"
)
_HOURS = re.compile(
    r"\b(?:\d{1,2}|an|one|two|three|four|five|six|ten|twelve|few|couple of) ?h(?:ou)?rs? "
    r"(?:after|post|out|later|since)\b"
    r"|^(?:(?:hi|hello|hey|so|ok|um)\b\W*)*it'?s (?:only |just )*been (?:only |just |about |around |like )*"
    r"(?:\d{1,2}|an|one|two|three|four|five|six|ten|twelve|few|couple of) ?h(?:ou)?rs?\b(?! (?:of|since|that|it)\b)"
)
_YESTERDAY = re.compile(
    rf"\b{_TREATMENT}\b{_BETWEEN}\byesterday\b|\byesterday\b{_BETWEEN}\b{_TREATMENT}\b|\bnext (?:day|morning)\b"
    r"|\btreated yesterday\b|\bthe day after(?! day|\s+(?:that|tomorrow))"
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
