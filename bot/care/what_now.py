"""Does a patient ask what to do, or whether anybody is there? After an urgent sign "what now?" asks for no reasons."""

from __future__ import annotations

import re

_LEAD = r"(?:(?:and|so|but|ok(?:ay)?|then|please|sorry|omg|help)[,.!]* )*"
_ASKS = re.compile(
    rf"^{_LEAD}(?:what(?:'s| is)?(?: happens| happening| comes)?,? (?:now|next)|now what"
    r"|what (?:do|should|must|can) i do(?: (?:now|next|then|first|about (?:it|this|that)))?"
    r"|what am i (?:supposed|meant) to do(?: now)?)[ ?!.]*(?:$|[?.!] )"
    r"|\b(?:is|are) (?:any ?one|any ?body|some ?one|some ?body|you) (?:there|here|reading(?: this)?|coming)\b"
    r"|\bwhen (?:will|does|is|can) (?:any ?one|any ?body|some ?one|some ?body|they|the (?:team|clinic|nurse|doctor))"
    r"(?: going to)? (?:write|reply|answer|call|ring|come|get back|look)\b"
)


def asks_what_now(text: str) -> bool:
    """Whether a message only asks what to do now, or whether and when somebody answers."""
    words = " ".join(text.lower().replace("’", "'").split())
    return _ASKS.search(words) is not None
