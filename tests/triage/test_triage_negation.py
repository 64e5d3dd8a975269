"""Only an explicit denial lowers a sign, and only the sign it is about."""

import pytest

from bot.triage import Screen, Tier

NONE, URGENT, EMERGENCY = Tier.NONE, Tier.URGENT, Tier.EMERGENCY


@pytest.mark.parametrize(
    "text",
    [
        "no pus, no fever, no spreading",
        "no pus, fever or spreading redness",
        "haven't got a fever",
        "havent got a fever",
        "dont have pus",
        "pus: none. fever: nope",
        "pus? no. bleeding? nope.",
        "it isn't hot or oozing",
        "without any pus or heat",
        "no longer bleeding",
        "never had a fever",
        "i don't think it's infected",
        "fever-free since monday",
        "no tengo fiebre",
        "pas de fièvre",
        "kein Fieber",
        "sem febre",
        "ليس عندي حمى",
    ],
)
def test_an_explicit_denial_lowers_the_sign(screen: Screen, text):
    verdict = screen(text)
    assert verdict.tier == NONE
    assert {low.reason for low in verdict.lowered} <= {"negated", "healed"}


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("no fever but green stuff", "pus"),
        ("no fever, throat closing", "anaphylaxis"),
        ("no fever my throat is closing", "anaphylaxis"),
        ("no fever and green pus coming out", "pus"),
        ("i don't have a fever, just pus", "pus"),
        ("not just pink, it's spreading", "cellulitis"),
        ("pus, no fever", "pus"),
        ("i haven't slept because my chest hurts", "chest_pain"),
        ("no idea why my throat is swelling", "anaphylaxis"),
        ("never had pain like this before, it's unbearable", "severe_pain"),
    ],
)
def test_a_denial_of_one_sign_leaves_the_other(screen: Screen, text, sign):
    assert sign in {found.id for found in screen(text).signs}


@pytest.mark.parametrize(
    "text",
    [
        "cant breathe",
        "can't breathe",
        "it won't stop bleeding",
        "haven't peed all day",
        "it's not that I didn't faint, I did",
    ],
)
def test_a_denial_that_is_itself_the_sign_counts(screen: Screen, text):
    assert screen(text).tier == EMERGENCY
