"""Other languages are told from English, and English is never taken for one of them."""

from __future__ import annotations

import json

import pytest
import yaml

from bot.care.language import OTHER, language_of
from bot.care.language_words import ENGLISH, STRONG
from tests.care.conftest import ROOT

SHORT_ENGLISH = [
    "0.5 µm",
    "ok", "no", "yes", "si", "k", "thx", "nope", "yep", "no no", "hi", "hey", "hello", "cool", "lol", "hm", "mm", "?",
    "38.5", "day 3", "2 days", "no pus", "a fever", "so sore", "so red", "its hot", "im ok", "am i ok?", "do i wash",
    "can i go on", "do i carry on", "on or off?", "me too",
    "no es bueno lol", "la roche posay ok?", "creme de la mer ok?",
    "la mer after?", "bioderma sensibio?", "vichy dercos ok?", "cafe au lait skin", "hola, can i wash my hair today?",
    "merci for the help!", "danke for that", "gracias, when can i wash it?", "ciao for now, thanks", "que sera sera",
    "my chat is broken", "kind of red", "hat ok?", "can i wear a hat", "die hair tomorrow ok", "i will dye it",
    "was it ok", "war das ok lol", "an hour", "in 2 hrs", "e.g. vodka", "minoxidil", "nizoral", "rogaine foam ok?",
    "tanning bed?", "sauna?", "pls help", "halp", "wen can i wash", "can i wahs it", "tmrw?", "2nite ok?", "2moro?",
    "7am?", "3rd day", "5mg pill", "b4 bed?", "gr8 thx", "alpecin c1 ok?", "du i need sunscreen", "is de hair ok",
    "mi head hurts", "per day?", "con's n pro's?", "pizza ok?", "ooh la la", "deja vu again",
    "et al", "el clasico tonight",
    "San Jose today", "tres bien!", "na", "oui", "da", "ja", "nah mate", "Häagen-Dazs ok?", "bon voyage",
]  # fmt: skip

CLEAR = {
    "es": ["hola", "gracias", "buenos días", "tengo fiebre", "¿cuándo puedo lavarme?", "me muero de risa con el casco"],
    "fr": ["bonjour", "merci", "j'ai de la fièvre", "chui fébrile depuis hier", "je peux me laver quand"],
    "de": ["hallo", "guten tag", "hab fieber seit gestern", "Wann darf ich waschen?", "danke, alles gut"],
    "pt": ["olá", "obrigada", "estou com febre", "posso lavar o cabelo?", "bom dia"],
    "it": ["ciao", "ho la febbre, è normale?", "quando posso lavare i capelli"],
    "ar": ["مرحبا", "حرارة", "عندي حرارة and my scalp",
        "mesh 2ader atnaffes", "emta a2dar aghsel sha3ri", "salam alaikum"],
    OTHER: [
        "nefes alamıyorum",
        "merhaba, saçımı ne zaman yıkayabilirim?", "Dzień dobry, kiedy mogę umyć głowę?",
        "mam gorączkę",
        "не могу дышать", "голова болит", "我发烧了", "頭が痛い", "머리가 아파요",
        "אני לא יכול לנשום", "πότε μπορώ να λουστώ;",
        "मुझे बुखार है", "ฉันมีไข้", "تب دارم چه کار کنم", "ik heb koorts en hoofdpijn", "jag har feber", "mám horečku",
    ],
}  # fmt: skip


@pytest.mark.parametrize("text", SHORT_ENGLISH)
def test_short_english_is_no_other_language(text: str) -> None:
    assert language_of(text) is None


def test_no_english_message_of_our_evaluation_is_another_language() -> None:
    files = sorted((ROOT / "data/evaluation").glob("*.jsonl"))
    texts = [json.loads(line)["text"] for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    assert len(texts) > 1000
    assert [text for text in texts if language_of(text) is not None] == []


@pytest.mark.parametrize(("language", "text"), [(language, text) for language in CLEAR for text in CLEAR[language]])
def test_what_is_clearly_another_language_is_known(language: str, text: str) -> None:
    assert language_of(text) == language


def test_most_patients_messages_are_known() -> None:
    halves = yaml.safe_load((ROOT / "tests/triage/languages.yml").read_text())
    texts = [
        (language, text)
        for language, parts in halves.items()
        for tiers in parts.values()
        for said in tiers.values()
        for text in said
    ]
    known = sum(language_of(text) == language for language, text in texts)
    assert known >= 0.95 * len(texts)


@pytest.mark.parametrize("text", ["", " ", "😀", "123", "\x00", "!!!"])
def test_what_has_no_words_is_no_language(text: str) -> None:
    assert language_of(text) is None


def test_no_strong_word_is_an_english_one() -> None:
    for language, words in STRONG.items():
        assert not words & ENGLISH, language
