"""Splits a text of another language into the tokens that its patterns compare, without moving an offset."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import lru_cache

from bot.triage.normalise import Message, Token, fold
from bot.triage.words import word_set

_TOKEN = re.compile(
    r"\d(?=[^\W\d_]{2})[^\W_]+|\d+(?:[.,]\d+)?"  # "3andi", "38,5"
    r"|[^\W_](?:[^\W_]|[\u064b-\u065f\u0670])*|[.!?;…\n؟؛,،:()-]"
)
_SENTENCE_ENDS = frozenset(".!?;\n…")
_SENTENCE_GAP = 3
_ARABIC_MARKS = re.compile("[\u064b-\u065f\u0670\u0640]")
# Letters that are written for one another, and the marks and figures of Arabic as ours.
_ARABIC = str.maketrans("یکگظ،؛؟٠١٢٣٤٥٦٧٨٩٫", "يككض,;?0123456789.")
_UMLAUTS = re.compile(r"ae|oe|ue")
_DRAWN_OUT = re.compile(r"(.)\1+")
_DRAWN_OUT_BUT_R = re.compile(r"([^r\d])\1+|(r)r{2,}")
_PRONOUNS = ("ني", "ها", "هم", "كم", "نا", "ي", "ه", "ك")
_PROCLITICS = ("وال", "فال", "بال", "عال", "كال", "لل", "ال", "و", "ف", "ب", "ل", "ع", "ه", "ح")
_AND = "وف"
_SHORTEST_STEM = 3
_LATIN = re.compile("[a-z0-9]*[a-z][a-z0-9]*")
_VOWELS = re.compile("[aeiou]")
_COMPOUND = 9
_HEAD, _TAIL = 3, 5
_CACHED = 50_000  # words: every message goes through every language, and most of its words have been seen before

# Small words of English that no other language here has.
ENGLISH = word_set(
    "the is it my i you and to of can for what how was with this have not are be at im after if or any when will "
    "should that but just been it's i'm its from today yesterday feel get got still there they your"
)

Forms = tuple[tuple[str, ...], ...]


Word = tuple[int, int, str]


def split(folded: str) -> list[Word]:
    """Start, end and letters of every word and mark of a folded text; the same for every language."""
    latin = folded.translate(_ARABIC)
    return [(found.start(), found.end(), found[0]) for found in _TOKEN.finditer(latin)]


def plain_words(text: str, code: str) -> list[str]:
    """The words of a piece of a pattern, as messages are compared with them."""
    return [plain(word, code) for _, _, word in split(fold(text))]


@lru_cache(maxsize=_CACHED)
def plain(word: str, code: str) -> str:
    """A folded word without doubled letters and vowel marks; patterns and messages go through here alike."""
    word = _ARABIC_MARKS.sub("", word) or word
    if word[0].isdigit() and not any(char.isalpha() for char in word):
        return word.replace(",", ".")
    word = word.replace("ß", "s")
    if code == "de":
        word = _UMLAUTS.sub(lambda found: found[0][0], word)
    if code in ("es", "pt"):
        return _DRAWN_OUT_BUT_R.sub(r"\1\2", word)
    return _DRAWN_OUT.sub(r"\1", word)


@lru_cache(maxsize=_CACHED)
def forms_of(word: str, code: str) -> tuple[str, ...]:
    """The forms under which a word may stand in a pattern: itself, without clitics or vowels, or the tails of a
    compound."""
    if code == "ar":
        return _without_vowels(word) if _LATIN.fullmatch(word) else _without_clitics(word)
    if code == "de" and len(word) >= _COMPOUND:
        return (word, *(word[cut:] for cut in range(_HEAD, len(word) - _TAIL + 1)))
    return (word,)


def _without_vowels(word: str) -> tuple[str, ...]:
    """Arabic in Latin letters: everybody writes the vowels differently, so patterns have none ("tnfs")."""
    return (word, _DRAWN_OUT.sub(r"\1", _VOWELS.sub("", word)) or word)


def _without_clitics(word: str) -> tuple[str, ...]:
    begun = [word]
    for clitic in _PROCLITICS:
        begun += [form[len(clitic) :] for form in begun[:2] if form.startswith(clitic)]
    ended = [form[: -len(end)] for form in begun for end in _PRONOUNS if form.endswith(end)]
    stems = [form for form in (*begun[1:], *ended) if len(form) >= _SHORTEST_STEM]
    joined = [word[1:]] if word[0] in _AND and len(word) == _SHORTEST_STEM else []
    return (word, *dict.fromkeys(stems + joined))


@dataclass(frozen=True)
class Tongue:
    """What reading a language takes: its code, words that carry no distance, words that show it (as they are compared
    and as they are written), beginnings of words that its patterns hold, and how another word's spelling is mended."""

    code: str
    light: Collection[str]
    markers: Collection[str]
    written_markers: Collection[str]
    beginnings: tuple[str, ...]
    mend: Callable[[str], str]

    def read(self, text: str, words: list[Word]) -> tuple[Message, Forms]:
        """The message of a text, split into its words, and the forms of its tokens.

        Spelling is mended only where the text shows the language.
        """
        words = [(start, end, plain(word, self.code)) for start, end, word in words]
        if any(word in self.markers for _, _, word in words):
            words = [(start, end, self._mended(word)) for start, end, word in words]
        tokens = tuple(Token(start, end, word) for start, end, word in words)
        place, sentence = self._measure(tokens)
        forms = tuple(forms_of(token.norm, self.code) for token in tokens)
        return Message(text, "", tokens, place, sentence), forms

    def _mended(self, word: str) -> str:
        return word if word.startswith(self.beginnings) else self.mend(word)

    def markers_in(self, message: Message) -> int:
        """How many words of a message show it to be in this language."""
        return sum(token.norm in self.markers for token in message.tokens)

    def markers_among(self, words: list[Word]) -> int:
        """The same for a text that is only split into its words."""
        return sum(plain(word, self.code) in self.markers for _, _, word in words)

    def _measure(self, tokens: tuple[Token, ...]) -> tuple[tuple[int, ...], tuple[int, ...]]:
        place, sentence, at, number = [], [], 0, 0
        for token in tokens:
            ends = token.norm in _SENTENCE_ENDS
            if ends:
                at += _SENTENCE_GAP
            elif token.norm[0].isalnum() and token.norm not in self.light:
                at += 1
            place.append(at)
            sentence.append(number)
            number += ends
        return tuple(place), tuple(sentence)
