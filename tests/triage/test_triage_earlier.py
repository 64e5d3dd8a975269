"""What a message means beside what the same patient wrote before it."""

import pytest

from bot.triage import Context, Screen, Tier

NONE, ROUTINE, URGENT, EMERGENCY = Tier


def tiers(screen: Screen, *texts: str, day: float | None = None) -> list[Tier]:
    """The tiers of messages that one patient writes one after the other within minutes, their case staying open."""
    signs: frozenset[str] = frozenset()
    risks: frozenset[str] = frozenset()
    found = []
    for number, text in enumerate(texts):
        verdict = screen(text, Context(day, risks, signs, "\n".join(texts[max(0, number - 2) : number])))
        found.append(verdict.tier)
        signs |= {sign.id for sign in verdict.signs}
        risks |= set(verdict.told)
    return found


@pytest.mark.parametrize(
    ("texts", "last"),
    [
        (["i'm on methotrexate by the way", "can i wash tomorrow", "temp is 38.2"], EMERGENCY),
        (["i have a stent, is that still ok?", "heart is racing after the foam"], EMERGENCY),
        (["diabetic since i was ten", "a few spots on my scalp"], URGENT),
        (["38.5 this morning", "the redness is spreading"], EMERGENCY),
        (["the redness is hot and spreading", "now i'm shivering"], EMERGENCY),
        (["a few spots on my scalp", "a gland in my neck is up too"], URGENT),
    ],
)
def test_what_was_told_earlier_raises_what_is_told_now(screen: Screen, texts, last):
    assert tiers(screen, *texts)[-1] == last
    assert screen(texts[-1]).tier < last, "by itself it is less"


@pytest.mark.parametrize(
    ("texts", "last"),
    [
        (["got a little blister on my forehead", "one on the eyelid too"], EMERGENCY),
        (["temp is 38.4", "i take methotrexate"], EMERGENCY),
        (["a few spots on my scalp", "it's getting worse"], URGENT),
        (["took two doses of oral minox", "feeling a bit woozy"], EMERGENCY),
        (["there is pus", "we are in the middle of nowhere"], EMERGENCY),
    ],
)
def test_what_is_told_now_raises_what_is_open(screen: Screen, texts, last):
    assert tiers(screen, *texts)[-1] == last


@pytest.mark.parametrize(
    ("texts", "sign"),
    [
        (["there's blood on my pillow", "clopidogrel"], "clopidogrel"),
        (["the tissue comes away a bit pink", "oh and i take eliquis"], "eliquis"),
        (["can i use my dermaroller between sessions", "already did it, shared it with my brother"], "shared it"),
    ],
)
def test_two_messages_tell_one_sign(screen: Screen, texts, sign):
    verdict = screen(texts[1], Context(0.5, before=texts[0]))
    assert verdict.tier == URGENT
    assert sign in verdict.signs[0].evidence
    assert texts[1][verdict.signs[0].start : verdict.signs[0].end] == verdict.signs[0].evidence
    assert max(tier for text in texts for tier in tiers(screen, text, day=0.5)) < URGENT, "neither tells it alone"


@pytest.mark.parametrize(
    "texts",
    [
        ["my wife is pregnant, can she touch the foam", "a few spots on my scalp"],
        ["i'm not diabetic", "a few spots on my scalp"],
        ["does it matter if somebody is diabetic", "a few spots on my scalp"],
        ["a few spots on my scalp", "is eczema a problem"],
        ["a few spots on my scalp", "can i get shampoo in my eyes"],
        ["a few spots on my scalp", "it's not getting worse"],
        ["a few spots on my scalp", "some small bumps on my head"],
    ],
)
def test_what_is_of_others_denied_or_asked_raises_nothing(screen: Screen, texts):
    assert tiers(screen, *texts)[-1] <= ROUTINE


@pytest.mark.parametrize(
    "texts",
    [
        ["can i use my dermaroller", "i shared a photo with my brother"],
        ["i'm on apixaban, does that matter", "when can i wash"],
        ["chest day at the gym tomorrow?", "my scalp feels tight"],
    ],
)
def test_two_harmless_messages_stay_harmless(screen: Screen, texts):
    assert tiers(screen, *texts)[-1] == NONE


def test_a_child_that_was_spoken_of_once_is_not_the_patient(screen: Screen):
    assert screen("my toddler loves my hat").told == ()
