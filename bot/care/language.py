"""Which language is a message written in, other than English? Counts small words and letters; needs no model."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from bot.care.language_words import ALONE, ENGLISH, STRONG, WEAK
from bot.triage.normalise import fold

OTHER = "other"

_WORD = re.compile(r"[^\W_]+(?:'[^\W\d_]+)?")
_LATIN = "LATIN"
_SCRIPTS = {"ARABIC": "ar"}
_NOT_ARABIC = frozenset("پچژڈڑٹےں")  # letters of Persian and Urdu
# Letters that no language we have a text for has, and English least of all.
_ELSEWHERE = re.compile("[ışğłąęśżźńőűățşřěůđơư]")
# Arabic in Latin letters writes 2, 3, 5 and 7 for letters that Latin has not: "3andi", "a2dar", "sha3ri".
_ARABIZI = re.compile(
    r"[a-z]+[37][a-z]+|[37](?!rd|th|am|pm|mm|mg|ml|cm|days?|hours?|weeks?|mins?)[a-z]{3,}|a2[a-z]{2,}"
)
_STRONG = 2
_ENOUGH = 4
_FEWEST_WEAK = 3
_SHARE = 0.25
_FEWEST_LETTERS = 2  # one alone is a unit (µm)
_FEW = 8
_SAID_EVERYWHERE = frozenset(["ok", "okay", "no", "a", "me", "an", "am"])
_LETTERS = 3  # one letter of so many in another script makes the message that language's


def language_of(text: str) -> str | None:
    """es, fr, de, pt, it or ar where the text is clearly in that language, "other" where it is clearly in another, and
    None for English and everything unclear."""
    return _by_script(text) or _by_words(text)


def goes_on_in(text: str, language: str | None) -> bool:
    """Whether a few words that tell no language may go on in the last one: "sim já liguei", after Portuguese."""
    words = _WORD.findall(fold(text))
    if language is None or language not in STRONG or not 0 < len(words) <= _FEW or language_of(text) is not None:
        return False
    return not any(
        word in ENGLISH and word not in STRONG[language] | WEAK[language] | _SAID_EVERYWHERE for word in words
    )


def _by_script(text: str) -> str | None:
    plain = unicodedata.normalize("NFKC", text)
    scripts = Counter(unicodedata.name(char, "").partition(" ")[0] for char in plain if char.isalpha())
    total = scripts.total()
    del scripts[_LATIN]
    script, letters = scripts.most_common(1)[0] if scripts else ("", 0)
    if letters < _FEWEST_LETTERS or letters * _LETTERS < total:
        return None
    return OTHER if _NOT_ARABIC & set(text) else _SCRIPTS.get(script, OTHER)


def _by_words(text: str) -> str | None:
    words = _WORD.findall(fold(text))
    if not words:
        return None
    alone = " ".join(words)
    for language, phrases in ALONE.items():
        if alone in phrases:
            return language
    scores = {language: _score(words, language) for language in STRONG}
    scores["ar"] += _STRONG * sum(_ARABIZI.fullmatch(word) is not None for word in words)
    scores[OTHER] += _STRONG * len(_ELSEWHERE.findall(text.lower()))
    best = max(scores, key=lambda language: scores[language])
    enough = scores[best] >= max(_ENOUGH, _STRONG * len(words) * _SHARE)
    return best if enough and scores[best] > _score_english(words, best) else None


def _score(words: list[str], language: str) -> int:
    """Two for each strong word and one for each weak one; none where only a few weak ones stand."""
    strong = sum(word in STRONG[language] for word in words)
    weak = [word for word in words if word in WEAK[language] and word not in STRONG[language]]
    return _STRONG * strong + len(weak) if strong or len(set(weak)) >= _FEWEST_WEAK else 0


def _score_english(words: list[str], language: str) -> int:
    """Two for each English word; one for those that the other language has too."""
    english = [word for word in words if word in ENGLISH]
    return sum(1 if word in WEAK[language] or word in STRONG[language] else _STRONG for word in english)
