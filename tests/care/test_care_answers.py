"""Every topic is answered, with and without a session, with and without figures; details choose the right words."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from bot.care.answers import TOPICS, answer_topic, how_long, why
from bot.care.asking import Asking
from bot.care.clinic import Clinic
from bot.care.topic_details import DETAILS
from bot.care.topic_words import ACTIVITIES
from bot.care.treatment import Treatment
from bot.care.wording import Wording

NOW = datetime(2025, 6, 10, 16, 30, tzinfo=UTC)  # 17:30 in London
AGES = [None, 0, 6, 30, 60, 24 * 5, 24 * 10, 24 * 60]
STANCES = {"finasteride_topical", "prp", "rf"}


def asking(clinic: Clinic, wording: Wording, text: str = "", hours: float | None = None) -> Asking:
    treatment = None if hours is None else Treatment(NOW - timedelta(hours=hours), "recorded")
    return Asking(clinic, wording, NOW, text, treatment)


@pytest.mark.parametrize("hours", AGES)
@pytest.mark.parametrize("topic", TOPICS)
def test_every_topic_has_an_answer_a_reason_and_a_length(
    clinic: Clinic, silent_clinic: Clinic, wording: Wording, topic: str, hours: float | None
) -> None:
    for house in (clinic, silent_clinic):
        question = asking(house, wording, "", hours)
        answer = answer_topic(topic, question)
        assert 0 < len(answer.text(wording).split()) <= 85
        assert why(answer.subject, question).text(wording)
        assert how_long(answer.subject, question).text(wording)


@pytest.mark.parametrize("hours", [None, 6, 24 * 10])
@pytest.mark.parametrize(
    ("topic", "activity"),
    [*((topic, name) for topic, choices in ACTIVITIES.items() for name, _ in choices), ("pain_relief", "nsaid")],
)
def test_every_activity_has_an_answer_and_a_reason(
    clinic: Clinic, silent_clinic: Clinic, wording: Wording, topic: str, activity: str, hours: float | None
) -> None:
    for house in (clinic, silent_clinic):
        question = asking(house, wording, "", hours)
        assert answer_topic(topic, question, activity).text(wording)
        assert why(f"{topic}/{activity}", question).text(wording)


def test_every_detail_has_words(wording: Wording) -> None:
    for details in DETAILS.values():
        for pattern, key in details:
            re.compile(pattern)
            assert key in STANCES or key in wording, key


def test_a_silent_clinic_gives_no_wait_in_numbers(silent_clinic: Clinic, wording: Wording) -> None:
    for topic in ("minoxidil_timing", "washing_hair", "exercise_sweat", "hair_products_dye", "alcohol_smoking"):
        text = answer_topic(topic, asking(silent_clinic, wording, "", 6)).text(wording)
        assert not re.search(r"\d+ (?:hours|days)|\d\d:\d\d", text)
        assert "020 7946 0857" in text


@pytest.mark.parametrize(
    ("topic", "text", "hours", "words"),
    [
        ("minoxidil_timing", "can i use rogaine before bed?", 6, "Not tonight, please. Leave minoxidil off"),
        ("minoxidil_timing", "can i use rogaine before bed?", 6, "from 11:30 tomorrow, about 18 more hours"),
        ("minoxidil_timing", "just a tiny bit?", 6, "Even a little counts"),
        ("minoxidil_timing", "so tomorrow at 7am?", 6, "07:00 tomorrow is still too early: about 19 hours"),
        ("minoxidil_timing", "so tomorrow at 12:00?", 6, "12:00 tomorrow is past your wait"),
        ("minoxidil_timing", "tomorrow then?", 6, "after 11:30 tomorrow"),
        ("minoxidil_timing", "can i use it now?", 30, "Your wait of 24 hours is over"),
        ("minoxidil_timing", "does needling before minoxidil lower its side effects", 6, "the other way round"),
        ("minoxidil_timing", "when do i stop it before my session", None, "24 hours before the session"),
        ("exercise_sweat", "gym?", 30, "Leave sweaty exercise until"),
        ("exercise_sweat", "when can i swim", 30, "No pool, sea, sauna"),
        ("hair_products_dye", "can i bleach it", 30, "dye, bleach and relaxer until"),
        ("hair_products_dye", "hair fibres?", 30, "fibres and leave-on products until"),
        ("sunscreen", "spf today?", 6, "No sunscreen on the scalp before"),
        ("sunscreen", "is a hat ok", 6, "a clean, loose hat is fine"),
        ("alcohol_smoking", "wine tonight?", 6, "Not tonight, please. Better no alcohol"),
        ("alcohol_smoking", "wine after the ibuprofen i took", 6, "even more reason to skip it"),
        ("pain_relief", "can i take advil", 6, "Better no ibuprofen"),
        ("pain_relief", "i take baby aspirin every day, stop?", 6, "Never stop prescribed aspirin"),
        ("pain_relief", "how many paracetamol", 6, "don't advise on doses"),
        ("side_effects", "is it normal that its red", 6, "You're on day 0, so that's expected"),
        ("side_effects", "no pus no fever, bit itchy", 50, "Itching is common"),
        ("side_effects", "not bleeding and it doesn't hurt", 50, "Good to hear"),
        ("side_effects", "it burns", 6, "does it just sting, or is there a blister or raw skin?"),
        ("side_effects", "still red", 24 * 10, "please let the clinic look"),
        ("side_effects", "is redness normal", None, "Better each day is normal"),
        ("infection_signs", "does it look infected", 24, "I can't tell by chat or photo"),
        ("infection_prevention", "can i use dettol", 24, "No alcohol, peroxide or routine antiseptic"),
        ("home_devices", "which roller should i buy", None, "We'd rather you used none"),
        ("needle_length", "what length at home", None, "0.25 mm"),
        ("cost", "how much", None, "I don't have a price list"),
        ("other_treatments", "prp?", None, "We don't offer PRP"),
        ("contraindications", "im on warfarin", None, "Never stop a blood thinner"),
        ("washing_hair", "can i scrub", 30, "No scrubbing or nails"),
        ("washing_hair", "caffeine shampoo ok?", 12, "no longer tender"),
    ],
)  # fmt: skip
def test_the_words_choose_the_answer(
    clinic: Clinic, wording: Wording, topic: str, text: str, hours: float | None, words: str
) -> None:
    assert re.search(words.replace("?", r"\?"), answer_topic(topic, asking(clinic, wording, text, hours)).text(wording))


def test_a_clinics_prices_and_refusals_are_said(clinic: Clinic, wording: Wording) -> None:
    stances = clinic.stances.model_validate(
        {**clinic.stances.model_dump(), "prices": [{"item": "One session", "price": "£180"}], "refuse": ["under 18s"]}
    )
    house = clinic.model_copy(update={"stances": stances})
    assert "One session £180" in answer_topic("cost", asking(house, wording)).text(wording)
    assert "under 18s" in answer_topic("contraindications", asking(house, wording)).text(wording)


def test_no_answer_ever_advises_a_home_depth_above_the_limit(wording: Wording) -> None:
    for key in wording:
        text = wording.get(key).text
        if "home" in text and "mm" in text:
            assert "0.25 mm" in text, key
