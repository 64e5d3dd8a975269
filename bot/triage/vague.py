"""Worry that names no sign: "hmm, it's not right". Not enough to escalate, too much to pass over: they are asked."""

from __future__ import annotations

import re

from bot.triage.words import flat

_LONGEST = 14  # words; a longer message says what it is
_IT = r"(?:it|this|that|something|things?|my (?:head|scalp|skin|crown|hairline)|there)"
_OFF = (
    r"(?:(?:just |really |quite |a bit |kind of |kinda |a little |very |definitely )*"
    r"(?:off|wrong|weird|funny|dodgy|strange|odd|not right|not normal|not good|nasty|not well))"
)
_SOUNDS_OFF = re.compile(
    rf"\b{_IT}(?:'?s| is| feels?| looks?| seems?| does ?n'?t (?:feel|look|seem)| is ?n'?t)(?: just| really)? "
    rf"(?:{_OFF}|(?:quite |really |very |at all )*(?:right|good|normal))\b"
    rf"|^\W*(?:\w+\W+){{0,3}}(?:feels?|looks?) {_OFF}\b"
    r"|\bnot happy (?:with|about) (?:how|the way|my (?:head|scalp))|\bi do ?n'?t (?:like|trust) (?:the look of"
    r"|how) (?:it|this|my)"
)
_FINE = re.compile(
    r"\b(?:it|this|that|there|scalp|head|skin)(?:'?s| is| feels?| looks?| seems?)(?: (?!not\b)\w+)? (?:right|good"
    r"|normal)\b"
)
_ELSE = re.compile(
    r"\b(?:app|website|link|page|button|clock|bill|invoice|price|time|date|booking|appointment|answer|reply"
    r"|charg\w+|paid|pay|money|cost)\b"
)


def sounds_off(text: str) -> bool:
    """Whether a short message says that something is not right, and not what."""
    words = flat(text)
    if len(words.split()) > _LONGEST or "?" in words or _FINE.search(words) or _ELSE.search(words):
        return False
    return _SOUNDS_OFF.search(words) is not None
