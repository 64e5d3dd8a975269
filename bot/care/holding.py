"""What a patient must not be told to go ahead with, whatever the hours say. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.care.advice_tables import KIND

# Activities of the care plan. Minoxidil may harm a baby and is not for anyone under 18 (MNX); the others are questions
# of the pregnancy, not of the session.
_IN_PREGNANCY = frozenset({"minoxidil", "alcohol", "nsaid"})
_UNDER_18 = frozenset({"minoxidil"})
# The topics in which these activities are asked for.
HELD_TOPICS = {"minoxidil": "minoxidil_timing", "alcohol": "alcohol_smoking", "nsaid": "pain_relief"}
_OWN_AGE = re.compile(
    r"\b(?:i'?m|i am)(?: only| just)? 1[0-7](?: ?(?:y/?o|years? old|yrs? old))?"
    r"(?=\s*(?:$|[,;:!?]|\.(?!\d)|(?:and|but|so|can|is|may|am|btw)\b))",
    re.IGNORECASE,
)


def held_activities(signs: Iterable[str], *, minor: bool) -> frozenset[str]:
    """The activities that an open case with these signs (ids of the catalogue), or the patient's age, holds back."""
    pregnant = any(KIND.get(sign) == "pregnancy" for sign in signs)
    return (_IN_PREGNANCY if pregnant else frozenset()) | (_UNDER_18 if minor else frozenset())


def says_minor(text: str) -> bool:
    """Whether the writer says that they are under 18 themselves."""
    return _OWN_AGE.search(text) is not None
