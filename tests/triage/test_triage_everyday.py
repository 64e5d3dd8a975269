"""Everyday messages are no alarms, and what is narrowed for their sake still finds the signs."""

from pathlib import Path

import pytest
import srsly

from bot.triage import Screen, Tier
from bot.triage.languages.text import plain
from tests.triage.loaded import CATALOGUE

HERE = Path(__file__).parent
EVERYDAY = srsly.read_yaml(HERE / "everyday.yml") | {"en": srsly.read_yaml(HERE / "everyday_en.yml")}
TONGUES = {language.tongue.code: language.tongue for language in CATALOGUE.languages}
LONG_WORD = 6


def _messages(side: str) -> list[tuple[str, str, Tier]]:
    return [
        (code, text, Tier.from_label(label))
        for code, sides in EVERYDAY.items()
        for label, texts in sides[side].items()
        for text in texts
    ]


@pytest.mark.parametrize(("code", "text", "most"), _messages("at_most"))
def test_an_everyday_message_is_no_alarm(code, text, most, screen: Screen):
    verdict = screen(text)
    assert verdict.tier <= most, [(sign.id, sign.evidence) for sign in verdict.signs]


@pytest.mark.parametrize(("code", "text", "least"), _messages("at_least"))
def test_a_sign_is_found(code, text, least, screen: Screen):
    assert screen(text).tier >= least


def _swapped(word: str) -> str:
    return word[:2] + word[3] + word[2] + word[4:] if len(word) >= LONG_WORD and word.isalpha() else word


@pytest.mark.parametrize(("code", "floor"), [("es", 0.6), ("fr", 0.75), ("de", 0.9), ("pt", 0.55)])
def test_most_signs_are_found_with_a_slip_in_every_long_word(code, floor, screen: Screen):
    told = [(text, least) for language, text, least in _messages("at_least") if language == code]
    slipped = [(" ".join(map(_swapped, text.split())), least) for text, least in told]
    assert sum(screen(text).tier >= least for text, least in slipped) >= floor * len(slipped)


@pytest.mark.parametrize(
    ("code", "word"),
    [
        ("es", "lavarme"), ("es", "peinarme"), ("es", "contarme"), ("es", "informacion"), ("es", "trabajo"),
        ("fr", "monde"), ("fr", "place"), ("fr", "signe"), ("de", "einer"), ("de", "lasen"), ("de", "warten"),
        ("pt", "deitar"), ("pt", "manha"), ("pt", "derramei"), ("ar", "العمل"),
    ],
)  # fmt: skip
def test_an_ordinary_word_is_never_mended(code, word):
    assert TONGUES[code].mend(word) == word


@pytest.mark.parametrize(
    ("code", "slip", "meant"),
    [
        ("es", "respiarr", "respirar"), ("es", "gargnta", "garganta"), ("es", "minoxdil", "minoxidil"),
        ("es", "suicidarmme", "suicidarme"), ("fr", "poitrrine", "poitrine"), ("fr", "respierr", "respirer"),
        ("de", "geschwolen", "geschwolen"), ("de", "bewustlos", "bewustlos"), ("pt", "respriar", "respirar"),
        ("pt", "convulsaoo", "convulsao"),
    ],
)  # fmt: skip
def test_a_misspelt_word_of_a_sign_is_mended(code, slip, meant):
    assert TONGUES[code].mend(plain(slip, code)) == plain(meant, code)


@pytest.mark.parametrize("text", ["wann ist die nächste Sitzung", "ça fait deux jours", "wir sollen morgen kommen"])
def test_english_spelling_is_not_mended_in_another_language(text, screen: Screen):
    assert [token.norm for token in CATALOGUE.normaliser(text).tokens] == CATALOGUE.normaliser(text).folded.split()
