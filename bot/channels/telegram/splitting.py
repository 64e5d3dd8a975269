"""Cuts a long reply into messages Telegram takes: at paragraphs, else lines, sentences, words. Pure."""

import re
import unicodedata

from bot.channels.telegram.limits import MAX_MESSAGE

# From the best place to cut to the worst; each pattern matches the gap itself, which is dropped.
_GAPS = (re.compile(r"\n{2,}"), re.compile(r"\n"), re.compile(r"(?<=[.!?…])\s+"), re.compile(r"\s+"))
_LEAST = 3  # a cut in the first third of the room would leave crumbs: then the next kind of gap is tried
_JOINERS = "\u200d\ufe0f\ufe0e\u20e3"


def split(text: str, limit: int = MAX_MESSAGE) -> list[str]:
    """The parts of a text, in order, each within `limit` UTF-16 units and none empty. A short text is one part."""
    parts = []
    rest = text.strip()
    while rest:
        room = _fitting(rest, limit)
        if room == len(rest):
            parts.append(rest)
            break
        end = _cut(rest, room)
        parts.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return parts


def utf16_length(text: str) -> int:
    """Length as Telegram counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _fitting(text: str, limit: int) -> int:
    """How many characters from the start fit into `limit` units."""
    units = 0
    for place, char in enumerate(text):
        units += 2 if ord(char) > 0xFFFF else 1
        if units > limit:
            return place
    return len(text)


def _cut(text: str, room: int) -> int:
    for gap in _GAPS:
        # One character beyond the room may be the gap itself.
        ends = [match.start() for match in gap.finditer(text, 0, room + 1) if 0 < match.start() <= room]
        if ends and ends[-1] >= room // _LEAST:
            return ends[-1]
    end = room
    while end > 1 and (_holds_on(text[end]) or text[end - 1] == "\u200d"):
        end -= 1  # an emoji or accented letter of several characters stays whole
    return end if end > 1 else room


def _holds_on(char: str) -> bool:
    return char in _JOINERS or bool(unicodedata.combining(char)) or "\U0001f3fb" <= char <= "\U0001f3ff"
