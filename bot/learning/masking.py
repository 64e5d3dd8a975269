"""Taking personal data out of a message before it becomes training data. Pure.

A mask is a word in capitals, without the brackets and braces that mean something in training data.
"""

import re
from collections.abc import Iterable
from re import Pattern

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_LINK = re.compile(r"\b(?:https?://|www\.)\S+|\b[\w-]+\.(?:com|org|net|co\.uk|io|me|info|de|fr|es)(?:/\S*)?\b", re.I)
_HANDLE = re.compile(r"(?<!\w)@\w{3,}")
_LONG_NUMBER = re.compile(r"\+?\(?\d(?:[\s().\-/]{0,3}\d){5,}")  # six digits or more, however they are grouped
_PHONE_DIGITS = 9
_INTRODUCES = re.compile(r"\b((?:my name(?: is|'s|’s)|i am called|i'm called)\s+)([\w'’-]+(?:\s+[A-Z][\w'’-]+)?)", re.I)
_MARKUP = str.maketrans({"[": "(", "]": ")", "{": "(", "}": ")", "`": "'"})
# Names that are also words: masked only with a capital, or half of the language would be masked.
_ALSO_WORDS = frozenset(
    """
    april art august bill bob bright brown chance chase daisy dawn day dean drew faith field frank grace grant gray
    green grey guy hall hand hope ivy jack joy june king lily long love mark marks may max miles moss page pat penny
    price ray read rich rob rose sandy short silver small sue summer ward way white will wood young
    """.split()  # noqa: SIM905 - a list of words reads better as words
)


class Masker:
    """Masks the names it was made with, and everything that looks like a way to reach or find a person."""

    def __init__(self, names: Iterable[str]) -> None:
        parts = {part for name in names for part in (name.strip(), *re.split(r"[\s.,]+", name)) if len(part) >= 2}
        plain = {part for part in parts if part.lower() not in _ALSO_WORDS}
        self._names = _any_of(plain, re.IGNORECASE)
        self._capitalised = _any_of({part.capitalize() for part in parts - plain}, 0)

    def __call__(self, text: str) -> str:
        """The text as one line, safe to stand in a file of training data."""
        line = " ".join(text.translate(_MARKUP).split())
        line = _EMAIL.sub("EMAIL", line)
        line = _LINK.sub("LINK", line)
        line = _HANDLE.sub("NAME", line)
        line = _LONG_NUMBER.sub(_number, line)
        line = _INTRODUCES.sub(r"\1NAME", line)
        for pattern in (self._names, self._capitalised):
            line = pattern.sub("NAME", line) if pattern else line
        return line


def _number(found: re.Match[str]) -> str:
    digits = sum(character.isdigit() for character in found[0])
    return "PHONE" if digits >= _PHONE_DIGITS else "NUMBER"


def _any_of(words: Iterable[str], flags: int) -> Pattern[str] | None:
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", flags) if longest_first else None
