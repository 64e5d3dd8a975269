"""A wait that was told, held against something: "just a tiny bit?", "even with a cap?", "my friend waited 24". Pure."""

from __future__ import annotations

import re

from bot.care.denials import names_sign
from bot.care.topic_words import is_small_amount

_EVEN_SO = re.compile(r"(?:ok(?:ay)?,? |and |but |not |so )*(?:even|what) (?:with|if|when|in|for)\b")
_OTHERS = re.compile(
    r"\b(?:friend|mate|brother|sister|cousin|colleague|everyone|others?|guy|girl|reddit|you ?tube|tik ?tok)\w*\b"
)
_THEIR_WAIT = re.compile(r"\bwait(?:ed|s)?\b|\b\d+ ?(?:h|hours?|days?)\b|straight away|same day|next day|right after")


def insistence(text: str) -> str | None:
    """The response that leads the same answer once more; None where the text holds nothing against it."""
    words = text.lower()
    if is_small_amount(words):
        return "utter_lead_even_a_little"
    if holds_others_against(words):
        return "utter_lead_own_wait"
    return "utter_lead_even_so" if is_even_so(words) else None


def is_even_so(text: str) -> bool:
    """Whether the text puts a condition of the patient's own: "even with a cap?"."""
    return _EVEN_SO.match(text.lower()) is not None and not names_sign(text)


def holds_others_against(text: str) -> bool:
    """Whether the text tells how long somebody else waited."""
    words = text.lower()
    return _OTHERS.search(words) is not None and _THEIR_WAIT.search(words) is not None and not names_sign(words)
