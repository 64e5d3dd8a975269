"""Finds the catalogue's words and phrases in a message: one walk over its tokens, all groups at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial

from bot.triage.normalise import LIGHT, Message
from bot.triage.words import word_set

NUMBER = "#"
_KNOWN = 20_000  # words of which it is remembered which phrases begin with them
_NUMBER_WORDS = word_set(
    "one two three four five six seven eight nine ten eleven twelve couple few several twenty thirty forty fifty "
    "hundred"
)


@dataclass(frozen=True)
class Span:
    """Tokens `first` to `last`, both included."""

    first: int
    last: int


@dataclass
class _Node:
    words: dict[str, _Node] = field(default_factory=dict)
    beginnings: dict[str, _Node] = field(default_factory=dict)
    longest: int = 0  # letters of the longest beginning: a word may be a whole message long
    groups: set[str] = field(default_factory=set)


class Phrases:
    """Groups of phrases, each phrase a row of words, beginnings (`swell*`) or numbers (`#`)."""

    def __init__(self) -> None:
        self._root = _Node()
        self._begun = lru_cache(maxsize=_KNOWN)(partial(_branches, self._root))

    def add(self, group: str, words: list[str]) -> None:
        """Adds one phrase, already split and folded like messages are, to a group."""
        node = self._root
        for word in words:
            branch = node.beginnings if word.endswith("*") else node.words
            if branch is node.beginnings:
                node.longest = max(node.longest, len(word))
            node = branch.setdefault(word.rstrip("*") if word != "*" else word, _Node())
        node.groups.add(group)
        self._begun.cache_clear()

    def find(self, message: Message) -> dict[str, list[Span]]:
        """Every group's spans in the message, by their first token."""
        return self.find_forms([(token.norm,) for token in message.tokens], LIGHT)

    def find_forms(self, forms: Sequence[Sequence[str]], light: Collection[str]) -> dict[str, list[Span]]:
        """Every group's spans in a row of words, by their first, where each word may stand in several forms.

        `light` are the words that a phrase may have between its own.
        """
        found: dict[str, list[Span]] = defaultdict(list)
        for first, words in enumerate(forms):
            reached = [(node, first) for word in words for node in self._begun(word)]
            while reached:
                node, at = reached.pop()
                for group in node.groups:
                    found[group].append(Span(first, at))
                if node.words or node.beginnings:
                    for then in _next_places(forms, at, light):
                        reached += [(branch, then) for word in forms[then] for branch in _branches(node, word)]
        return found


def _branches(node: _Node, word: str) -> list[_Node]:
    branches = [node.words[word]] if word in node.words else []
    if node.beginnings:
        branches.extend(
            node.beginnings[word[:length]]
            for length in range(2, min(len(word), node.longest) + 1)
            if word[:length] in node.beginnings
        )
    if NUMBER in node.words and (word[0].isdigit() or word in _NUMBER_WORDS):
        branches.append(node.words[NUMBER])
    return branches


def _next_places(forms: Sequence[Sequence[str]], at: int, light: Collection[str]) -> list[int]:
    places = []
    for then in range(at + 1, min(at + 5, len(forms))):
        places.append(then)
        if forms[then][0] not in light:
            break
    return places
