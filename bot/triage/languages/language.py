"""One language: a text in, the signs that it words out, each with the reason where it does not count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.triage.languages.negation import Denials
from bot.triage.languages.text import Tongue, Word
from bot.triage.matching import Match, matches_of
from bot.triage.normalise import Message, fold
from bot.triage.pattern_set import Patterns
from bot.triage.phrases import Phrases, Span
from bot.triage.rules import Example
from bot.triage.tier import Tier


@dataclass(frozen=True)
class Finding:
    """A sign told in a language: the language's code, the sign's id, where it stands, its words, why it does not count
    (None: it does), the raisers stated beside it, and how many small words show the message to be in the language."""

    language: str
    sign: str
    start: int
    end: int
    evidence: str
    words: tuple[str, ...]
    reason: str | None
    raisers: frozenset[str]
    markers: int


@dataclass(frozen=True)
class Language:
    """A language of the catalogue. `cues` are patterns by what they show: "idiom", "general_question",
    "hypothetical", "past", "present" or "no_denial"; `wordings` and `lookalikes` are example messages by sign."""

    tongue: Tongue
    phrases: Phrases
    signs: Mapping[str, Patterns]
    tiers: Mapping[str, Tier]
    raisers: Mapping[str, Patterns]
    cues: Mapping[str, Patterns]
    denials: Denials
    wordings: Mapping[str, list[Example]]
    lookalikes: Mapping[str, list[Example]]

    def findings(self, text: str, words: list[Word]) -> list[Finding]:
        """Every sign that a text, split into its words, tells in this language."""
        message, forms = self.tongue.read(text, words)
        if not message.tokens:
            return []
        found = self.phrases.find_forms(forms, self.tongue.light)
        present = frozenset(found)
        possible = ((sign, pattern) for sign, patterns in self.signs.items() for pattern in patterns.possible(present))
        matches = [(sign, match) for sign, pattern in possible for match in matches_of(pattern, found, message)]
        if not matches:
            return []
        scope = _Scope(self, message, found)
        raisers = frozenset(name for name, patterns in self.raisers.items() if scope.spans(patterns))
        markers = self.tongue.markers_in(message)
        return [
            Finding(
                self.tongue.code,
                sign,
                *message.quote(match.first, match.last),
                scope.words(match),
                scope.reason(sign, match),
                raisers,
                markers,
            )
            for sign, match in matches
        ]


class _Scope:
    """Decides what a match is worth in its message."""

    def __init__(self, language: Language, message: Message, found: Mapping[str, list[Span]]) -> None:
        self._language = language
        self._message = message
        self._found = found
        self._cues = {name: self.spans(patterns) for name, patterns in language.cues.items()}
        self._clause = language.denials.clauses(message)

    def spans(self, patterns: Patterns) -> list[Span]:
        """First and last token of every place where one of the patterns holds."""
        matches = (
            match
            for pattern in patterns.possible(self._found.keys())
            for match in matches_of(pattern, self._found, self._message)
        )
        return [Span(match.first, match.last) for match in matches]

    def words(self, match: Match) -> tuple[str, ...]:
        """The words of a match as they were written, in lower case."""
        tokens = self._message.tokens
        own = (tokens[index] for span in match.spans for index in range(span.first, span.last + 1))
        return tuple(fold(self._message.text[token.start : token.end]) for token in own)

    def reason(self, sign: str, match: Match) -> str | None:
        if any(_within(span, idiom) for span in match.spans for idiom in self._cues["idiom"]):
            return "idiom"
        absorbed = self._cues["no_denial"]
        if self._language.denials.deny(match, self._language.tiers[sign], self._message, absorbed):
            return "negated"
        for name in ("general_question", "hypothetical"):
            if any(self._same_clause(cue, match) and cue.first < match.last for cue in self._cues[name]):
                return name
        past = any(self._same_clause(cue, match) for cue in self._cues["past"])
        if past and not any(self._same_clause(cue, match) for cue in self._cues["present"]):
            return "past"
        return None

    def _same_clause(self, cue: Span, match: Match) -> bool:
        return self._clause[cue.first] in (self._clause[match.first], self._clause[match.last])


def _within(span: Span, idiom: Span) -> bool:
    return idiom.first <= span.first and span.last <= idiom.last
