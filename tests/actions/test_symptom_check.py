"""Asking when unsure: doubt asks the check, every kind of answer to it is taken, and no silence or evasion is a no."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.care.effects import CaseEffect, CheckEffect, TopicEffect, TreatmentEffect
from tests.actions.talk import Said, Talk, verdict

BUTTONS = [
    "Fever 38 °C / 100.4 °F or more",
    "Spreading, hotter, more pain",
    "Pus, ooze or a bad smell",
    "Breathless or swollen face",
    "None of these",
    "I'm not sure",
]
QUESTION = "do you have any of these right now?"


def titles(said: Said) -> list[str]:
    return [button["title"] for button in said.buttons]


def step(said: Said) -> str | None:
    return next(effect.step for effect in said.effects if isinstance(effect, CheckEffect))


def asked(session: str | None = "2025-06-10T11:30") -> tuple[Talk, Said]:
    """A patient whose message left doubt, and the check they got."""
    talk = Talk.at("2025-06-12T14:00", session)
    return talk, talk.say("bit tender today", "side_effects", doubtful=True)


def test_doubt_is_answered_and_then_asked_about_in_one_message() -> None:
    _, said = asked()
    assert not said.cases
    assert said.order.count("text") == 1
    assert said.text.index("You're on day 2") < said.text.index(QUESTION)
    assert TopicEffect(("side_effects",)) in said.effects
    assert titles(said) == BUTTONS
    assert step(said) == "asked"


@pytest.mark.parametrize(
    "intent", ["small_talk", "greet", "nlu_fallback", "follow_up_why", "out_of_scope", "cost", "deny"]
)
def test_doubt_asks_whatever_the_message_was_about(intent: str) -> None:
    said = Talk.at("2025-06-12T14:00", "2025-06-10T11:30").say("hm it tingles a lot", intent, doubtful=True)
    assert said.text.endswith("swelling of the face, lips or throat")
    assert titles(said) == BUTTONS


def test_one_question_at_a_time() -> None:
    said = Talk.at("2025-06-12T14:00").say("tender, can i wash?", "washing_hair", doubtful=True)
    assert QUESTION in said.text
    assert "when did it end?" not in said.text


@pytest.mark.parametrize(
    ("title", "tier", "sign", "advice"),
    [
        (BUTTONS[0], "urgent", "answered_fever", "Write down your temperature"),
        (BUTTONS[1], "urgent", "answered_spreading", "don't squeeze it"),
        (BUTTONS[2], "urgent", "answered_pus", "don't squeeze it"),
        (BUTTONS[3], "emergency", "answered_breathing", "adrenaline pen"),
    ],
)
def test_each_sign_that_is_pressed_escalates_at_once(title: str, tier: str, sign: str, advice: str) -> None:
    talk, said = asked()
    said = talk.press(said, title)
    [case] = said.cases
    assert (case.tier, case.reason, [one["id"] for one in case.signs]) == (tier, "red_flag", [sign])
    assert advice in said.text
    assert said.text.startswith("Call 999 now") is (tier == "emergency")
    assert step(said) is None
    assert not said.buttons


def test_not_sure_gets_a_call_back_and_what_to_watch_for() -> None:
    talk, said = asked()
    for answer in (talk.press(said, "I'm not sure"), asked()[0].say("not sure", "nlu_fallback")):
        [case] = answer.cases
        assert (case.tier, case.reason, case.signs[0]["id"]) == ("routine", "concern", "answered_unsure")
        assert "A clinician will look at this and contact you by" in answer.text
        assert "tell me at once" in answer.text
        assert "999" in answer.text


def test_none_reassures_without_calling_anything_fine() -> None:
    talk, said = asked()
    for answer in (talk.press(said, "None of these"), asked()[0].say("no none of them", "deny")):
        assert not answer.cases
        assert step(answer) == "denied"
        assert "tell me at once if" in answer.text
        assert "fine" not in answer.text
        assert not answer.buttons


def test_none_asks_when_the_session_was_where_nobody_knows_and_answers_what_waited_for_it() -> None:
    talk = Talk.at("2025-06-12T14:00")
    said = talk.say("tender, can i wash?", "washing_hair", doubtful=True)
    said = talk.press(said, "None of these")
    assert titles(said) == ["Today", "Yesterday", "2-3 days ago", "Longer ago"]
    said = talk.press(said, "Yesterday")
    assert isinstance(said.effects[0], TreatmentEffect)
    assert "wash" in said.text
    assert QUESTION not in said.text


def test_an_old_none_button_is_no_answer_to_whether_somebody_is_safe() -> None:
    talk, said = asked()
    talk.say("i dont want to be here anymore", "small_talk", triage=verdict("emergency", "crisis"))
    assert not talk.press(said, "None of these").cases


@pytest.mark.parametrize("intent", ["affirm", "nlu_fallback", "side_effects", "small_talk"])
@pytest.mark.parametrize(
    ("text", "tier"),
    [("the second", "urgent"), ("fever yes", "urgent"), ("i think so", "urgent"), ("some ooze", "urgent"),
     ("my lips are swollen", "emergency")],
)  # fmt: skip
def test_a_clear_yes_in_words_escalates_whatever_it_was_read_as(text: str, tier: str, intent: str) -> None:
    assert asked()[0].say(text, intent).cases[0].tier == tier


@pytest.mark.parametrize("again", ["yes", "hm", "the thing on my head", "when can i wash?"])
def test_a_yes_alone_is_asked_which_once_and_then_urgent(again: str) -> None:
    talk, _ = asked()
    said = talk.say("yes", "affirm")
    assert not said.cases
    assert "Which one" in said.text
    assert titles(said) == BUTTONS
    assert step(said) == "yes"
    said = talk.say(again, "washing_hair")
    assert [case.tier for case in said.cases] == ["urgent"]
    assert talk.check is None


def test_after_which_one_a_clear_answer_counts_as_such() -> None:
    for text, tiers in (("the fourth", ["emergency"]), ("none", []), ("not sure", ["routine"])):
        talk, _ = asked()
        talk.say("yes", "affirm")
        assert [case.tier for case in talk.say(text, "nlu_fallback").cases] == tiers


def test_a_second_unclear_answer_is_urgent() -> None:
    talk, _ = asked()
    assert step(talk.say("swelling", "nlu_fallback")) == "unclear"
    assert talk.say("blorp", "nlu_fallback").cases[0].tier == "urgent"


def test_a_sign_that_is_over_or_somebody_elses_is_asked_about() -> None:
    talk, _ = asked()
    past = {"id": "fever", "tier": "urgent", "start": 2, "end": 7, "evidence": "fever", "reason": "past"}
    said = talk.say("a fever last year", "small_talk", triage={"tier": "none", "signs": [], "lowered": [past]})
    assert (said.cases, step(said)) == ([], "unclear")


def test_an_ignored_check_is_answered_reminded_of_once_and_then_left_to_a_clinician() -> None:
    talk, _ = asked()
    said = talk.say("when can i dye my hair", "hair_products_dye")
    assert said.text.startswith("Dye") or "dye" in said.text.lower()
    assert said.text.endswith("do you have any of these signs right now?")
    assert titles(said) == BUTTONS
    assert step(said) == "reminded"
    said = talk.say("and the gym", "exercise_sweat")
    assert "gym" in said.text.lower() or "sport" in said.text.lower() or "sweat" in said.text.lower()
    [case] = said.cases
    assert (case.tier, case.reason, case.signs[0]["id"]) == ("routine", "check_unanswered", "check_unanswered")
    assert "a clinician at Juniper Hair Clinic" in said.text
    assert "999" in said.text
    said = talk.say("and wine", "alcohol_smoking")
    assert (said.cases, said.buttons) == ([], [])


def test_an_answer_that_comes_late_still_counts() -> None:
    talk, _ = asked()
    talk.say("dye?", "hair_products_dye")
    talk.say("gym?", "exercise_sweat")
    assert talk.say("blorp", "nlu_fallback").cases == []
    assert talk.say("ok it was the third", "nlu_fallback").cases[0].tier == "urgent"


def test_ok_and_thanks_are_no_yes() -> None:
    for text, intent in (("ok", "affirm"), ("thanks", "thanks")):
        said = asked()[0].say(text, intent)
        assert (said.cases, step(said)) == ([], "reminded")


def test_no_and_another_question_answers_both() -> None:
    said = asked()[0].say("no. when can i swim?", "exercise_sweat")
    assert "pool" in said.text
    assert (said.cases, step(said)) == ([], "denied")


def test_after_none_mere_doubt_asks_nothing_for_twelve_hours() -> None:
    talk, said = asked()
    talk.press(said, "None of these")
    talk.now += timedelta(hours=11)
    said = talk.say("bit sore, can i wash?", "washing_hair", doubtful=True)
    assert QUESTION not in said.text
    assert "wash" in said.text
    assert said.text.split("\n\n")[-1].startswith("Tell me at once if")
    assert not said.buttons
    talk.now += timedelta(hours=2)
    assert QUESTION in talk.say("bit sore", "side_effects", doubtful=True).text


def test_a_sign_the_gate_finds_closes_the_check_and_weighs_with_the_answer() -> None:
    talk, _ = asked()
    said = talk.say("pus", "infection_signs", triage=verdict("urgent", "infection"))
    assert (said.cases[0].tier, talk.check) == ("urgent", None)
    talk, _ = asked()
    said = talk.say("a bit of fever", "side_effects", triage=verdict("routine", "routine"))
    assert said.cases[0].tier == "urgent"
    talk, _ = asked()
    said = talk.say("it itches a bit", "side_effects", triage=verdict("routine", "routine"))
    assert (said.cases[0].tier, talk.check) == ("routine", None)


def test_a_message_written_before_the_check_was_read_neither_ignores_nor_answers_it() -> None:
    talk, _ = asked()
    assert talk.check
    talk.check["step"] = "unseen"
    said = talk.say("yes", "affirm", doubtful=True)
    assert [effect for effect in said.effects if isinstance(effect, (CheckEffect, CaseEffect))] == []


def test_nothing_is_asked_where_a_clinician_looks_today_already_or_all_is_denied() -> None:
    talk = Talk.at("2025-06-12T14:00", "2025-06-10T11:30")
    talk.say("pus", "infection_signs", triage=verdict("urgent", "infection"))
    assert QUESTION not in talk.say("still sore, can i wash?", "washing_hair", doubtful=True).text
    talk = Talk.at("2025-06-12T14:00", "2025-06-10T11:30")
    assert QUESTION not in talk.say("no pus, no fever, all good?", "side_effects", doubtful=True).text


def test_a_button_of_the_bot_that_answers_something_else_is_no_answer_to_the_check() -> None:
    talk, _ = asked()
    said = talk.say("/book_or_human", "book_or_human")
    assert [case.reason for case in said.cases] == ["asked_for_person"]
    assert step(said) == "reminded"
