"""No log holds a word of a patient, nor of a nurse to a patient, nor a token."""

import httpx

from tests.doubles.telegram_people import Patient

from .people import Clerk, WebPatient, telegram_conversation
from .stack import MARKER, Stack, until
from .test_bad_input import JPEG


def test_nothing_patients_write_is_in_any_log(stack: Stack, patient: WebPatient, chat: Patient, nurse: Clerk) -> None:
    patient.asks(f"when can I wash my {MARKER} hair?")
    patient.asks(f"it oozes {MARKER} and i feel hot")
    patient.posts(f"{MARKER} " * 2000)
    patient.attaches(JPEG, f"{MARKER}.jpg", text=f"look {MARKER}")
    patient.attaches(b"MZ", f"{MARKER}.exe", text=MARKER)
    patient.http.post("/api/v1/messages", content=f'{{"text": "{MARKER}"'.encode())
    patient.http.post("/api/v1/messages", json={"client_message_id": MARKER, "text": [MARKER]})
    patient.http.get(f"/api/v1/{MARKER}?q={MARKER}")
    nurse.does(patient.conversation_id, "take-over")
    nurse.replies(patient.conversation_id, f"Hello {MARKER}")
    nurse.does(patient.conversation_id, "hand-back", {"reason": "answered"})
    httpx.post(f"{stack.url}/console/sign-in", data={"email": MARKER, "password": MARKER}, trust_env=False)

    chat.sends(f"when can I wash my {MARKER} hair?")
    chat.sends_photo(JPEG, caption=f"it oozes {MARKER}")
    chat.sends(f"/start {MARKER}")
    stack.telegram.sends_update(message={"message_id": "what", "text": MARKER})
    stack.telegram.fail("sendMessage", status=400, times=1, chat_id=chat.chat_id)
    chat.sends(f"no fever {MARKER}")
    conversation_id = telegram_conversation(stack, chat.chat_id)
    until(lambda: len(stack.messages(conversation_id, "patient")) == 4, "all of it is stored")
    until(lambda: not any(
        row["handling"] == "received" or row["delivery"] == "pending" for row in stack.messages(conversation_id)
    ), "all of it is answered")  # fmt: skip

    logged = stack.logged()
    for secret in (MARKER, patient.token, stack.telegram.token, nurse.csrf):
        assert secret not in logged
    assert "Warning" not in stack.log_of("rasa"), "its libraries' warnings are nobody's business"
    assert {path.name for path in stack.logs.iterdir()} == {"rasa.log", "actions.log", "bot.log"}
