"""Numbers and times of day as patients write them: "a couple", "half two", "3pm", "14.30"."""

from __future__ import annotations

import re
from datetime import time

_NUMBERS = {
    word: number
    for number, words in enumerate(
        ("zero", "one a an", "two couple few", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    )
    for word in words.split()
} | {"eleven": 11, "twelve": 12, "half": 0.5}
_CLOCK = (
    r"(?:(?:at|around|about|by|since|@|~|approx(?:imately)?)\s*)*"
    r"(?:(?P<h>\d{1,2})(?:[:.](?P<m>[0-5]\d))?\s*(?P<half>[ap]\.?\s?m\b\.?)?|(?P<noon>noon|midday)"
    r"|half (?:past )?(?P<hp>\w+))"
)
CLOCK = re.compile(r"(?<![\d.:])" + _CLOCK + r"(?![\d%]|[.,]\d|\s*(?:h|hours?|hrs?|days?|mm|ml|weeks?|times|x)\b)")


def number(word: str) -> float:
    """The value of a counted word: digits, one to twelve, a couple, a few (two: the later side), half."""
    word = re.sub(r"^a (?=couple|few)| of$| an?$", "", word.strip().replace(",", "."))
    return float(word) if word[0].isdigit() else float(_NUMBERS[word])


def clock_time(match: re.Match[str]) -> tuple[time, bool] | None:
    """Wall-clock time of a `_CLOCK` match and whether am or pm was certain; None when it is no time of day.

    Without am or pm, 1 to 8 is taken as after noon: no session ends so early, and later is safer.
    """
    if match["noon"]:
        return time(12, 0), True
    if match["hp"]:
        half_of = _NUMBERS.get(match["hp"]) if not match["hp"].isdigit() else float(match["hp"])
        if half_of is None or not 1 <= half_of <= 12:
            return None
        return time(int(half_of) + 12 if half_of < 8 else int(half_of), 30), False
    hour, minute, half = int(match["h"]), int(match["m"] or 0), (match["half"] or "")[:1]
    if hour > 23 or (half and not 1 <= hour <= 12):
        return None
    if half:
        return time(hour % 12 + (12 if half == "p" else 0), minute), True
    certain = hour > 12 or (match["m"] is not None and len(match["h"]) == 2)
    return time(hour + 12 if 1 <= hour <= 8 and not certain else hour, minute), certain
