"""The main story on Telegram, with staff at the console."""

from tests.doubles.telegram_people import Patient

from .pages import SESSION_QUESTION
from .people import Clerk, telegram_conversation
from .stack import Stack, until

WORD = "Hello, I have read it. Can you send me a photo?"


def asks(stack: Stack, chat: Patient, text: str) -> str:
    """Write, and wait until everything the bot says to it has been delivered. Out: that."""
    before = len(chat.texts)
    chat.sends(text)
    conversation_id = telegram_conversation(stack, chat.chat_id)

    def answered() -> bool:
        rows = stack.messages(conversation_id)
        waiting = any(row["handling"] == "received" or row["delivery"] == "pending" for row in rows)
        return not waiting and len(chat.texts) > before

    until(answered, f"an answer to {text!r}")
    return "\n".join(chat.texts[before:])


def test_from_a_question_to_a_nurse_and_back(stack: Stack, chat: Patient, nurse: Clerk) -> None:
    answer = asks(stack, chat, "can I put my Rogaine on before bed?")
    assert "minoxidil" in answer.lower()
    assert SESSION_QUESTION.search(answer), answer

    advice = asks(stack, chat, "it oozes and i feel hot")
    assert "today" in advice
    conversation_id = telegram_conversation(stack, chat.chat_id)
    (case,) = stack.cases(conversation_id)
    assert (case["tier"], case["state"]) == (2, "open")
    assert conversation_id in nurse.http.get("/console").text
    page = nurse.page(conversation_id)
    assert '<mark class="tier-urgent"' in page
    assert "oozes</mark>" in page

    nurse.does(conversation_id, "take-over")
    until(lambda: any(nurse.called in text for text in chat.texts), "the patient reads who has joined")
    before = len(chat.texts)
    chat.sends("are you there? can I wash my hair?")
    until(lambda: len(stack.messages(conversation_id, "patient")) == 3, "the message is stored")
    nurse.replies(conversation_id, WORD)
    until(lambda: len(chat.texts) > before, "the nurse's words arrive")
    (said,) = chat.texts[before:]
    assert WORD in said
    assert nurse.name in said, "the patient reads whose words they are"

    nurse.does(conversation_id, "hand-back", {"reason": "answered"})
    nurse.closes(conversation_id, "advice_given")
    answer = asks(stack, chat, "when can I go swimming?")
    assert "pool" in answer.lower()
    assert [row["delivery"] for row in stack.messages(conversation_id) if row["author"] != "patient"].count(
        "failed"
    ) == 0
