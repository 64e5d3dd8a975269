"""The symptom check through the real processes: answers in words and by button, evasion, and silence."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.doubles.telegram_people import Patient

from .people import Clerk, WebPatient, telegram_conversation
from .stack import Stack, until

PAST = timedelta(minutes=1)


def is_asked(stack: Stack, conversation_id: str, due: timedelta = timedelta(minutes=30)) -> None:
    """Set the check as asked: which messages leave doubt is the model's affair, and changes with it."""
    now = datetime.now(UTC).replace(tzinfo=None)
    query = "UPDATE conversations SET check_step = 'asked', check_at = ?, check_due_at = ? WHERE id = ?"
    stack.changes(query, str(now - timedelta(hours=1)), str(now + due), conversation_id)


def check_of(stack: Stack, conversation_id: str) -> str | None:
    """The step the check has come to."""
    return stack.rows("SELECT check_step FROM conversations WHERE id = ?", conversation_id)[0]["check_step"]


def test_none_is_pressed_and_the_session_s_time_after_it(stack: Stack, chat: Patient) -> None:
    chat.sends("when can I wash my hair?")
    conversation_id = telegram_conversation(stack, chat.chat_id)
    until(lambda: chat.texts, "an answer")
    is_asked(stack, conversation_id)
    chat.sends("yes")
    until(lambda: "Which one" in chat.texts[-1], "which one it is")
    chat.presses(chat.messages[-1], "None of these")
    until(lambda: "Today" in chat.messages[-1].buttons, "when the session was")
    chat.presses(chat.messages[-1], "Yesterday")
    until(lambda: "wash" in chat.texts[-1], "the wash, by the session's time")
    assert stack.cases(conversation_id) == []


@pytest.mark.parametrize(
    ("answer", "tier", "left"),
    [("the second", 2, None), ("i think so", 2, None), ("the fourth one", 3, None), ("i'm not sure", 1, None),
     ("none of them", None, "denied")],
)  # fmt: skip
def test_an_answer_in_words(stack: Stack, patient: WebPatient, answer: str, tier: int | None, left: str | None) -> None:
    patient.asks("when can I wash my hair?")
    is_asked(stack, patient.conversation_id)
    replies = patient.asks(answer)
    assert [case["tier"] for case in stack.cases(patient.conversation_id)] == ([tier] if tier else []), replies
    assert check_of(stack, patient.conversation_id) == left


def test_a_sign_is_pressed_on_telegram(stack: Stack, chat: Patient) -> None:
    chat.sends("when can I wash my hair?")
    conversation_id = telegram_conversation(stack, chat.chat_id)
    until(lambda: chat.texts, "an answer")
    is_asked(stack, conversation_id)
    chat.sends("yes")
    until(lambda: "Which one" in chat.texts[-1], "which one it is")
    assert len(chat.messages[-1].buttons) == 6
    before = len(chat.texts)
    chat.presses(chat.messages[-1], "Breathless or swollen face")
    until(lambda: any("adrenaline" in text for text in chat.texts[before:]), "what to do now")
    assert chat.texts[before].startswith(f"Call {stack.clinic.contacts.emergency_number} now"), chat.texts
    (case,) = stack.cases(conversation_id)
    assert (case["tier"], case["reason"]) == (3, "red_flag")


def test_an_ignored_check_is_repeated_once_and_then_a_clinician_looks(stack: Stack, patient: WebPatient) -> None:
    patient.asks("when can I wash my hair?")
    is_asked(stack, patient.conversation_id)
    (said,) = patient.asks("when can I go swimming?")
    assert "pool" in said.lower()
    assert said.endswith("do you have any of these signs right now?")
    assert stack.cases(patient.conversation_id) == []
    assert stack.clinic.contacts.emergency_number in patient.asks("how much does a session cost?")[-1]
    (case,) = stack.cases(patient.conversation_id)
    assert (case["tier"], case["reason"]) == (1, "check_unanswered")


def test_silence_brings_a_clinician_after_a_restart_too(stack: Stack, patient: WebPatient, nurse: Clerk) -> None:
    patient.asks("when can I wash my hair?")
    stack.kill("bot")
    is_asked(stack, patient.conversation_id, -PAST)
    stack.start("bot")
    (case,) = until(lambda: stack.cases(patient.conversation_id), "a case")
    assert (case["tier"], case["reason"]) == (1, "check_unanswered")
    told = stack.messages(patient.conversation_id, "bot")[-1]["text"]
    assert "clinician" in told
    assert stack.clinic.contacts.emergency_number in told
    assert "Did not answer the symptom check" in nurse.page(patient.conversation_id)
