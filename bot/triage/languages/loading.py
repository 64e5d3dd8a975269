"""Loads the language files of the red-flag catalogue, and refuses them, with the mend, where anything is wrong."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import yaml

from bot.triage.entries import CatalogueError, Entry
from bot.triage.languages.language import Language
from bot.triage.languages.negation import Denials
from bot.triage.languages.text import Tongue, plain_words
from bot.triage.normalise import fold
from bot.triage.pattern import PatternError, parse_pattern
from bot.triage.pattern_set import Patterns
from bot.triage.phrases import Phrases
from bot.triage.rules import Example
from bot.triage.spelling import Speller
from bot.triage.tier import Tier
from bot.yaml_file import read_words

FOLDER = "languages"
ORDINARY = "ordinary.yml"
CODES = ("ar", "de", "es", "fr", "pt")
CUES = ("idiom", "general_question", "hypothetical", "past", "present", "no_denial")
_WORDS = ("before", "after", "joins", "lists", "contrasts")
_SPELT_APART = frozenset({"ar"})  # roots of three letters: another letter is another word
_LONG = 9  # of eight letters half may be an ending: "lavarme" is not "lanzarme"


def load_languages(folder: Path, tiers: Mapping[str, Tier], raisers: Collection[str]) -> tuple[Language, ...]:
    """Every language of the catalogue in `folder`.

    `tiers` are those of the catalogue's signs, `raisers` the ids of what lifts them.
    Raises `CatalogueError("file: key: mend")` on any mistake.
    """
    ordinary = _read(folder / FOLDER / ORDINARY, f"{FOLDER}/{ORDINARY}")
    ordinary.only(*CODES)
    return tuple(
        _Loader(folder / FOLDER / f"{code}.yml", code, ordinary.text(code), tiers, raisers).load() for code in CODES
    )


class _Loader:
    def __init__(
        self, path: Path, code: str, ordinary: str, tiers: Mapping[str, Tier], raisers: Collection[str]
    ) -> None:
        self._code = code
        self._ordinary = ordinary
        self._tiers = tiers
        self._raisers = raisers
        self._entry = _read(path, f"{FOLDER}/{path.name}")
        self._phrases = Phrases()
        self._groups: dict[str, set[str]] = {}
        self._beginnings: set[str] = set()
        self.wordings: dict[str, list[Example]] = {}
        self.lookalikes: dict[str, list[Example]] = {}

    def load(self) -> Language:
        entry = self._entry
        entry.only("light", "markers", "ordinary", "clinical", "slips", "words", "raisers", "signs", *CUES, *_WORDS)
        for name, phrases in entry.mapping("words").items():
            self._add_group(f"<{name}>", [str(phrase) for phrase in phrases])
        signs = dict(self._sign(item) for item in entry.part("signs").entries())
        raisers = entry.part("raisers")
        for name in raisers.mapping():
            if name not in self._raisers:
                raise raisers.error(name, f"is no raiser's id; use one of {', '.join(self._raisers)}")
        raised = {name: self._patterns(raisers, name) for name in raisers.mapping()}
        vocabulary = {word for words in self._groups.values() for word in words}
        cues = {name: self._patterns(entry, name) for name in CUES}
        light = self._small("light")
        before, after, joins, lists, contrasts = (self._small(name) for name in _WORDS)
        denials = Denials(before, after, joins, lists, contrasts, light)
        written = frozenset(fold(self._entry.text("markers")).split())
        markers, beginnings = self._small("markers"), tuple(self._beginnings)
        tongue = Tongue(self._code, light, markers, written, beginnings, self._speller(vocabulary))
        return Language(
            tongue, self._phrases, signs, self._tiers, raised, cues, denials, self.wordings, self.lookalikes
        )

    def _speller(self, vocabulary: set[str]) -> Speller:
        ours = (self._small(key) for key in ("ordinary", "markers", "light"))
        ordinary = vocabulary.union(self._plain(self._ordinary), *ours)
        slips = {self._plain(wrong)[0]: self._plain(str(right))[0] for wrong, right in self._slips().items()}
        clinical = () if self._code in _SPELT_APART else vocabulary | self._small("clinical")
        return Speller(clinical, ordinary, self._beginnings, slips, _LONG)

    def _slips(self) -> dict[str, Any]:
        return self._entry.mapping("slips")

    def _small(self, key: str) -> frozenset[str]:
        return frozenset(self._plain(self._entry.text(key)))

    def _plain(self, text: str) -> list[str]:
        return plain_words(text, self._code)

    def _sign(self, item: Entry) -> tuple[str, Patterns]:
        item.only("sign", "patterns", "wordings", "lookalikes")
        sign = item.string("sign")
        if sign not in self._tiers:
            raise item.error("sign", f"{sign!r} is no sign's id; use one of {', '.join(self._tiers)}")
        self.wordings[sign] = [Example(text) for text in item.strings("wordings")]
        self.lookalikes[sign] = [Example(text) for text in item.strings("lookalikes")]
        return sign, self._patterns(item, "patterns")

    def _patterns(self, entry: Entry, key: str) -> Patterns:
        try:
            return Patterns(parse_pattern(text, self._group_of) for text in entry.strings(key))
        except PatternError as error:
            raise entry.error(key, str(error)) from error

    def _group_of(self, term: str) -> str:
        if term.startswith("<"):
            if term not in self._groups:
                raise PatternError(f"{term} is not among the file's words; add it there")
        elif term not in self._groups:
            self._add_group(term, term.strip("[]").split("|"))
        return term

    def _add_group(self, group: str, phrases: list[str]) -> None:
        held = self._groups.setdefault(group, set())
        for phrase in phrases:
            words = [form for word in phrase.split() for form in self._forms(word)]
            if not words:
                raise PatternError(f"{group} holds an empty choice; remove a '|' or fill it")
            held.update(word for word in words if word != "#" and not word.endswith("*"))
            self._phrases.add(group, words)

    def _forms(self, word: str) -> list[str]:
        if word == "#":
            return [word]
        if word.endswith("*"):
            stem = "".join(self._plain(word[:-1]))
            self._beginnings.add(stem)
            return [f"{stem}*"]
        return self._plain(word)


def _read(path: Path, name: str) -> Entry:
    if not path.is_file():
        raise CatalogueError(f"{name}: file: is missing; add it to {path.parent}")
    try:
        return Entry(name, "", read_words(path))
    except (ValueError, yaml.YAMLError) as error:
        raise CatalogueError(f"{name}: yaml: {error}; mend the file") from error
