"""A channel for general advice alone: nothing about the patient is asked or taken in, and a red flag is one."""

from __future__ import annotations

from bot.care.effects import PersonalEffect, TreatmentEffect
from tests.actions.talk import Talk, verdict


def talk(*, general: bool) -> Talk:
    made = Talk.at("2025-06-09T10:00")
    made.general = general
    return made


def test_the_session_is_asked_for_elsewhere_and_not_here() -> None:
    elsewhere = talk(general=False).say("can i wash my hair", "washing_hair")
    here = talk(general=True).say("can i wash my hair", "washing_hair")
    asked = set(elsewhere.text.split("\n\n")) - set(here.text.split("\n\n"))
    assert asked
    assert here.text
    assert set(here.text.split("\n\n")) < set(elsewhere.text.split("\n\n"))


def test_what_is_said_of_the_session_and_the_waits_is_not_taken_in() -> None:
    said = talk(general=True).say(
        "my session ended yesterday at 3pm, they told me no washing for 48 hours, can i wash?", "washing_hair"
    )
    assert not [effect for effect in said.effects if isinstance(effect, (TreatmentEffect, PersonalEffect))]


def test_a_red_flag_is_one() -> None:
    said = talk(general=True).say("my throat is closing", "x", triage=verdict("emergency", "anaphylaxis"))
    assert "999" in said.text
