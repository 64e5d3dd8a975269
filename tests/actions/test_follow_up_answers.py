"""Answers to check-ins and words about reminders, through the real actions."""

from __future__ import annotations

import pytest

from bot.care.effects import CheckEffect, RemindersEffect, ZoneEffect
from bot.triage.tier import Tier
from tests.actions.talk import Said, Talk, verdict

CHECK = "do you have any of these right now?"


def talk() -> Talk:
    return Talk.at("2025-06-12T10:00", "2025-06-09T15:00")


def press(talk: Talk, payload: str, intent: str, **entities: str) -> Said:
    return talk.say(payload, intent, entities=entities)


def calm(talk: Talk) -> Said:
    return press(talk, '/deny{"feeling": "calm"}', "deny", feeling="calm")


def worried(talk: Talk) -> Said:
    return press(talk, '/side_effects{"feeling": "worried"}', "side_effects", feeling="worried")


def test_all_calm_says_what_to_watch_for() -> None:
    said = calm(talk())
    assert said.text.startswith("Good to hear.")
    assert "fever" in said.text
    assert not said.cases


def test_a_bit_worried_is_asked_for_signs() -> None:
    conversation = talk()
    said = worried(conversation)
    assert CHECK in said.text
    assert CheckEffect("asked") in said.effects
    assert not said.cases
    assert conversation.press(said, "Pus, ooze or a bad smell").cases[0].tier == "urgent"


def test_worse_is_urgent_and_says_what_to_do() -> None:
    said = press(talk(), '/report_urgent{"sign": "worse"}', "report_urgent", sign="worse")
    assert [case.tier for case in said.cases] == ["urgent"]
    assert "020 7946 0857" in said.text
    assert "today" in said.text.lower()


@pytest.mark.parametrize("answer", [calm, worried])
def test_while_an_urgent_case_is_open_nothing_sounds_like_all_clear(answer) -> None:  # type: ignore[no-untyped-def]
    conversation = talk()
    conversation.say("green pus", "infection_signs", triage=verdict("urgent", "infection"))
    said = answer(conversation)
    assert "Good to hear" not in said.text
    assert CHECK not in said.text


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("stop reminders", False),
        ("Please stop the reminders!", False),
        ("no more check-ins please", False),
        ("i don't want any more reminders", False),
        ("stop sending me reminders", False),
        ("remind me", True),
        ("yes, remind me please", True),
        ("turn on reminders again", True),
    ],
)
def test_reminders_are_turned_on_and_off_in_words_whatever_the_classifier_read(text: str, wanted: bool) -> None:
    said = talk().say(text, "small_talk")
    assert said.effects == [RemindersEffect(wanted)]
    assert ("remind you" in said.text) == wanted


@pytest.mark.parametrize(
    "text", ["stop", "how do i stop the bleeding", "remind me when i can wash?", "stop minoxidil", "reminder"]
)
def test_other_words_are_left_to_the_dialogue(text: str) -> None:
    assert RemindersEffect(False) not in talk().say(text, "washing_hair").effects
    assert RemindersEffect(True) not in talk().say(text, "washing_hair").effects


def test_a_sign_goes_before_reminders() -> None:
    said = talk().say("stop reminders", "privacy_request", triage=verdict("urgent", "infection"))
    assert said.cases[0].tier == "urgent"
    assert RemindersEffect(False) not in said.effects


@pytest.mark.parametrize(("intent", "wanted"), [("affirm", True), ("deny", False)])
def test_a_bare_yes_or_no_after_the_offer_answers_it(intent: str, wanted: bool) -> None:
    conversation = talk()
    conversation.reminders = "asked"
    assert conversation.say("yes please" if wanted else "no thanks", intent).effects == [RemindersEffect(wanted)]
    conversation.reminders = None
    assert conversation.say("yes please" if wanted else "no thanks", intent).effects == []


def test_a_yes_to_another_question_of_ours_is_not_the_offers() -> None:
    conversation = talk()
    conversation.reminders = "asked"
    conversation.slots["asked"] = "infection"
    said = conversation.say("yes", "affirm")
    assert [Tier.from_label(case.tier) for case in said.cases] == [Tier.URGENT]


def test_a_bare_stop_is_taken_where_reminders_are_on() -> None:
    conversation = talk()
    conversation.reminders = "on"
    assert conversation.say("STOP", "deny").effects == [RemindersEffect(False)]


def test_stop_messaging_me_stops_them_without_a_case() -> None:
    said = talk().say("stop messaging me", "privacy_request")
    assert said.effects == [RemindersEffect(False)]


def test_the_patients_zone_is_taken_where_it_is_said() -> None:
    said = talk().say("btw my time zone is New York", "small_talk")
    assert said.effects == [ZoneEffect("America/New_York")]
    assert "clock of New York." in said.text


def test_whoever_wants_reminders_and_has_no_session_yet_is_asked_when_it_was() -> None:
    conversation = Talk.at("2025-06-12T10:00")
    said = conversation.say("remind me", "small_talk")
    assert said.effects == [RemindersEffect(True)]
    assert "when did it end?" in said.text
    assert conversation.slots["asked"] == "session_time"
