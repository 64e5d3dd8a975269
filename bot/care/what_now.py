"""Does a patient ask what to do, or whether anybody is there? After an urgent sign "what now?" asks for no reasons."""

from __future__ import annotations

import re

from bot.triage.words import flat

_LEAD = r"(?:(?:and|so|but|ok(?:ay)?|then|please|sorry|omg|help)[,.!]* )*"
_ASKS = re.compile(
    rf"^{_LEAD}(?:what(?:'s| is)?(?: happens| happening| comes)?,? (?:now|next)|now what"
    r"|what (?:do|should|must|can) i do(?: (?:now|next|then|first|about (?:it|this|that)))?"
    r"|what am i (?:supposed|meant) to do(?: now)?)[ ?!.]*(?:$|[?.!] )"
    r"|\b(?:is|are) (?:any ?one|any ?body|some ?one|some ?body|you) (?:there|here|reading(?: this)?|coming)\b"
    r"|\bwhen (?:will|does|is|can) (?:any ?one|any ?body|some ?one|some ?body|they|the (?:team|clinic|nurse|doctor))"
    r"(?: going to)? (?:write|reply|answer|call|ring|come|get back|look)\b"
)


_WHO_AND_WHEN = re.compile(
    r"\bwhen (?:will|do|should|can|am|are) (?:i|we) (?:going to )?(?:hear|know|get (?:an? )?(?:answer|reply|call)"
    r"|be (?:called|contacted))"
    r"|\bwho(?:'s| is| will|'ll)?(?: going to)? (?:tell|call|ring|contact|answer|get back|be in touch)\b"
    r"|\bhow long (?:will|does|until|till) (?:that|it|they|someone|somebody|i)(?: take)?(?: to (?:answer|reply|hear))\b"
    r"|\bwhen will (?:any|some) ?(?:one|body)|\bany news\b|^\W*(?:well|hello|and)\W*\?\W*$"
)


def asks_when(text: str) -> bool:
    """Whether a message asks who of the staff will be in touch, or when."""
    return _WHO_AND_WHEN.search(flat(text)) is not None


def asks_what_now(text: str) -> bool:
    """Whether a message only asks what to do now, or whether and when somebody answers."""
    words = flat(text)
    return _ASKS.search(words) is not None
