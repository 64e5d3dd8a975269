"""A clinician's personal instruction in the patient's words: "nurse said 48h for me, not 24"."""

from __future__ import annotations

import re

from bot.care.clock_words import number
from bot.care.plain_words import plain
from bot.care.plan import RULES
from bot.care.topic_words import activity_for, subjects

_SAID = re.compile(
    r"\b(?:nurse|doctor|dr|doc|clinician|clinic|practitioner|therapist|surgeon|specialist|staff|team"
    r"|she|he|they|you guys)\b"
    r"[^.?!]{0,25}?\b(?:said|says|say|told|advised|wants?|recommended|instructed)\b"
    r"[^.?!]{0,60}?(?<!not )(?<!not\s)\b(?P<n>\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|a couple of)"
    r"\s*(?:(?:full|whole|good|further|extra|solid|more) )?(?P<unit>h|hrs?|hours?|d|days?|weeks?|wks?)\b(?! ?(?:ago"
    r"|since|post|in\b))",
)
_CLAUSE_END = re.compile(r"[,;]| and | but ")
_HOURS = {"h": 1, "d": 24, "w": 7 * 24}
_LONGEST_H = 90 * 24


def parse_personal(text: str, last_activity: str | None) -> tuple[str, float] | None:
    """The protocol key and its figure (in the key's own unit: hours, or days for `_d`) that a clinician is said to have
    set, or None. Without a subject in the words, the instruction is about `last_activity`, else about minoxidil.
    """
    match = _SAID.search(plain(text))
    if match is None:
        return None
    hours = number(match["n"]) * _HOURS[match["unit"][0]]
    named = subjects(_clause(plain(text), match.start("n"))) or subjects(text)
    activity = (activity_for(named[0], text) if named else last_activity) or "minoxidil"
    key = RULES[activity].key if activity in RULES else None
    if key is None or not 0 < hours <= _LONGEST_H:
        return None
    return key, hours / 24 if key.endswith("_d") else hours


def _clause(words: str, at: int) -> str:
    """The part of `words` between the joints around a position."""
    joints = [0, *(joint.end() for joint in _CLAUSE_END.finditer(words)), len(words)]
    start = max(one for one in joints if one <= at)
    return words[start : min(one for one in joints if one > at)]
