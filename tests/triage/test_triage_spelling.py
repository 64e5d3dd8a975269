"""Misspelt signs are found; short and ordinary words are never turned into others."""

import pytest

from bot.triage import Catalogue, Screen, Tier


@pytest.mark.parametrize(
    "text",
    [
        "thoat swelin",
        "cheast pain",
        "cant breth",
        "i faintd this morning",
        "my tounge is swolen",
        "bleding wont stop",
        "hes having a siezure",
        "chest tigthness",
        "soooo short of breaaath",
        "suicidle thoughts",
    ],
)
def test_a_misspelt_emergency_is_found(screen: Screen, text):
    assert screen(text).tier == Tier.EMERGENCY


@pytest.mark.parametrize("text", ["an alergic reaction to the foam", "i have a feaver", "its infectd", "yelow gunk"])
def test_a_misspelt_urgent_sign_is_found(screen: Screen, text):
    assert screen(text).tier == Tier.URGENT


@pytest.mark.parametrize(
    "word",
    [
        "hear", "here", "brave", "bread", "faith", "paint", "fewer", "pulse", "rush", "hats", "food", "flood", "order",
        "itches", "tickles", "soaking", "handy", "glad", "flush", "travel", "rattled", "pickle", "waited", "slower",
    ],
)  # fmt: skip
def test_ordinary_words_are_left_alone(catalogue: Catalogue, word):
    assert [token.norm for token in catalogue.normaliser(word).tokens] == [word]


def test_offsets_point_into_the_original_text(screen: Screen):
    text = "  Hello — “My THROAT  is closing”… 😭"
    sign = screen(text).signs[0]
    assert text[sign.start : sign.end] == sign.evidence == "THROAT  is closing"
