"""Signs a patient says they do not have: "no pus, no fever", "not bleeding either".

Only shapes how a calm answer is put; how urgent a message is, the screen decides.
"""

from __future__ import annotations

import re

_CLAUSE = re.compile(r"[,.;!?\n]+| and | but | just | only ")
_SIGN = re.compile(
    r"\bpus\b|fever|temperature|spread|bleed|blood|hurt|pain|sore|swell|swollen|ooz|smell|heat"
    r"|\bhot\b|itch|blister|infect"
    r"|throb|lump|weep|chill|shiver|redness|\bred\b|\bpink\b|flak"
)
_DENIAL = re.compile(
    r"\b(?:no|not|none|without|never|nor|neither|zero|hasn'?t|haven'?t|isn'?t|doesn'?t|don'?t"
    r"|didn'?t|wasn'?t|ain'?t)\b"
    r"(?! (?:sure|idea|know|normal|certain|better|gone|going|clue|like|worse))"
)


def all_denied(text: str) -> bool:
    """Whether the text names signs and denies every one."""
    named = [clause for clause in _clauses(text) if _SIGN.search(clause)]
    return bool(named) and all(_denied(clause) for clause in named)


def names_sign(text: str) -> bool:
    """Whether the text names something one can feel or see on the skin, denied or not."""
    return _SIGN.search(text.lower()) is not None


def without_denied(text: str) -> str:
    """The text without the clauses that only deny a sign."""
    return ", ".join(clause for clause in _clauses(text) if not (_SIGN.search(clause) and _denied(clause)))


def _clauses(text: str) -> list[str]:
    return [clause for clause in _CLAUSE.split(text.lower().replace("’", "'")) if clause.strip()]


def _denied(clause: str) -> bool:
    sign, denial = _SIGN.search(clause), _DENIAL.search(clause)
    return sign is not None and denial is not None and denial.start() < sign.start()
