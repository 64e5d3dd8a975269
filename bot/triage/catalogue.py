"""Loads the red-flag catalogue and refuses it, with the mend, where anything in it is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.triage.entries import CatalogueError, Entry
from bot.triage.languages import ENGLISH, Language, load_languages
from bot.triage.normalise import Normaliser, fold
from bot.triage.pattern import PatternError, parse_pattern
from bot.triage.pattern_set import Patterns
from bot.triage.phrases import Phrases
from bot.triage.rules import Example, Raiser, SignRule
from bot.triage.spelling import Speller
from bot.triage.tier import Tier
from bot.triage.words import word_set
from bot.yaml_file import read_words

__all__ = ["SIGN_FILES", "Catalogue", "CatalogueError", "catalogue_of", "load_catalogue"]

SIGN_FILES = ("emergency.yml", "urgent.yml", "vet.yml", "routine.yml")
ADVICE = word_set("emergency poison crisis eye urgent vet stop_minoxidil stop_finasteride routine")
RISK_FACTORS = word_set("diabetes immunosuppression anticoagulant child pregnancy heart_disease")
CUES = (
    "general_question",
    "worry_question",
    "condition",
    "hearsay",
    "past",
    "present",
    "healed",
    "distant_person",
    "other_person",
    "past_verb",
    "own_finding",
    "own_reference",
    "relapse",
    "listed",
    "denies_all",
)
_BE = word_set("is are am 's 'm 're s m re")


@dataclass(frozen=True)
class Catalogue:
    """Everything the screen knows: signs by id, raisers by id, idioms, scope cues, the words they are made of, and the
    other languages."""

    signs: Mapping[str, SignRule]
    raisers: Mapping[str, Raiser]
    idioms: Patterns
    cues: Mapping[str, Patterns]
    phrases: Phrases
    normaliser: Normaliser
    languages: tuple[Language, ...]


def load_catalogue(folder: Path) -> Catalogue:
    """Reads the catalogue's files from a folder; raises `CatalogueError("file: key: mend")` on any mistake."""
    return _Loader(folder).load()


@cache
def catalogue_of(folder: Path) -> Catalogue:
    """`load_catalogue`, once in a process: what screens messages and what the console says of them share it."""
    return load_catalogue(folder)


