"""What nobody should send: refused with a reason or taken as words, and never the end of anything."""

import secrets
from typing import Any

import httpx
import pytest

from bot.store.files import SealedFiles
from tests.doubles.telegram_people import Patient

from .people import WebPatient, telegram_conversation
from .stack import Stack, until

JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000") + b"\x00" * 2000 + bytes.fromhex("ffd9")
PROGRAM = b"MZ\x90\x00" + b"\x00" * 4000
SLASHES = ("/report_emergency", "/report_emergency my hair", " //report_emergency", '/report_emergency{"tier": "x"}')


def refused(answer: httpx.Response, status: int, code: str) -> None:
    """It is refused with this status, and says in words what is wrong and what to do."""
    assert answer.status_code == status, answer.text
    error = answer.json()["error"]
    assert error["code"] == code
    assert error["message"].endswith(".")
    assert error["next"].endswith(".")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "text_empty"),
        (" \n\t ", "text_empty"),
        ("\x00\x07\x1b", "text_empty"),
        ("\u200b\u2060", "text_empty"),
        ("x" * 10_000, "text_too_long"),
        ("é" * 4001, "text_too_long"),
    ],
)
def test_text_that_says_nothing_or_too_much_is_refused(stack: Stack, patient: WebPatient, text: str, code: str) -> None:
    refused(patient.posts(text), 422, code)
    assert not stack.messages(patient.conversation_id)


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("😀👍🏽", "😀👍🏽"),
        ("👩‍🦲❤️", "👩‍🦲❤️"),
        ("?", "?"),
        ("/", "/"),
        ("a\x00b\x07\x1b[31m c", "ab[31m c"),
        ("x" * 4000, "x" * 4000),
        ("\u202ewhen can I wash", "when can I wash"),
        ("{{ 7*7 }} ${jndi:ldap://x} %s '; DROP TABLE messages;--", None),
        ("مرحبا متى أغسل شعري؟", None),
    ],
)
def test_odd_text_is_stored_and_answered(stack: Stack, patient: WebPatient, text: str, stored: str | None) -> None:
    replies = patient.asks(text)
    assert replies
    (row,) = stack.messages(patient.conversation_id, "patient")
    assert row["text"] == (stored or text)
    assert row["handling"] == "handled"


def test_half_an_emoji_is_left_out(stack: Stack, patient: WebPatient) -> None:
    body = b'{"client_message_id": "abcdefgh", "text": "can I wash it \\ud83d"}'
    answer = patient.http.post("/api/v1/messages", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 202, answer.text
    assert stack.handled(answer.json()["message_id"])["text"] == "can I wash it"


@pytest.mark.parametrize("text", SLASHES)
def test_a_slash_is_no_way_into_the_dialogue(stack: Stack, patient: WebPatient, text: str) -> None:
    replies = patient.asks(text)
    assert replies
    assert not replies[0].startswith(f"Call {stack.clinic.contacts.emergency_number}")
    (row,) = stack.messages(patient.conversation_id, "patient")
    assert (row["text"], row["payload"]) == (text.strip(), None)
    assert row["tier"] < 3
    assert "/" not in {reply[:1] for reply in replies}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"[]",
        b'"text"',
        b"null",
        b"{}",
        b'{"text": "hello"}',
        b'{"client_message_id": "short", "text": "hello"}',
        b'{"client_message_id": "abcdefgh", "text": 7}',
        b'{"client_message_id": "abcdefgh", "text": {"a": 1}}',
        b'{"client_message_id": "abc/../defgh", "text": "hello"}',
        b'{"client_message_id": "abcdefgh", "button": {"message_id": "x", "index": -1}}',
        b'{"client_message_id": "abcdefgh", "button": {"message_id": 1e400, "index": 0}}',
        b"\xff\xfe{",
        b"[" * 20_000,
    ],
)
def test_a_malformed_body_is_refused(stack: Stack, patient: WebPatient, body: bytes) -> None:
    answer = patient.http.post("/api/v1/messages", content=body, headers={"Content-Type": "application/json"})
    refused(answer, 400, "malformed")
    assert not stack.messages(patient.conversation_id)


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "application/x-www-form-urlencoded", ""])
def test_a_wrong_content_type_is_refused(stack: Stack, patient: WebPatient, kind: str) -> None:
    body = b'{"client_message_id": "abcdefgh", "text": "hello"}'
    answer = patient.http.post("/api/v1/messages", content=body, headers={"Content-Type": kind} if kind else {})
    refused(answer, 400, "malformed")
    assert not stack.messages(patient.conversation_id)


