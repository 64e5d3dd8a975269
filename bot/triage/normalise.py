"""Turns a patient's text into tokens that the patterns can compare, without moving a single character offset."""

from __future__ import annotations

import re
import threading
import unicodedata
from bisect import bisect_right
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

import spacy
from spacy.attrs import NORM
from spacy.language import Language
from spacy.util import compile_infix_regex

from bot.triage.spelling import Speller
from bot.triage.words import word_set

# Words that carry no distance: "my throat is really just closing" reads as "throat closing".
LIGHT = word_set(
    "a an the my his her their our your is are am be been being 's 'm 're s m re so very really actually "
    "literally quite pretty totally completely absolutely super just still also even like fucking fuckin freaking "
    "frickin bloody damn kinda sorta too now some any all bit proper well rather extremely incredibly badly im u "
    "ur er um uh"
)
_SENTENCE_END = frozenset(".!?;\n…")
_SENTENCE_GAP = 3
_MARKS = re.compile(r"([^\w\s])[^\w\s]{2,}")
_ELISION = re.compile(r"\b([cdjlmnst])'(?=[a-z]{2})")
_QUOTES = str.maketrans("‘’ʼ`´“”„«»–—−", "''''''''''---")
# Emoji, their skin tones and what glues them: between words they are gaps.
_PICTURES = frozenset({"So", "Sk"})
_JOINERS = frozenset("\ufe0f\u200d")
_ARABIC = str.maketrans("أإآةى", "اااهي")


@dataclass(frozen=True)
class Token:
    """A word or mark: its offsets in the original text and the form that patterns compare."""

    start: int
    end: int
    norm: str


@dataclass(frozen=True)
class Message:
    """A tokenised text. `place` counts words passed so far (light words count nothing, a full stop counts three);
    `sentence` numbers each token's sentence."""

    text: str
    folded: str
    tokens: tuple[Token, ...]
    place: tuple[int, ...]
    sentence: tuple[int, ...]

    def quote(self, first: int, last: int) -> tuple[int, int, str]:
        """Start, end and words of the original text from token `first` to token `last`."""
        start, end = self.tokens[first].start, self.tokens[last].end
        return start, end, self.text[start:end]

    def token_at(self, offset: int) -> int:
        """Index of the token that holds a character offset, or of the next one."""
        return min(bisect_right(self.tokens, offset, key=lambda token: token.end), len(self.tokens) - 1)


def fold(text: str) -> str:
    """The text in lower case without accents, typographic quotes or runs of marks; same length, so offsets hold."""
    marked = text.translate(_QUOTES)
    folded = marked.lower() if marked.isascii() else "".join(map(_fold_char, marked.translate(_ARABIC)))
    folded = _ELISION.sub(r"\1 ", folded)
    return _MARKS.sub(lambda run: run[1] + " " * (len(run[0]) - 1), folded)


@cache
def _splitter() -> tuple[Language, threading.Lock]:
    """spaCy's rules for English with ours for marks, and their lock: once in a process, since they take a second."""
    nlp = spacy.blank("en")
    infixes = [*(nlp.Defaults.infixes or []), r"(?<=[^\W\d])[.,;:!?/\-…]+(?=[^\W\d])", r"(?<=\w)[:=?](?=\w)"]
    nlp.tokenizer.infix_finditer = compile_infix_regex(infixes).finditer  # type: ignore[union-attr]
    # Of all that spaCy can say of a word, each time it meets it, only this is used.
    nlp.vocab.lex_attr_getters = {NORM: nlp.vocab.lex_attr_getters[NORM]}  # type: ignore[attr-defined]
    return nlp, threading.Lock()


def _fold_char(char: str) -> str:
    if char < "\x80":
        return char.lower()
    if char in _JOINERS or unicodedata.category(char) in _PICTURES:
        return " "
    base = unicodedata.normalize("NFKD", char)[:1].lower()
    return base if len(base) == 1 else char


class Normaliser:
    """Splits texts with spaCy's English rules ("cant" is "can" + "not"), mends spelling, and marks sentences.

    `english` and `foreign` are small words; in a text with more of the latter no spelling is mended ("wann ... die" is
    not "wanna die").
    """

    def __init__(self, speller: Speller, english: Collection[str] = (), foreign: Collection[str] = ()) -> None:
        self._speller = speller
        self._english = frozenset(english)
        self._foreign = frozenset(word for word in foreign if not speller.knows(word))
        self._nlp, self._lock = _splitter()

    def __call__(self, text: str) -> Message:
        """The message of any text, however odd."""
        folded = fold(text)
        # A memory zone frees the words of each text, and belongs to one thread at a time.
        with self._lock, self._nlp.memory_zone():
            raw = [(token.idx, token.text, token.norm_) for token in self._nlp.make_doc(folded)]
        words = [word for _, word, _ in raw]
        mend = self._foreign.isdisjoint(words) or not self._is_foreign(words)
        tokens = tuple(Token(start, start + len(word), self._form(word, norm, mend)) for start, word, norm in raw)
        place, sentence = _measure(tokens)
        return Message(text, folded, tokens, place, sentence)

    def knows(self, word: str) -> bool:
        """Whether a lower-case word is one of the catalogue's, or no word at all."""
        return not any(char.isalpha() for char in word) or self._speller.knows(word)

    def _is_foreign(self, words: list[str]) -> bool:
        return sum(word in self._foreign for word in words) > sum(word in self._english for word in words)

    def _form(self, word: str, norm: str, mend: bool) -> str:
        if "\n" in word:
            return "\n"
        if not word[0].isalpha():
            return norm
        # spaCy's own norms unify spellings and contractions; keep them for the pieces of contractions only, because
        # they also rewrite whole words ("cause" to "because").
        return norm if word in _PIECES else self._speller(word) if mend else word


_PIECES = word_set("ca nt n't wo sha ai gon na got ta ve 've ll 'll 'm m 're re")


def _measure(tokens: tuple[Token, ...]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    place: list[int] = []
    sentence: list[int] = []
    at = number = 0
    for token in tokens:
        ends = token.norm[0] in _SENTENCE_END
        if ends:
            at += _SENTENCE_GAP
        elif token.norm not in LIGHT and token.norm[0].isalnum():
            at += 1
        place.append(at)
        sentence.append(number)
        if ends:
            number += 1
    return tuple(place), tuple(sentence)
