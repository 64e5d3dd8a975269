"""One message as the screen reads it: tokens, the catalogue's words found in it, clauses, idioms and scope cues."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.triage.catalogue import Catalogue
from bot.triage.matching import Match, matches_of
from bot.triage.normalise import Message
from bot.triage.pattern_set import Patterns
from bot.triage.phrases import Span
from bot.triage.words import word_set

_CONTRAST = word_set("but however though although except because whereas pero mais aber mas")
_JOINTS = word_set(", - -- ( ) : and n so plus then & cause cos cuz coz bc")
_SUBJECTS = word_set(
    "i im my mine it its he she they we this that there theres these now today tonight his her their hes shes "
    "can should does do will would what when how could may"
)


@dataclass(frozen=True)
class Reading:
    """A message with everything that scope is decided from. `present` are the groups that were found; `clause` numbers
    each token's clause."""

    message: Message
    found: Mapping[str, list[Span]]
    present: frozenset[str]
    clause: tuple[int, ...]
    idioms: tuple[Span, ...]
    cues: Mapping[str, tuple[Match, ...]]

    def norm(self, index: int) -> str:
        """The form of a token, empty before the first and after the last."""
        return self.message.tokens[index].norm if 0 <= index < len(self.message.tokens) else ""

    def matches(self, patterns: Patterns) -> list[Match]:
        """All places where one of the patterns holds."""
        possible = patterns.possible(self.present)
        return [match for pattern in possible for match in matches_of(pattern, self.found, self.message)]

    def is_idiomatic(self, match: Match) -> bool:
        """Whether one of the match's terms lies wholly inside a figure of speech."""
        return any(
            idiom.first <= span.first and span.last <= idiom.last for span in match.spans for idiom in self.idioms
        )

    def cue_in_clause(self, family: str, clause: int) -> bool:
        """Whether a cue of a family begins in a clause."""
        return any(self.clause[cue.first] == clause for cue in self.cues[family])


def read(message: Message, catalogue: Catalogue) -> Reading:
    """The reading of a message that has at least one token."""
    found = catalogue.phrases.find(message)
    words = Reading(message, found, frozenset(found), _clauses(message), idioms=(), cues={})
    cues = {name: _within_sentence(patterns, words) for name, patterns in catalogue.cues.items()}
    idioms = tuple(span for idiom in _within_sentence(catalogue.idioms, words) for span in idiom.spans)
    return replace(words, idioms=idioms, cues=cues)


def _within_sentence(patterns: Patterns, words: Reading) -> tuple[Match, ...]:
    sentence = words.message.sentence
    return tuple(match for match in words.matches(patterns) if sentence[match.first] == sentence[match.last])


def _clauses(message: Message) -> tuple[int, ...]:
    """A clause ends with its sentence, before a contrast, and where a comma or "and" opens a subject or question."""
    clauses: list[int] = []
    number = 0
    tokens = message.tokens
    for index, token in enumerate(tokens):
        following = tokens[index + 1].norm if index + 1 < len(tokens) else ""
        new_sentence = index > 0 and message.sentence[index] != message.sentence[index - 1]
        if new_sentence or token.norm in _CONTRAST or (token.norm in _JOINTS and following in _SUBJECTS):
            number += 1
        clauses.append(number)
    return tuple(clauses)
