"""Where the clinic requires approval the bot says nothing that a clinician has not approved, and refers."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from actions.house import house
from bot.commands.approving import sign
from tests.actions.talk import Talk, verdict

NOW = datetime(2025, 6, 1, 9, tzinfo=UTC)
DAY_0 = ("2025-06-10T17:30", "2025-06-10T11:30")
UNCONFIRMED = "Your clinic has not confirmed this yet"
PHONE = "020 7946 0857"


@pytest.mark.parametrize("session", [None, "2025-06-10T11:30"])
@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("can i use minoxidil", "minoxidil_timing"),
        ("when do i stop it before my session", "minoxidil_timing"),
        ("can i wash", "washing_hair"),
        ("is lukewarm water fine", "washing_hair"),
        ("gym?", "exercise_sweat"),
        ("pool?", "exercise_sweat"),
        ("spf?", "sunscreen"),
        ("gel?", "hair_products_dye"),
        ("bleach?", "hair_products_dye"),
        ("a glass of wine?", "alcohol_smoking"),
        ("ibuprofen?", "pain_relief"),
        ("when is my next session", "session_frequency"),
        ("when will i see results", "results_timeline"),
        ("how long are the needles", "needle_length"),
        ("how does it go", "procedure"),
        ("caffeine serum?", "other_treatments"),
        ("how much shedding", "side_effects"),
        ("prp?", "other_treatments"),
        ("topical finasteride?", "other_treatments"),
        ("steroid cream?", "other_treatments"),
        ("a roller at home?", "home_devices"),
    ],
)
def test_an_unapproved_figure_or_stance_is_owned_up_to_and_referred(
    clinic_with: Callable[..., Any], text: str, topic: str, session: str | None
) -> None:
    clinic_with({"require_approval": True})
    said = Talk.at("2025-06-10T17:30", session).say(text, topic).text
    assert said.count(UNCONFIRMED) == 1
    assert PHONE in said
    assert not re.search(r"\d\d:\d\d|\b(?:24|36|48|72|168) hours", said)


def test_what_is_approved_is_said(clinic_with: Callable[..., Any]) -> None:
    file = clinic_with({"require_approval": True})
    sign(file, "Dr Ana Silva", "protocol.wash_h", NOW)
    house.cache_clear()
    talk = Talk.at(*DAY_0)
    assert "First wash from 11:30 tomorrow" in talk.say("can i wash", "washing_hair").text
    assert UNCONFIRMED in talk.say("gym?", "exercise_sweat").text
    sign(file, "Dr Ana Silva", "all", NOW)
    house.cache_clear()
    assert "Leave sweaty exercise until" in talk.say("gym?", "exercise_sweat").text


def test_a_deep_sessions_wait_is_not_said_while_what_counts_as_deep_is_open(clinic_with: Callable[..., Any]) -> None:
    file = clinic_with({"require_approval": True})
    sign(file, "Dr Ana Silva", "protocol.minox_after_h", NOW)
    house.cache_clear()
    assert UNCONFIRMED in Talk.at(*DAY_0, 1.5).say("minoxidil?", "minoxidil_timing").text


def test_help_is_never_held_back(clinic_with: Callable[..., Any]) -> None:
    clinic_with({"require_approval": True})
    for tier, advice, number in (("emergency", "allergy", "999"), ("emergency", "crisis", "116 123"),
                                 ("emergency", "poison", "111"), ("urgent", "vet", "01202 509000")):  # fmt: skip
        said = Talk.at(*DAY_0).say("help", "side_effects", triage=verdict(tier, advice)).text
        assert number in said
        assert UNCONFIRMED not in said


def test_what_to_watch_for_is_said_without_ado(clinic_with: Callable[..., Any]) -> None:
    clinic_with({"require_approval": True})
    said = Talk.at(*DAY_0).say("is it normal that its red", "side_effects").text
    assert "tell me at once" in said
    assert UNCONFIRMED not in said


def test_without_the_requirement_nothing_is_held_back() -> None:
    said = Talk.at(*DAY_0).say("can i wash", "washing_hair").text
    assert UNCONFIRMED not in said
