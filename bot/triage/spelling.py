"""Mends the spelling of words that come close to a word of the catalogue."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache

from spacy.matcher.levenshtein import levenshtein

_SHORTEST = 5
_LONG = 8
_LONGEST = 24
_DRAWN_OUT = re.compile(r"(.)\1{2,}")
_DIGITS = str.maketrans("013457$@!", "oieastsai")


class Speller:
    """Maps a misspelt word to the catalogue word that was meant, and leaves every other word alone.

    `clinical` are the words that signs are made of; `ordinary` are words that must never be taken for a clinical one
    ("brave" for "breathe"); in a word that opens with one of `beginnings` a single slip is believed; `slips` are
    misspellings that distance alone cannot settle ("fevr" is fever). In a word of `long` letters or more two slips are
    believed.
    """

    def __init__(
        self,
        clinical: Iterable[str],
        ordinary: Iterable[str],
        beginnings: Iterable[str],
        slips: Mapping[str, str],
        long: int = _LONG,
    ) -> None:
        targets = frozenset(clinical)
        self._known_words = targets | frozenset(ordinary) | frozenset(slips.values())
        self._beginnings = tuple(beginning for beginning in beginnings if len(beginning) >= _SHORTEST - 1)
        self._slips = dict(slips)
        self._long = long
        self._targets: dict[str, list[str]] = defaultdict(list)
        for word in sorted(targets):
            if len(word) >= _SHORTEST:
                self._targets[word[0]].append(word)
        self._mended = lru_cache(maxsize=4096)(self._mend)

    def __call__(self, word: str) -> str:
        """The catalogue word meant by a lower-case word, or the word itself."""
        if word in self._slips:
            return self._slips[word]
        if word in self._known_words:
            return word
        return self._mended(word) if len(word) <= _LONGEST else word

    def knows(self, word: str) -> bool:
        """Whether a lower-case word needs no mending."""
        return word in self._known_words or word in self._slips

    def _mend(self, word: str) -> str:
        for plain in (_DRAWN_OUT.sub(r"\1\1", word), _DRAWN_OUT.sub(r"\1", word), word.translate(_DIGITS)):
            if plain != word and (plain in self._known_words or plain in self._slips):
                return self._slips.get(plain, plain)
        if not word.isalpha() or len(word) < _SHORTEST - 1:
            return word
        # A word that opens like one of ours is most often a form of it, so only a single slip is believed.
        best, best_distance = word, 2 if word.startswith(self._beginnings) else _LONGEST
        # Among equals the longest: slips drop letters more often than they add them.
        for target in sorted(self._targets[word[0]], key=len, reverse=True):
            allowed = allowed_edits(len(target), self._long)
            if abs(len(target) - len(word)) > allowed:
                continue
            distance = 1 if _swapped(word, target) else levenshtein(word, target, allowed)
            # Two slips are believed only after a true beginning: "swelin", but not "stretching" for "scratching".
            if distance > 1 and word[:2] != target[:2]:
                continue
            if distance <= allowed and distance < best_distance:
                best, best_distance = target, distance
        return best


def allowed_edits(length: int, long: int = _LONG) -> int:
    """How many letters a catalogue word of this length may be off by: none below five letters, so that short words
    are never turned into others; two from `long` letters."""
    return 0 if length < _SHORTEST else 1 if length < long else 2


def _swapped(word: str, target: str) -> bool:
    if len(word) != len(target):
        return False
    off = [i for i, (a, b) in enumerate(zip(word, target, strict=True)) if a != b]
    return len(off) == 2 and off[1] == off[0] + 1 and word[off[0]] == target[off[1]] and word[off[1]] == target[off[0]]
