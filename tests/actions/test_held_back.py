"""What no clock makes right: minoxidil in a pregnancy or under 18, and a session that is no longer the last."""

from __future__ import annotations

from bot.care.effects import PersonalEffect, TreatmentEffect
from tests.actions.talk import Talk

PREGNANT = {"tier": "routine", "state": "open"}


def pregnant() -> Talk:
    talk = Talk.at("2025-06-12T12:00", "2025-06-10T11:30")
    talk.case, talk.signs = PREGNANT, ("pregnancy_discovered",)
    return talk


def test_minoxidil_stays_paused_while_the_clinic_has_not_seen_to_a_pregnancy() -> None:
    said = pregnant().say("can i use minoxidil tonight?", "minoxidil_timing")
    assert said.text.startswith("No minoxidil until the clinic has looked")
    assert "yes" not in said.text.lower()


def test_other_answers_go_on_in_a_pregnancy() -> None:
    assert "Yes" in pregnant().say("can i wash tonight?", "washing_hair").text


def test_the_days_plan_of_a_pregnancy_names_neither_minoxidil_nor_alcohol() -> None:
    said = pregnant().say("what can i do today?", "healing_timeline")
    assert "Washing" in said.text
    assert "inoxidil" not in said.text
    assert "lcohol" not in said.text


def test_who_is_under_18_is_refused_minoxidil_also_after_another_question() -> None:
    talk = Talk.at("2025-06-12T12:00", "2025-06-10T11:30")
    assert "under 18" in talk.say("im 16, can i use minoxidil", "minoxidil_timing").text
    talk.say("when can i wash", "washing_hair")
    assert talk.say("can i put minoxidil on tonight", "minoxidil_timing").text.startswith("No minoxidil")


def test_a_mothers_question_for_a_child_does_not_hold_back_her_own() -> None:
    talk = Talk.at("2025-06-12T12:00", "2025-06-10T11:30")
    assert "under 18" in talk.say("my son is 16, may he use minoxidil", "minoxidil_timing", "contraindications").text
    talk.say("when can i wash", "washing_hair")
    assert "yes" in talk.say("can i put minoxidil on tonight", "minoxidil_timing").text.lower()


def test_on_the_day_of_the_next_session_the_last_one_allows_nothing() -> None:
    talk = Talk.at("2025-06-10T09:00", "2025-05-13T11:30")
    talk.say("my next session is today at noon", "inform_session_time")
    said = talk.say("can i use minoxidil this morning?", "minoxidil_timing")
    assert "yes" not in said.text.lower()
    assert "before" in said.text


def test_far_before_the_next_session_the_last_one_counts() -> None:
    talk = Talk.at("2025-06-10T09:00", "2025-06-08T11:30")
    talk.say("my next session is on friday at noon", "inform_session_time")
    assert "yes" in talk.say("can i use minoxidil this evening?", "minoxidil_timing").text.lower()


def test_once_a_told_session_must_be_over_its_end_is_asked_for() -> None:
    talk = Talk.at("2025-06-10T09:00", "2025-05-13T11:30")
    talk.say("my appointment is at 2pm today", "inform_session_time")
    talk.now = Talk.at("2025-06-10T17:00").now
    said = talk.say("can i put my minoxidil on tonight?", "minoxidil_timing")
    assert "since" not in said.text
    assert [button["title"] for button in said.buttons] == ["Today", "Yesterday", "2-3 days ago", "Longer ago"]
    said = talk.say("it ended at 3pm today", "inform_session_time")
    assert isinstance(said.effects[0], TreatmentEffect)
    assert "15:00 tomorrow" in said.text
    assert "15:00 tomorrow" in talk.say("and minoxidil tomorrow morning?", "minoxidil_timing").text


def test_a_day_number_said_in_passing_does_not_undo_an_hour() -> None:
    talk = Talk.at("2025-06-11T10:00")
    said = talk.say("had my session yesterday at 3pm, can i use minoxidil?", "minoxidil_timing")
    assert "15:00 today" in said.text
    said = talk.say("ok its day 2 now, can i use minoxidil?", "minoxidil_timing")
    assert "15:00 today" in said.text
    assert not [effect for effect in said.effects if isinstance(effect, TreatmentEffect)]


def test_a_day_number_alone_does_not_undo_an_hour_either() -> None:
    talk = Talk.at("2025-06-11T10:00")
    talk.say("had my session yesterday at 3pm, can i use minoxidil?", "minoxidil_timing")
    said = talk.say("its day 2", "inform_session_time")
    assert not [effect for effect in said.effects if isinstance(effect, TreatmentEffect)]
    assert "15:00 today" in talk.say("and minoxidil?", "minoxidil_timing").text


def test_a_nurses_wait_goes_to_what_it_stands_beside() -> None:
    talk = Talk.at("2025-06-11T12:00", "2025-06-10T11:30")
    said = talk.say(
        "the nurse said i can wash tomorrow but no minoxidil for 3 days", "washing_hair", "minoxidil_timing"
    )
    assert PersonalEffect("minox_after_h", 72) in said.effects
