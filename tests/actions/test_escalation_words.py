"""What an escalation always says: what to do now, who answers by when, what to watch for. And a no is respected."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from bot.care.refusal import refuses_help
from tests.actions.talk import Talk, verdict

SESSION = "2025-06-10T11:30"
OPEN = "2025-06-13T14:00"  # a Friday
AT_NIGHT = "2025-06-12T23:00"
WEEKEND = "2025-06-14T11:00"
HOLIDAY = "2026-12-25T11:00"  # a Friday on which the example clinic is closed
URGENT = ("infection", "fever", "worse", "herpes", "allergy", "stop_minoxidil", "bleeding", "blood_exposure", "needle",
          "burn", "eye", "pregnancy", "poison", "mood", "urgent")  # fmt: skip


@pytest.mark.parametrize("advice", URGENT)
@pytest.mark.parametrize(
    ("now", "route", "due"),
    [
        (OPEN, "call the clinic now: 020 7946 0857 (open until 18:00 today)", "16:00 today"),
        ("2025-06-13T17:30", "call the clinic now: 020 7946 0857", "19:30 today"),
        (AT_NIGHT, "closed until 09:00 tomorrow, so please call 111 (NHS urgent care) now", "01:00 tomorrow"),
        (WEEKEND, "closed until Monday 16 June at 09:00, so please call 111", "13:00 today"),
        (HOLIDAY, "closed until Tuesday 29 December at 09:00, so please call 111", "13:00 today"),
    ],
)
def test_urgent_says_what_to_do_now_who_answers_by_when_and_what_to_watch_for(
    now: str, route: str, due: str, advice: str
) -> None:
    said = Talk.at(now, SESSION).say("something", "side_effects", triage=verdict("urgent", advice)).text
    assert route.replace(" today)", "") in said
    assert f"They aim to answer you here by {due}" in said
    assert "999" in said.split("They aim to answer")[1]  # when it would be an emergency


def test_a_clinic_closed_for_months_still_sends_people_to_help(clinic_with: Any) -> None:
    first = date(2025, 6, 10)
    clinic_with({"hours.holidays": [str(first + timedelta(days=day)) for day in range(90)]})
    said = Talk.at("2025-06-10T14:00").say("something", "x", triage=verdict("urgent", "infection")).text
    assert "The clinic is closed, so please call 111" in said
    assert "closed now" in Talk.at("2025-06-10T14:00").say("a person please", "book_or_human").text
    assert "closed now" in Talk.at("2025-06-10T14:00").say("are you open", "book_or_human").text


@pytest.mark.parametrize("now", [OPEN, AT_NIGHT, WEEKEND, HOLIDAY])
@pytest.mark.parametrize("advice", ["allergy", "sepsis", "collapse", "bleeding", "infection", "emergency", "lidocaine"])
def test_an_emergency_calls_first_whatever_the_hour_and_does_not_wait_for_the_clinic(now: str, advice: str) -> None:
    said = Talk.at(now, SESSION).say("something", "side_effects", triage=verdict("emergency", advice)).text
    assert said.startswith("Call 999 now")
    assert "told the clinic" in said
    assert "don't wait here" in said
    assert len(said.split("\n\n")) >= 3  # the call, what to do meanwhile, that the clinic knows


@pytest.mark.parametrize(
    ("now", "due"),
    [(OPEN, "Tuesday 17 June"), (AT_NIGHT, "Monday 16 June"), (WEEKEND, "Tuesday 17 June"), (HOLIDAY, "30 December")],
)
def test_routine_names_the_working_day_and_what_would_not_wait(now: str, due: str) -> None:
    said = Talk.at(now, SESSION).say("something", "side_effects", triage=verdict("routine", "routine")).text
    assert due in said
    assert "020 7946 0857" in said
    assert "tell me at once" in said


REFUSALS = (
    "i don't want to call anyone",
    "I dont want to ring them",
    "im not calling 999",
    "I won't call",
    "not going to hospital",
    "i'd rather not bother anyone",
    "I don't need a doctor",
    "no hospital please",
    "i refuse to go to the er",
)


@pytest.mark.parametrize("text", REFUSALS)
def test_a_refusal_is_heard(text: str) -> None:
    assert refuses_help(text)


@pytest.mark.parametrize(
    "text",
    [
        "i can't call, my phone is broken",
        "should i call anyone?",
        "i don't want to go to the gym",
        "please don't call me at work",
        "nobody answers the phone",
        "i don't want to lose my hair",
        "not sure",
    ],
)
def test_what_is_no_refusal_is_not_taken_for_one(text: str) -> None:
    assert not refuses_help(text)


@pytest.mark.parametrize("intent", ["deny", "small_talk", "out_of_scope", "nlu_fallback", "anger", "book_or_human"])
def test_a_refusal_is_respected_and_the_advice_repeated_once(intent: str) -> None:
    talk = Talk.at(OPEN, SESSION)
    talk.say("pus", "infection_signs", triage=verdict("urgent", "infection"))
    said = talk.say("i don't want to call anyone", intent)
    assert "your decision" in said.text
    assert "020 7946 0857" in said.text
    assert "Call 999 at once if" in said.text
    assert "answer you here by 16:00 today" in said.text
    again = talk.say("i really don't want to call anyone", intent).text
    assert "020 7946 0857" not in again
    assert "I'll leave it there" in again
    answer = talk.say("how much is a session", "cost").text
    assert "still needs to be looked at" not in answer
    assert "I'll leave it there" in talk.say("relax its fine", "small_talk").text


def test_a_refusal_does_not_lift_what_must_wait() -> None:
    talk = Talk.at(OPEN, SESSION)
    talk.say("pus", "infection_signs", triage=verdict("urgent", "infection"))
    talk.say("i won't call", "deny")
    assert "until the clinic has looked" in talk.say("gym today?", "exercise_sweat").text


def test_a_worse_sign_after_a_refusal_gets_its_full_reply_and_may_be_refused_anew() -> None:
    talk = Talk.at(OPEN, SESSION)
    talk.say("pus", "infection_signs", triage=verdict("urgent", "infection"))
    talk.say("i won't call", "deny")
    assert talk.say("cant breathe", "x", triage=verdict("emergency", "allergy")).text.startswith("Call 999 now")
    said = talk.say("im not calling 999", "deny").text
    assert "your decision" in said
    assert "999: please call now" in said


def test_a_refusal_beside_a_new_sign_is_escalated() -> None:
    talk = Talk.at(OPEN, SESSION)
    talk.say("pus", "infection_signs", triage=verdict("urgent", "infection"))
    said = talk.say("i won't call but my throat swells", "x", triage=verdict("emergency", "allergy"))
    assert said.text.startswith("Call 999 now")


def test_a_refusal_in_a_crisis_stays_with_them() -> None:
    talk = Talk.at("2025-06-10T22:30")
    talk.say("i dont want to be here anymore", "small_talk", triage=verdict("emergency", "crisis"))
    said = talk.say("i don't want to talk to anyone", "deny")
    assert "116 123" in said.text
    assert said.text.endswith("Are you safe right now?")
    assert [button["title"] for button in said.buttons] == ["Yes, I'm safe right now", "No, I'm not safe"]
    assert talk.say("no", "deny").text.startswith("Call 999 now")


def test_without_an_open_case_a_refusal_is_small_talk() -> None:
    said = Talk.at(OPEN, SESSION).say("i don't want to call anyone", "deny").text
    assert "your decision" not in said


@pytest.mark.parametrize(
    ("text", "last", "key", "figure", "words"),
    [
        ("the nurse told me 72 h", "minoxidil_timing", "minox_after_h", 72, "72 hours"),
        ("the doctor told me to wait three days with minoxidil", "minoxidil_timing", "minox_after_h", 72, "72 hours"),
        ("nurse said a week before swimming", "exercise_sweat", "pool_h", 168, "7 days"),
        ("she told me no dye for 3 weeks", "hair_products_dye", "dye_d", 21, "21 days"),
        ("the clinic said i should wait 2 days with shampoo", "washing_hair", "wash_h", 48, "48 hours"),
    ],
)
def test_a_clinicians_longer_wait_is_kept_and_overrides_the_plan(
    text: str, last: str, key: str, figure: float, words: str
) -> None:
    talk = Talk.at("2025-06-10T17:30", SESSION)
    said = talk.say(text, last)
    assert talk.personal == {key: figure}
    assert f"what your clinician told you: {words}" in said.text


@pytest.mark.parametrize("text", ["the nurse told me 12 h", "the nurse said one hour is enough for minoxidil"])
def test_a_shorter_one_is_referred_and_not_kept(text: str) -> None:
    talk = Talk.at("2025-06-10T17:30", SESSION)
    said = talk.say(text, "minoxidil_timing").text
    assert talk.personal == {}
    assert "until the clinic confirms" in said
    assert "020 7946 0857" in said


def test_below_the_red_line_nothing_is_kept_even_where_the_clinic_has_set_no_figure(clinic_with: Any) -> None:
    clinic_with({"protocol.wash_h": None})
    talk = Talk.at("2025-06-10T17:30", SESSION)
    said = talk.say("the nurse told me i can wash after 3 hours", "washing_hair").text
    assert talk.personal == {}
    assert "020 7946 0857" in said
    assert "shorter than I may go by" in said
    talk.say("the nurse told me to wait 30 hours to wash", "washing_hair")
    assert talk.personal == {"wash_h": 30}


def test_when_it_was_done_is_no_instruction() -> None:
    talk = Talk.at("2025-06-10T17:30", SESSION)
    talk.say("the nurse said it ended 72 hours ago", "inform_session_time")
    assert talk.personal == {}


@pytest.mark.parametrize(
    ("text", "latest"),
    [
        ("yesterday", "the end of yesterday"),
        ("this morning", "12:00 today"),
        ("yesterday afternoon", "18:00 yesterday"),
        ("monday", "the end of yesterday"),
        ("about 3 hours ago", "14:30 today"),
    ],
)
def test_a_vague_time_says_from_which_moment_it_counts(text: str, latest: str) -> None:
    talk = Talk.at("2025-06-10T17:30")
    talk.slots["asked"] = "session_time"
    said = talk.say(text, "inform_session_time").text
    assert f"the latest it can have ended: {latest}" in said


def test_a_vague_time_beside_a_question_is_said_after_the_answer() -> None:
    talk = Talk.at("2025-06-10T17:30")
    said = talk.say("had it like 20 hours ago, can i do minoxidil now", "minoxidil_timing").text
    assert said.index("21:30 today") < said.index("the latest your session can have ended: 21:30 yesterday")


def test_a_correction_of_the_time_changes_the_plan() -> None:
    talk = Talk.at("2025-06-10T17:30")
    talk.say("my session was yesterday at 3pm", "inform_session_time")
    assert "your wait of 24 hours is over" in talk.say("minoxidil?", "minoxidil_timing").text.lower()
    talk.say("no it was today at 11", "correction")
    assert "11:00 tomorrow" in talk.say("minoxidil?", "minoxidil_timing").text


def test_what_now_is_answered_with_what_to_do_and_not_with_reasons() -> None:
    talk = Talk.at(AT_NIGHT, SESSION)
    talk.say("my lips swell and i cant breathe", "side_effects", triage=verdict("emergency", "allergy"))
    assert "999" in talk.say("what now", "follow_up_why").text
    talk = Talk.at(AT_NIGHT, SESSION)
    talk.say("it oozes", "side_effects", triage=verdict("urgent", "infection"))
    said = talk.say("what happens now? is anyone there", "bot_identity").text
    assert "please call 111" in said
    assert "aims to answer you here by 01:00 tomorrow" in said
    assert "only someone who sees you" in talk.say("but why", "follow_up_why").text


def test_writing_again_puts_off_no_promise() -> None:
    talk = Talk.at(AT_NIGHT, SESSION)
    talk.say("it oozes", "side_effects", triage=verdict("urgent", "infection"))
    talk.case = {**(talk.case or {}), "due": "2025-06-12T23:30:00+00:00"}  # half past midnight in London
    assert "aims to answer you here by 00:30 tomorrow" in talk.say("i don't want to call anyone", "deny").text


@pytest.mark.parametrize("text", ["can i take ibuprofen", "which painkiller can I take", "how many mg of paracetamol"])
def test_no_painkiller_is_named_where_it_could_hide_a_fever(text: str) -> None:
    talk = Talk.at(OPEN, SESSION)
    talk.say("it oozes", "side_effects", triage=verdict("urgent", "infection"))
    said = talk.say(text, "pain_relief").text
    assert "it can hide a fever" in said
    assert "as the pack says" not in said
    assert "Never stop" in talk.say("do i stop my prescribed aspirin", "pain_relief").text