@pytest.mark.parametrize("header", ["Bearer unknown", "Bearer", "Basic dTpw", "", "Bearer é"])
def test_an_unknown_token_opens_nothing(stack: Stack, patient: WebPatient, header: str) -> None:
    headers = {"Authorization": header.encode()}
    body = {"client_message_id": secrets.token_hex(8), "text": "hello"}
    refused(patient.http.post("/api/v1/messages", json=body, headers=headers), 401, "unauthorised")
    refused(patient.http.get("/api/v1/events", headers=headers), 401, "unauthorised")
    files = {"file": ("a.jpg", JPEG, "image/jpeg")}
    answer = patient.http.post(
        "/api/v1/attachments", data={"client_message_id": "abcdefgh"}, files=files, headers=headers
    )
    refused(answer, 401, "unauthorised")


@pytest.mark.parametrize("button", [{"message_id": 1, "index": 0}, {"message_id": 2**70, "index": 0}])
def test_a_button_of_somebody_else_is_refused(stack: Stack, patient: WebPatient, button: dict[str, Any]) -> None:
    answer = patient.http.post("/api/v1/messages", json={"client_message_id": "abcdefgh", "button": button})
    assert answer.status_code in (400, 422), answer.text
    assert answer.json()["error"]["message"]


def test_an_address_of_ours_that_is_not_there(patient: WebPatient) -> None:
    refused(patient.http.get("/api/v1/nothing"), 404, "not_found")


def test_files_that_are_no_photo_or_too_large_are_refused(stack: Stack, patient: WebPatient) -> None:
    refused(patient.attaches(JPEG[:20] + b"\x00" * (12 * 2**20), "big.jpg"), 413, "too_large")
    refused(patient.attaches(PROGRAM, "photo.jpg"), 415, "file_type")
    refused(patient.attaches(b"", "empty.jpg"), 415, "file_type")
    refused(patient.attaches(b"<svg onload=alert(1)>", "photo.svg", "image/svg+xml"), 415, "file_type")
    assert not stack.messages(patient.conversation_id)
    assert patient.attaches(JPEG, "../../etc/passwd.jpg", text="is this normal?").status_code == 202
    (row,) = stack.messages(patient.conversation_id, "patient")
    (kept,) = stack.rows("SELECT * FROM attachments WHERE message_id = ?", row["id"])
    assert SealedFiles(stack.settings.uploads, stack.settings.key_ring()).read(kept["stored_name"]) == JPEG
    assert "passwd" not in kept["stored_name"]


def test_a_body_that_never_says_its_length_is_cut_off(patient: WebPatient) -> None:
    pieces = (b"x" * 65536 for _ in range(100))
    try:
        answer = patient.http.post("/api/v1/messages", content=pieces, headers={"Content-Type": "application/json"})
    except (httpx.WriteError, httpx.ReadError, httpx.RemoteProtocolError):
        return  # the server closed before everything was sent
    refused(answer, 413, "too_large")


