"""The message as a plain writer would have typed it: what the classifier reads, in training and in answering alike."""

import re
from collections import Counter
from functools import lru_cache
from itertools import combinations, islice, pairwise
from math import log
from pathlib import Path
from typing import Dict, FrozenSet, Iterable, Mapping, Match, Optional

import symspellpy
from symspellpy import SymSpell, Verbosity

from bot.yaml_file import read_yaml

DATA = Path(__file__).resolve().parents[2] / "data"
PRODUCTS = ("minoxidil", "finasteride", "numbing", "painkiller", "product", "immune_weak", "blood_thinner")

OFTEN = 3  # occurrences in the training data from which a word counts as ours
COMMON = 30_000  # of the dictionary's 82 thousand words: the rarer are known, but nothing is mended towards them
SHORTEST = 4  # letters below which a word that is not in the map is left alone
LONG = 8  # letters from which two slips are believed, towards our own words only
LONGEST = 24
ENGLISH = 0.5  # share of words familiar to us below which a message counts as another language's
TEMPER = 0.7  # how much a word's commonness counts beside the likeliness of the slip
CACHED = 20_000

_WORD = re.compile(r"(?:https?://|www\.)\S+|[\w.+-]{1,64}@\S+|[@#]\w+|(?<!\w)[bw]/[co]?(?!\w)|\w+(?:'\w+)*")
_LETTERS = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_EXAMPLE = re.compile(r"^    - (.*)$", re.MULTILINE)
_QUOTES = str.maketrans("‘’ʼ`´", "'''''")
# Only what can be a body's temperature, in either scale: "1,5 weeks" and "39,40" are none.
_TEMPERATURE = re.compile(r"(?<![\d.,])(3[4-9]|4[0-3]|9[5-9]|10[0-8]),(\d)(?!\d|[.,]\d|\s?%)")
_DRAWN_OUT = re.compile(r"([a-z])\1{2,}")
_NUMERAL = re.compile(r"x{0,3}v?i{1,3}")
_SUFFIX = re.compile(r"(?:y|ie|ier|iest|ish|like|less|ness)$")
_SENTENCE_END = ".!?\n:;("
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_ALIKE = ("aeiouy", "csz", "ckq", "dt", "vw", "fv")


def _near_letters() -> FrozenSet[str]:
    """Pairs of letters that are side by side on a keyboard, or that sound alike to those who spell by ear."""
    pairs = [a + b for row in _ROWS for a, b in pairwise(row)]
    for upper, lower in pairwise(_ROWS):
        pairs += [a + b for i, b in enumerate(lower) for a in upper[i : i + 2]]
    pairs += [a + b for group in _ALIKE for a, b in combinations(group, 2)]
    return frozenset(pairs) | frozenset(pair[::-1] for pair in pairs)


_NEAR = _near_letters()


class Mender:
    """Corrects spelling, spells out shorthand and slang, and lowers shouting. What it is unsure of it leaves alone."""

    def __init__(
        self, dictionary: Mapping[str, int], ours: Mapping[str, int], shorthand: Mapping[str, str], known: Iterable[str]
    ) -> None:
        """`dictionary` counts general words, commonest first; `ours` those of the training data and our products;
        `known` words are right as they are, and nothing is mended towards them."""
        self._shorthand = dict(shorthand)
        self._ours = frozenset(ours)
        self._known = frozenset(dictionary) | self._ours | frozenset(known)
        self._likely = _likelihoods(dict(islice(dictionary.items(), COMMON)), ours)
        self._near = _index(self._likely, distance=1)
        self._far = _index([word for word in ours if len(word) >= LONG], distance=2)
        self._mended = lru_cache(maxsize=CACHED)(self._mend)

    def mend(self, text: str) -> str:
        """The text in plain spelling; commands, foreign text, numbers, names and emoji come back as they were."""
        plain = text.translate(_QUOTES)
        if text.startswith("/") or self.is_foreign(plain):
            return text
        if _is_shouted(plain):
            plain = plain.lower()
        return _WORD.sub(self._replace, _TEMPERATURE.sub(r"\1.\2", plain))

    def _replace(self, found: Match[str]) -> str:
        word = found[0]
        lower = word.lower()
        mended = self._mended(lower)
        if mended == lower:
            return word
        if _is_name(found) and lower not in self._shorthand and mended not in self._ours:
            return word
        return mended[0].upper() + mended[1:] if word[0].isupper() else mended

    def _mend(self, typed: str) -> str:
        word = typed if typed in self._shorthand else self._shortened(typed)
        if word in self._shorthand:
            return self._shorthand[word]
        if self._is_known(word) or not _is_mendable(word):
            return word
        stem, mark, ending = word.partition("'")
        if mark:
            return f"{self._mend(stem)}'s" if ending == "s" else word
        nearest = self._nearest(word) or word
        return self._shorthand.get(nearest, nearest)

    def _shortened(self, word: str) -> str:
        """The word without letters drawn out for effect: "sooooo" is "so", "helllp" is "help"."""
        if not _DRAWN_OUT.search(word) or _NUMERAL.fullmatch(word):
            return word
        single, double = _DRAWN_OUT.sub(r"\1", word), _DRAWN_OUT.sub(r"\1\1", word)
        known = [each for each in (single, double) if each in self._likely or each in self._shorthand]
        return max(known, key=lambda each: self._likely.get(each, 0.0)) if known else double

    def _is_known(self, word: str) -> bool:
        if word in self._known:
            return True
        stem = _SUFFIX.sub("", word)
        return stem != word and len(stem) >= SHORTEST and stem in self._likely

    def is_foreign(self, text: str) -> bool:
        """Whether most words are none of ours, nor near to any."""
        words = _LETTERS.findall(text.lower())
        familiar = [word for word in words if word in self._shorthand or self._mended(word) in self._ours]
        return len(familiar) < ENGLISH * len(words)

    def _nearest(self, word: str) -> Optional[str]:
        found = self._near.lookup(word, Verbosity.ALL, 1, include_unknown=False)
        if found:
            terms = (each.term for each in found)
            return max(terms, key=lambda term: TEMPER * log(self._likely[term]) - _cost(word, term))
        if len(word) < LONG:
            return None
        far = self._far.lookup(word, Verbosity.CLOSEST, 2, include_unknown=False)
        # Two slips are believed only after a true beginning: "tommorow", but not "stretching" for "scratching".
        terms = (each.term for each in far if each.term[:2] == word[:2])
        return max(terms, key=lambda term: self._likely[term], default=None)