class _Loader:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._phrases = Phrases()
        self._plain = Normaliser(Speller((), (), (), {}))
        self._words: set[str] = set()
        self._beginnings: set[str] = set()
        self._groups: dict[str, set[str]] = {}
        self._seen: dict[str, list[str]] = {}

    def load(self) -> Catalogue:
        concepts = self._read("concepts.yml")
        for name, phrases in concepts.mapping().items():
            self._add_group(f"<{name}>", [str(phrase) for phrase in phrases])
        raisers = {raiser.id: raiser for raiser in map(self._raiser, self._read("raising.yml").entries())}
        signs: dict[str, SignRule] = {}
        for file in SIGN_FILES:
            for entry in self._read(file).entries():
                rule = self._sign(entry, raisers)
                if rule.id in signs:
                    raise entry.error("id", f"{rule.id!r} is taken; give this sign another id")
                signs[rule.id] = rule
        self._check_names(raisers, signs)
        scope = self._read("scope.yml")
        scope.only(*CUES)
        cues = {name: self._patterns(scope, name) for name in CUES}
        idioms = self._patterns(self._read("idioms.yml"), "idioms")
        spelling = self._read("spelling.yml")
        spelling.only("ordinary", "clinical", "slips")
        slips = {fold(wrong): fold(right) for wrong, right in spelling.mapping("slips").items()}
        clinical = self._words_of_signs(signs, raisers) | set(spelling.text("clinical").split())
        ordinary = self._words | set(spelling.text("ordinary").split())
        speller = Speller(clinical, ordinary, self._beginnings, slips)
        languages = load_languages(self._folder, {sign.id: sign.tier for sign in signs.values()}, raisers)
        foreign = {word for language in languages for word in language.tongue.written_markers}
        normaliser = Normaliser(speller, ENGLISH, foreign)
        return Catalogue(signs, raisers, idioms, cues, self._phrases, normaliser, languages)

    def _read(self, name: str) -> Entry:
        path = self._folder / name
        if not path.is_file():
            raise CatalogueError(f"{name}: file: is missing; add it to {self._folder}")
        try:
            return Entry(name, "", read_words(path))
        except (ValueError, yaml.YAMLError) as error:
            raise CatalogueError(f"{name}: yaml: {error}; mend the file") from error

    def _sign(self, entry: Entry, raisers: Mapping[str, Raiser]) -> SignRule:
        entry.only(
            "id", "name", "tier", "advice", "source", "patterns", "unless", "from_day", "event",
            "hypothetical_counts", "hidden_by", "raises", "settled", "across", "wordings", "lookalikes",
        )  # fmt: skip
        raises = entry.strings("raises")
        for raiser in raises:
            if raiser not in raisers:
                raise entry.error("raises", f"{raiser!r} is not in raising.yml; use one of {', '.join(raisers)}")
        hidden_by = entry.string("hidden_by", default="") or None
        if hidden_by and f"<{hidden_by}>" not in self._groups:
            raise entry.error("hidden_by", f"{hidden_by!r} is not in concepts.yml; add it there")
        return SignRule(
            id=entry.string("id"),
            name=entry.string("name"),
            tier=_tier(entry),
            advice=entry.choice("advice", ADVICE),
            source=entry.string("source"),
            patterns=self._patterns(entry, "patterns"),
            unless=self._patterns(entry, "unless", required=False),
            from_day=entry.number("from_day"),
            event=entry.flag("event"),
            hypothetical_counts=entry.flag("hypothetical_counts"),
            hidden_by=hidden_by,
            raises=tuple(raises),
            settled=entry.flag("settled"),
            across=entry.flag("across"),
            wordings=_examples(entry, "wordings"),
            lookalikes=_examples(entry, "lookalikes"),
        )

    def _raiser(self, entry: Entry) -> Raiser:
        entry.only("id", "name", "patterns", "signs", "risk_factor", "same_sentence", "later")
        risk_factor = entry.choice("risk_factor", RISK_FACTORS, default="") or None
        return Raiser(
            id=entry.string("id"),
            name=entry.string("name"),
            patterns=self._patterns(entry, "patterns", required=False),
            signs=frozenset(entry.strings("signs")),
            risk_factor=risk_factor,
            same_sentence=entry.flag("same_sentence"),
            later=entry.flag("later"),
        )

    def _check_names(self, raisers: Mapping[str, Raiser], signs: Mapping[str, SignRule]) -> None:
        for raiser in raisers.values():
            unknown = raiser.signs - signs.keys()
            if unknown:
                raise CatalogueError(f"raising.yml: {raiser.id}.signs: unknown {sorted(unknown)}; use ids of signs")

    def _patterns(self, entry: Entry, key: str, *, required: bool = True) -> Patterns:
        texts = entry.strings(key)
        if required and not texts:
            raise entry.error(key, "is missing or empty; list at least one pattern")
        try:
            return Patterns(parse_pattern(text, self._group_of) for text in texts)
        except PatternError as error:
            raise entry.error(key, str(error)) from error

    def _group_of(self, term: str) -> str:
        if term.startswith("<"):
            if term not in self._groups:
                raise PatternError(f"{term} is not in concepts.yml; add it there")
        elif term not in self._groups:
            self._add_group(term, term.strip("[]").split("|"))
        return term

    def _words_of_signs(self, signs: Mapping[str, SignRule], raisers: Mapping[str, Raiser]) -> set[str]:
        """The words that spelling is mended towards: those a sign is made of, not those that tell it from others."""
        patterns = [pattern for sign in signs.values() for pattern in sign.patterns]
        patterns += [pattern for raiser in raisers.values() for pattern in raiser.patterns]
        groups = {group for pattern in patterns for group in pattern.groups}
        words = {word for group in groups for word in self._groups[group]}
        # `clos*` names no whole word, so the words that open with it are taken from what people say.
        told = {
            token.norm for sign in signs.values() for said in sign.wordings for token in self._plain(said.text).tokens
        }
        return words | {word for word in told if word.startswith(tuple(self._beginnings))}

    def _add_group(self, group: str, phrases: list[str]) -> None:
        held = self._groups.setdefault(group, set())
        for phrase in phrases:
            words = [form for word in phrase.split() for form in self._forms(word)]
            held.update(word for word in words if word != "#" and not word.endswith("*"))
            if not words:
                raise PatternError(f"{group} holds an empty choice; remove a '|' or fill it")
            # Forms of "be" inside a phrase are left out, because messages drop and contract them.
            inner = [word for word in words[1:-1] if word not in _BE]
            self._phrases.add(group, words[:1] + inner + words[1:][-1:])

    def _forms(self, word: str) -> list[str]:
        if word == "#":
            return [word]
        if word.endswith("*"):
            stem = fold(word[:-1])
            self._beginnings.add(stem)
            return [f"{stem}*"]
        if word not in self._seen:
            self._seen[word] = [token.norm for token in self._plain(word).tokens]
            self._words.update(self._seen[word])
        return self._seen[word]


def _tier(entry: Entry) -> Tier:
    try:
        return Tier.from_label(entry.string("tier"))
    except ValueError as error:
        raise entry.error("tier", str(error)) from error


def _examples(entry: Entry, key: str) -> tuple[Example, ...]:
    examples = []
    for value in entry.values(key):
        item: dict[str, Any] = value if isinstance(value, dict) else {"text": value}
        if not isinstance(item.get("text"), str) or item.keys() - {"text", "day"}:
            raise entry.error(key, f"{value!r} is no message; write a text, or a mapping of text and day")
        examples.append(Example(item["text"], item.get("day")))
    return tuple(examples)
