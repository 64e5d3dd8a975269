"""Talk that is no matter of the body: orders to the machine, data to be deleted, what a nurse said, mere dry skin.

Only a concern that the classifier alone sees, and no more than routine, is lowered by it; the catalogue's signs stand.
"""

from __future__ import annotations

import re

from bot.triage.words import flat

_ORDERS = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass) (?:\w+ ){0,3}(?:instructions?|rules?|prompts?|guidelines?"
    r"|safety|orders)"
    r"|\byou are now\b|\bpretend (?:to be|you(?:'re| are)?\b|that you)|\b(?:act|behave|answer|respond) as (?:a|an"
    r"|my|if you were)\b"
    r"|\bdiagnose (?:me|it|this)\b"
    r"|\bsystem prompt\b|\bdeveloper mode\b|^\W*system ?:|\bjailbreak|\b(?:repeat|print|show|reveal) (?:\w+ ){0,3}"
    r"(?:words above|configuration|instructions|prompt)\b|\bwithout (?:any )?(?:limits|restrictions|filters)\b"
)
_DATA = re.compile(
    r"\b(?:delete|erase|wipe|remove|forget)(?:d)?\b[^.?!]{0,25}\b(?:me|my (?:data|chat|account|messages|details)"
    r"|everything|all)"
    r"\b|\b(?:me|my (?:data|chat|account|messages|details)|everything)\b[^.?!]{0,20}\b(?:deleted|erased|wiped"
    r"|removed)\b"
)
_TOLD = re.compile(
    r"\b(?:nurse|doctor|dr|clinic|clinician|practitioner|she|he|they|you(?: guys| lot)?|was|been)\b[^.?!]{0,20}"
    r"\b(?:told|said|says|advised|recommended|wants?)\b[^.?!]{0,50}\b(?:leave|wait|no|avoid|skip|hold|off|not"
    r"|without|until)\b"
    r"[^.?!]{0,40}\b(?:days?|weeks?|hours?|hrs?|h|fortnight)\b"
)
_DRY = re.compile(
    r"\b(?:just|only|nothing but|bit of|a bit|basically gone|nearly gone|all gone|touch wood|nothing like that)\b"
)
_FLAKES = re.compile(r"\b(?:dry|dryness|flak\w+|dandruff|peel\w*)\b")
_BODY = re.compile(
    r"pus\b|ooz|weep|fever|temperature|shiver|swell|swoll|puff|spread|smell|stink|bleed|blood|blister|throb|hurt"
    r"|pain|sore"
    r"|tender|\bhot\b|heat|warm|breath|chest|faint|dizz|lump|heart|worse|rash|hives|vomit|sick|numb|vision"
    r"|\beyes?\b|swallow"
    r"|pregnan|infect|\bkill|\bdie\b|\bdead\b|suicid|hopeless|yellow|green|crust|thick|patch|months?\b|allerg|wet\b"
)


def is_order(text: str) -> bool:
    """Whether a message orders the machine to be something else ("ignore your instructions", "diagnose me") and names
    nothing felt."""
    words = flat(text)
    return _ORDERS.search(words) is not None and _BODY.search(words) is None


def is_harmless_talk(text: str) -> bool:
    """Whether a message is an order to the machine, a wish about data, what a clinician said, or mere dry skin."""
    words = flat(text)
    if _BODY.search(words):
        return False
    dry = _FLAKES.search(words) and _DRY.search(words)
    return bool(dry) or any(pattern.search(words) for pattern in (_ORDERS, _DATA, _TOLD))