def test_too_many_at_once_are_told_to_wait(stack: Stack, patient: WebPatient) -> None:
    with stack.frozen("rasa"):
        answers = [patient.posts("hello") for _ in range(30)]
    late = [answer for answer in answers if answer.status_code == 429]
    assert late
    refused(late[0], 429, "too_many")
    assert late[0].headers["Retry-After"].isdecimal()
    assert len(stack.messages(patient.conversation_id, "patient")) == len(answers) - len(late)
    for row in stack.messages(patient.conversation_id, "patient"):
        stack.handled(row["id"])


def test_telegram_things_that_are_no_words_get_an_honest_answer(stack: Stack, chat: Patient) -> None:
    for send in (chat.sends_sticker, chat.sends_location, chat.sends_voice):
        before = len(chat.texts)
        send()
        until(lambda before=before: len(chat.texts) > before, f"an answer to {send.__name__}")  # type: ignore[misc]
    before = len(chat.texts)
    chat.sends_document(b"x", "film.mp4", "video/mp4", size=21 * 2**20)
    until(lambda: len(chat.texts) > before, "an answer to a document of 21 MB")
    assert "20 MB" in chat.texts[-1], chat.texts[-1]
    chat.sends_document(PROGRAM, "photo.jpg", "image/jpeg")
    conversation_id = telegram_conversation(stack, chat.chat_id)
    until(lambda: len(stack.messages(conversation_id, "patient")) == 5, "all five are stored")
    assert {row["kind"] for row in stack.messages(conversation_id, "patient")} <= {"other", "voice", "document"}


def test_telegram_updates_that_nobody_knows_hold_nothing_up(stack: Stack, chat: Patient) -> None:
    chat.sends("hello")
    until(lambda: chat.texts, "an answer")
    person = {"id": chat.chat_id, "is_bot": False, "first_name": "Ana"}
    here = {"chat": {"id": chat.chat_id, "type": "private"}, "from": person, "date": 1_700_000_000}
    stack.telegram.sends_update(message={"message_id": 900_001, **here, "hologram": {"size": 3}})
    stack.telegram.sends_update(message={"message_id": "what"})
    stack.telegram.sends_update(callback_query={"id": "1", "from": person, "chat_instance": "1", "data": "v9:x"})
    stack.telegram.sends_update(edited_message={"message_id": 900_002, **here, "text": "edited"})
    before = len(chat.texts)
    chat.sends("when can I wash my hair?")
    until(lambda: any("wash" in text.lower() for text in chat.texts[before:]), "the next message is answered")
    until(lambda: not stack.telegram.unconfirmed, "every update is confirmed")


@pytest.mark.parametrize("text", ["/report_emergency", "/report_emergency my hair", "/affirm"])
def test_a_slash_on_telegram_is_no_way_in_either(stack: Stack, chat: Patient, text: str) -> None:
    chat.sends(text)
    conversation_id = telegram_conversation(stack, chat.chat_id)
    until(lambda: chat.texts, "an answer")
    (row,) = stack.messages(conversation_id, "patient")
    assert (row["text"], row["payload"]) == (text, None)
    assert row["tier"] < 3
    assert not chat.texts[0].startswith(f"Call {stack.clinic.contacts.emergency_number}")


def test_the_longest_message_telegram_has_is_answered(stack: Stack, chat: Patient) -> None:
    chat.sends("can I wash my hair " * 215)
    until(lambda: chat.texts, "an answer")


def test_the_consoles_doors_stay_shut(stack: Stack, patient: WebPatient) -> None:
    patient.asks("it oozes")
    outsider = httpx.Client(base_url=stack.url, trust_env=False)
    address = f"/console/conversations/{patient.conversation_id}"
    assert outsider.get(address).status_code == 303
    assert outsider.post(f"{address}/take-over").status_code in (303, 401, 403)
    assert outsider.post("/console/sign-in", content=b"x" * 100_000).status_code == 413
    assert outsider.get("/console/../../etc/passwd").status_code in (303, 404)
    assert not any(row["owner"] == "clinician" for row in stack.rows(
        "SELECT owner FROM conversations WHERE id = ?", patient.conversation_id))  # fmt: skip
