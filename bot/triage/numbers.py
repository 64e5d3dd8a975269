"""Numbers as patients write or dictate them, with the words around them."""

from __future__ import annotations

import re
from dataclasses import dataclass

_UNITS = dict(
    zip(["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"], range(10), strict=True)
) | {
    "oh": 0,
    "o": 0,
}
_TENS = {"thirty": 30, "forty": 40, "ninety": 90}
_DIGITS = re.compile(r"(?<![\w.,:/])(\d{2,3})(?:[.,](\d{1,2}))?(?![\d:/])(?![.,]\d)")
_SPOKEN = re.compile(
    r"\b(?:(?P<tens>thirty|forty|ninety)(?:[ -](?P<unit>one|two|three|four|five|six|seven|eight|nine))?"
    r"|(?P<hundred>(?:a |one )?hundred|one[ -]oh|one[ -]o)"
    r"(?:[ -](?:and|'?n'?))?(?:[ -](?P<over>one|two|three|four|five|six))?)"
    r"(?:[ -](?:point|dot)[ -](?P<point>zero|oh|one|two|three|four|five|six|seven|eight|nine))?\b"
)
_WINDOW = 40
_SENTENCE_END = re.compile(r"[?!\n]|\.(?=\s)")


@dataclass(frozen=True)
class Number:
    """A number of a folded text with its offsets and up to 40 characters of its sentence on either side.

    `price_like` is a figure with two decimals; `spoken` one written in words.
    """

    value: float
    decimal: bool
    price_like: bool
    spoken: bool
    start: int
    end: int
    before: str
    after: str


def numbers_in(folded: str) -> list[Number]:
    """Every two or three digit number, in figures or words, in order."""
    found = []
    for match in _DIGITS.finditer(folded):
        decimal = match[2] is not None
        value = float(f"{match[1]}.{match[2]}" if decimal else match[1])
        price_like = decimal and len(match[2]) == 2
        found.append(Number(value, decimal, price_like, False, *_around(folded, match)))
    for match in _SPOKEN.finditer(folded):
        whole = _TENS[match["tens"]] + _UNITS.get(match["unit"] or "", 0) if match["tens"] else 100
        whole += _UNITS.get(match["over"] or "", 0)
        tenth = _UNITS.get(match["point"] or "", 0) / 10
        found.append(Number(whole + tenth, match["point"] is not None, False, True, *_around(folded, match)))
    return sorted(found, key=lambda number: number.start)


def _around(folded: str, match: re.Match[str]) -> tuple[int, int, str, str]:
    start, end = match.span()
    before = _SENTENCE_END.split(folded[max(0, start - _WINDOW) : start])[-1]
    after = _SENTENCE_END.split(folded[end : end + _WINDOW])[0]
    return start, end, before, after
