"""Rasa away, Rasa deaf, the bot killed before it answers: everybody gets a word, and nobody gets it twice."""

import httpx

from tests.doubles.telegram_people import Patient

from .people import Clerk, WebPatient, telegram_conversation
from .stack import MARKER, Stack, until

QUESTION = f"when can I wash my {MARKER} hair?"
ALARM = f"there is green pus coming out of the {MARKER} spot"


def left_unanswered(stack: Stack, asking: WebPatient, alarmed: WebPatient, nurse: Clerk) -> None:
    """Both get an honest word, the alarmed one the advice before it; staff have a case for each."""
    first, second = asking.sends(QUESTION), alarmed.sends(ALARM)
    assert stack.handled(first)["handling"] == "unanswered"
    assert stack.handled(second)["handling"] == "unanswered"
    (honest,) = (row["text"] for row in stack.messages(asking.conversation_id, "bot") if row["id"] > first)
    assert stack.clinic.contacts.phone in honest or stack.clinic.contacts.out_of_hours_phone in honest, honest
    advice = [row["text"] for row in stack.messages(alarmed.conversation_id, "bot") if row["id"] > second]
    assert advice[-1] == honest
    assert "today" in advice[0] or "now" in advice[0], advice
    (case,) = stack.cases(asking.conversation_id)
    assert (case["tier"], case["state"], case["reason"]) == (1, "open", "no_answer")
    (case,) = stack.cases(alarmed.conversation_id)
    assert case["tier"] == 2
    assert "the assistant could not answer" in nurse.page(asking.conversation_id)


def answered_again(stack: Stack, *patients: WebPatient) -> None:
    """The next message is answered as ever."""
    for patient in patients:
        message_id = patient.sends("when can I swim?")
        assert stack.handled(message_id)["handling"] == "handled"
        said = [row["text"] for row in stack.messages(patient.conversation_id, "bot") if row["id"] > message_id]
        assert "pool" in " ".join(said).lower()


def test_rasa_that_hangs(stack: Stack, nurse: Clerk) -> None:
    asking, alarmed = WebPatient(stack), WebPatient(stack)
    with stack.frozen("rasa"):
        left_unanswered(stack, asking, alarmed, nurse)
    answered_again(stack, asking, alarmed)


def test_rasa_that_dies(stack: Stack, nurse: Clerk, chat: Patient) -> None:
    asking, alarmed = WebPatient(stack), WebPatient(stack)
    stack.kill("rasa")
    try:
        answer = httpx.get(f"{stack.url}/readyz", timeout=10, trust_env=False)
        assert (answer.status_code, answer.json()["rasa"], answer.json()["database"]) == (503, False, True)
        assert httpx.get(f"{stack.url}/healthz", trust_env=False).status_code == 200
        left_unanswered(stack, asking, alarmed, nurse)
        chat.sends(QUESTION)
        until(lambda: chat.texts, "an honest word on Telegram")
    finally:
        stack.start("rasa")
    answered_again(stack, asking, alarmed)
    before = len(chat.texts)
    chat.sends("when can I swim?")
    until(lambda: any("pool" in text.lower() for text in chat.texts[before:]), "Telegram is answered again")


def test_actions_that_die(stack: Stack, patient: WebPatient) -> None:
    stack.kill("actions")
    try:
        message_id = patient.sends(ALARM)
        assert stack.handled(message_id)["handling"] in ("handled", "unanswered")
        said = [row["text"] for row in stack.messages(patient.conversation_id, "bot")]
        assert "today" in said[0] or "now" in said[0], said
        (case,) = stack.cases(patient.conversation_id)
        assert case["tier"] == 2
        other = WebPatient(stack)
        assert other.asks(QUESTION), "an honest word at least"
    finally:
        stack.start("actions")
    answered_again(stack, patient, other)


def test_a_bot_killed_before_it_could_answer_answers_once(stack: Stack, patient: WebPatient, chat: Patient) -> None:
    held = "SELECT claimed_until FROM conversations WHERE id = ? AND claimed_by IS NOT NULL"
    with stack.frozen("rasa"):
        message_id = patient.sends(QUESTION)
        chat.sends(QUESTION)
        chat_id = telegram_conversation(stack, chat.chat_id)
        for conversation_id in (patient.conversation_id, chat_id):
            until(lambda one=conversation_id: stack.rows(held, one), "the bot has begun to answer")  # type: ignore[misc]
        stack.kill("bot")
    assert stack.message(message_id)["handling"] == "received"
    stack.start("bot")
    assert stack.handled(message_id)["handling"] == "handled"
    until(lambda: chat.texts, "the answer on Telegram")
    for conversation_id in (patient.conversation_id, chat_id):
        until(lambda one=conversation_id: not stack.rows(held, one), "the conversation is let go")  # type: ignore[misc]
        assert len(stack.messages(conversation_id, "patient")) == 1
        assert len(stack.messages(conversation_id, "bot")) == 1, "answered exactly once"
    assert len(chat.texts) == 1
    with patient.stream() as stream:
        until(lambda: len(stream.texts) == 2, "question and answer")
        assert stream.texts[0] == QUESTION
    answered_again(stack, patient)


def test_a_bot_that_was_away_takes_what_telegram_kept(stack: Stack, chat: Patient) -> None:
    stack.kill("bot")
    chat.sends(QUESTION)
    stack.start("bot")
    until(lambda: any("wash" in text.lower() for text in chat.texts), "the answer")
