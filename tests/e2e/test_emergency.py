"""An emergency: the number first, whoever has the conversation."""

import re

import pytest

from tests.doubles.telegram_people import Patient

from .people import Clerk, WebPatient, telegram_conversation
from .stack import Stack, until

WORDS = ("my tongue is swelling and I can't breathe", "im having chest pain and my left arm is numb")


def leads_with_the_number(stack: Stack, text: str) -> bool:
    """Whether the call to make stands in the first words."""
    number = re.escape(stack.clinic.contacts.emergency_number)
    return re.match(rf"\W*(please )?(call|phone|ring) {number}\b", text, re.IGNORECASE) is not None


@pytest.mark.parametrize("words", WORDS)
def test_the_number_comes_first(stack: Stack, patient: WebPatient, words: str) -> None:
    replies = patient.asks(words)
    assert leads_with_the_number(stack, replies[0]), replies
    (case,) = stack.cases(patient.conversation_id)
    assert case["tier"] == 3


@pytest.mark.parametrize(
    "words",
    [
        "it oozes, can i wash it",
        "pus on my hairline, can I still use my shampoo tonight",
        "I fainted in the shower, can I wash my hair tomorrow?",
        "my scalp is infected, when can I dye it",
    ],
)
def test_a_question_beside_a_sign_takes_nothing_from_it(stack: Stack, patient: WebPatient, words: str) -> None:
    replies = patient.asks(words)
    (case,) = stack.cases(patient.conversation_id) or [{"tier": 0}]
    assert case["tier"] >= 2, replies


def test_the_case_is_there_before_the_bot_has_answered(stack: Stack, patient: WebPatient) -> None:
    with stack.frozen("rasa"):
        patient.sends(WORDS[0])
        (case,) = stack.cases(patient.conversation_id)
        assert (case["tier"], case["state"]) == (3, "open")
        assert not stack.messages(patient.conversation_id, "bot")
    until(lambda: stack.messages(patient.conversation_id, "bot"), "the advice")


def test_the_nurse_who_has_the_chat_does_not_hold_the_number_back(
    stack: Stack, patient: WebPatient, nurse: Clerk
) -> None:
    patient.asks("when can I wash my hair?")
    nurse.does(patient.conversation_id, "take-over")
    first = patient.sends("is a little redness ok?")
    second = patient.sends(WORDS[0])
    said = [row["text"] for row in stack.messages(patient.conversation_id, "bot") if row["id"] > first]
    assert leads_with_the_number(stack, said[0]), said
    assert [stack.message(one)["handling"] for one in (first, second)] == ["held", "held"]
    (case,) = stack.cases(patient.conversation_id)
    assert (case["tier"], case["state"]) == (3, "with_clinician")
    assert "Emergency" in nurse.page(patient.conversation_id)


def test_the_same_on_telegram(stack: Stack, chat: Patient, nurse: Clerk) -> None:
    chat.sends("when can I wash my hair?")
    conversation_id = telegram_conversation(stack, chat.chat_id)
    until(lambda: chat.texts, "an answer")
    nurse.does(conversation_id, "take-over")
    until(lambda: nurse.name in chat.texts[-1], "the nurse has joined")
    before = len(chat.texts)
    chat.sends(WORDS[0])
    until(lambda: len(chat.texts) > before, "the safety text")
    assert leads_with_the_number(stack, chat.texts[before])