def _likelihoods(common: Mapping[str, int], ours: Mapping[str, int]) -> Dict[str, float]:
    """How likely each word is here: half from general English, half from what our patients write."""
    general, special = sum(common.values()), sum(ours.values())
    words = {word: count / general / 2 for word, count in common.items()}
    for word, count in ours.items():
        words[word] = words.get(word, 0.0) + max(count, 1) / special / 2
    return words


def _index(words: Iterable[str], distance: int) -> SymSpell:
    # Five letters of prefix instead of seven: a third of the memory, for 25 microseconds more a word.
    index = SymSpell(max_dictionary_edit_distance=distance, prefix_length=5)
    for word in words:
        index.create_dictionary_entry(word, 1)
    return index


def _cost(typed: str, meant: str) -> float:
    """How unlikely the one slip between two words is, as a negative logarithm. A letter dropped or two swapped: 0."""
    at = next((i for i, (a, b) in enumerate(zip(typed, meant)) if a != b), min(len(typed), len(meant)))
    first = 1.0 if at == 0 else 0.0
    if len(typed) > len(meant):
        return first + _cost_of_extra(typed, at)
    if len(typed) == len(meant) and typed[at + 1 :] == meant[at + 1 :]:
        return first + (0.6 if typed[at] + meant[at] in _NEAR else 4.0)
    return first


def _cost_of_extra(typed: str, at: int) -> float:
    beside = typed[max(at - 1, 0) : at] + typed[at + 1 : at + 2]
    if typed[at] in beside:
        return 0.0
    return 1.5 if any(typed[at] + letter in _NEAR for letter in beside) else 4.0


def _is_mendable(word: str) -> bool:
    return SHORTEST <= len(word) <= LONGEST and word.isascii() and word.replace("'", "").isalpha()


def _is_shouted(text: str) -> bool:
    letters = [letter for letter in text if letter.isalpha()]
    return len(letters) >= SHORTEST and sum(map(str.isupper, letters)) > 0.6 * len(letters)


def _is_name(found: Match[str]) -> bool:
    before = found.string[: found.start()].rstrip(" \"'")
    return found[0][0].isupper() and bool(before) and before[-1] not in _SENTENCE_END


def _general_words() -> Dict[str, int]:
    path = Path(symspellpy.__file__).with_name("frequency_dictionary_en_82_765.txt")
    rows = (line.split() for line in path.read_text(encoding="utf-8-sig").splitlines())
    return {word: int(count) for word, count in rows}


def _our_words(data: Path, general: Mapping[str, int]) -> Dict[str, int]:
    """How often each word occurs in the training data that does so often, and the names of products."""
    counts = _counted(data / "nlu", general)
    words = _without_slips({word: count for word, count in counts.items() if count >= OFTEN}, general)
    names = _product_names(data / "red_flags" / "concepts.yml")
    index = _index([name for name in names & set(words) if len(name) > SHORTEST], distance=1)
    for name in names - set(words):
        # The catalogue's patterns hold misspellings too ("rogain"), which lie a letter from a name that patients write.
        if name in general or not index.lookup(name, Verbosity.TOP, 1, include_unknown=False):
            words[name] = counts[name]
    return words


def _without_slips(words: Dict[str, int], general: Mapping[str, int]) -> Dict[str, int]:
    """The words but for those that are a letter from one written ten times as often ("tomorow")."""
    index = _index([word for word in words if word in general and len(word) > SHORTEST], distance=1)

    def is_slip(word: str) -> bool:
        if word in general or "'" in word or len(word) <= SHORTEST:
            return False
        near = (each.term for each in index.lookup(word, Verbosity.ALL, 1, include_unknown=False))
        return any(words[term] >= 10 * words[word] and not word.startswith(term) for term in near)

    return {word: count for word, count in words.items() if not is_slip(word)}


def _counted(folder: Path, general: Mapping[str, int]) -> "Counter[str]":
    """The words of the English lines of the training data."""
    counts: Counter[str] = Counter()
    for file in sorted(folder.glob("*.yml")):
        for line in _EXAMPLE.findall(file.read_text(encoding="utf-8")):
            words = _LETTERS.findall(line.translate(_QUOTES).lower())
            if sum(word in general for word in words) > ENGLISH * len(words):
                counts.update(words)
    return counts


def _product_names(concepts: Path) -> FrozenSet[str]:
    groups = read_yaml(concepts)
    # "neutropeni*" is the beginning of words and no word.
    phrases = [str(phrase).lower() for group in PRODUCTS for phrase in groups[group] if "*" not in str(phrase)]
    return frozenset(name for phrase in phrases for name in _LETTERS.findall(phrase))


@lru_cache(maxsize=1)
def load_mender() -> Mender:
    """The mender over our data and SymSpell's dictionary, loaded once in a process."""
    general = _general_words()
    language = read_yaml(DATA / "language" / "shorthand.yml")
    shorthand = {**language["shorthand"], **language["slang"]}
    return Mender(general, _our_words(DATA, general), shorthand, language["known"].split())
