"""The past, other people, questions, suppositions and idioms: what counts and what does not."""

import pytest

from bot.triage import Context, Screen, Tier

NONE, ROUTINE, URGENT, EMERGENCY = Tier


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("i had a seizure years ago", "past"),
        ("last year I had pus and fever after a tattoo", "past"),
        ("i fainted once when i was a kid", "past"),
        ("it was oozing but it has cleared up", "healed"),
        ("my mum had cellulitis", "other_person_past"),
        ("i read on reddit that someone got an abscess", "hearsay"),
        ("what does pus look like", "general_question"),
        ("does minoxidil cause chest pain?", "general_question"),
        ("if i get a fever who do i ring", "hypothetical"),
        ("the price nearly gave me a heart attack", "idiom"),
        ("the traffic was agony", "idiom"),
        ("should it ever start oozing, whom do i ring", "hypothetical"),
        ("fainted at my ear piercing, 2009, never since", "past"),
        ("a collapsed lung in 2006, breathing well now", "past"),
        ("the leaflet says pus, fever and chills. i've had none of that", "negated"),
        ("my laptop is infected with a virus", "idiom"),
        ("my temp is 36.8 so no idea why i feel feverish", "normal_temperature"),
    ],
)
def test_what_is_not_now_is_lowered_with_its_reason(screen: Screen, text, reason):
    verdict = screen(text)
    assert verdict.tier == NONE
    assert reason in {low.reason for low in verdict.lowered}


@pytest.mark.parametrize(
    ("text", "tier"),
    [
        ("i fainted this morning, fine now", EMERGENCY),
        ("chest pain last night but gone now", EMERGENCY),
        ("had a seizure, it stopped", EMERGENCY),
        ("I got infected last year and now it is infected again", URGENT),
        ("i have an infection. last year i had one too", URGENT),
        ("temp 38.5 yesterday, took paracetamol, gone now", URGENT),
        ("38.5 now, what if it goes up", URGENT),
        ("i had cellulitis in 2016, and now it's infected again", URGENT),
        ("the warm patch has gone down my neck, 20p on sunday, my whole palm now", URGENT),
        ("my dad's got sore blisters on his scalp", URGENT),
        ("skin is gone in two places under the scab", URGENT),
        ("i called in sick, my scalp is oozing", URGENT),
    ],
)
def test_what_came_and_went_lately_still_counts(screen: Screen, text, tier):
    assert screen(text).tier == tier


@pytest.mark.parametrize(
    "text",
    ["my friend can't breathe", "she just fainted", "my husband is confused and burning hot", "my son wants to die"],
)
def test_another_person_s_emergency_counts(screen: Screen, text):
    assert screen(text).tier == EMERGENCY


@pytest.mark.parametrize(
    ("text", "tier"),
    [
        ("does minoxidil cause chest pain? because i have chest pain", EMERGENCY),
        ("what if my throat swells more? it is already swollen", EMERGENCY),
        ("is pus normal? mine is yellow pus", URGENT),
        ("should i worry about the pus on my pillow?", URGENT),
        ("when can i wash? also my scalp is oozing", URGENT),
    ],
)
def test_a_question_beside_a_finding_does_not_lower_it(screen: Screen, text, tier):
    assert screen(text).tier == tier


@pytest.mark.parametrize(
    "text",
    [
        "hypothetically, if I took 20 pills tonight",
        "how many tablets would it take to not wake up",
        "what if i just end my life",
    ],
)
def test_a_supposed_suicide_counts(screen: Screen, text):
    assert screen(text).tier == EMERGENCY


def test_an_idiom_hides_only_its_own_words(screen: Screen):
    assert screen("the price nearly gave me a heart attack but now i have real chest pain").tier == EMERGENCY


@pytest.mark.parametrize(
    ("text", "day", "tier"),
    [
        ("scalp is red, hot and swollen", 1, NONE),
        ("scalp is red, hot and swollen", 5, URGENT),
        ("scalp is red, hot and swollen", None, URGENT),
        ("more sore than yesterday", 1, NONE),
        ("more sore than yesterday", 3, URGENT),
        ("its bleeding a little", 0, NONE),
        ("its bleeding a little", 1, URGENT),
        ("day 1 and the scalp is warm and puffy", None, NONE),
        ("pus", 0, URGENT),
    ],
)
def test_the_day_decides_what_is_expected_and_an_unknown_day_is_late(screen: Screen, text, day, tier):
    assert screen(text, Context(day)).tier == tier


@pytest.mark.parametrize(
    "text",
    [
        "the needled area is hot and swollen today",
        "every day one more lump, red and sore",
        "scalp swollen since my session",
    ],
)
def test_a_time_beside_a_finding_is_not_the_time_of_the_treatment(screen: Screen, text):
    assert screen(text).tier == URGENT


def test_of_two_days_the_later_counts(screen: Screen):
    assert screen("day 5 and more sore than ever", Context(1)).tier == URGENT
