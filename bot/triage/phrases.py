"""Finds the catalogue's words and phrases in a message: one walk over its tokens, all groups at once."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from bot.triage.normalise import LIGHT, Message
from bot.triage.words import word_set

NUMBER = "#"
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
    groups: set[str] = field(default_factory=set)


class Phrases:
    """Groups of phrases, each phrase a row of words, beginnings (`swell*`) or numbers (`#`)."""

    def __init__(self) -> None:
        self._root = _Node()

    def add(self, group: str, words: list[str]) -> None:
        """Adds one phrase, already split and folded like messages are, to a group."""
        node = self._root
        for word in words:
            branch = node.beginnings if word.endswith("*") else node.words
            node = branch.setdefault(word.rstrip("*") if word != "*" else word, _Node())
        node.groups.add(group)

    def find(self, message: Message) -> dict[str, list[Span]]:
        """Every group's spans in the message, by their first token."""
        found: dict[str, list[Span]] = defaultdict(list)
        norms = [token.norm for token in message.tokens]
        for first in range(len(norms)):
            open_nodes = [(self._root, first)]
            while open_nodes:
                node, at = open_nodes.pop()
                for following in _branches(node, norms[at]):
                    for group in following.groups:
                        found[group].append(Span(first, at))
                    if following.words or following.beginnings:
                        open_nodes.extend((following, then) for then in _next_places(norms, at))
        return found


def _branches(node: _Node, word: str) -> list[_Node]:
    branches = [node.words[word]] if word in node.words else []
    if node.beginnings:
        branches.extend(
            node.beginnings[word[:length]] for length in range(2, len(word) + 1) if word[:length] in node.beginnings
        )
    if NUMBER in node.words and (word[0].isdigit() or word in _NUMBER_WORDS):
        branches.append(node.words[NUMBER])
    return branches


def _next_places(norms: list[str], at: int) -> list[int]:
    places = []
    for then in range(at + 1, min(at + 5, len(norms))):
        places.append(then)
        if norms[then] not in LIGHT:
            break
    return places
