"""Every error of errors.yml can happen, with its status and shape, and tells the patient what to do next."""

import shutil
from collections.abc import Callable

import httpx
import pytest
from fastapi.testclient import TestClient

from bot.channels.web import routes
from bot.channels.web.errors import CATALOGUE
from bot.channels.web.languages import OTHERS
from bot.channels.web.limits import FILE_BYTES, JSON_BYTES, Pace
from bot.conversation.outbox import enqueue
from bot.store.tables import Author, Conversation
from tests.house import House
from tests.web.conftest import Visitor, enter


def shape(code: str, answer: httpx.Response) -> None:
    entry = CATALOGUE[code]
    assert answer.status_code == entry["status"], answer.text
    assert answer.json() == {"error": {"code": code, "message": entry["message"], "next": entry["next"]}}


def _too_many(visitor: Visitor) -> httpx.Response:
    answers = [visitor.say() for _ in range(21)]
    assert {answer.status_code for answer in answers[:20]} == {202}
    assert answers[-1].headers["retry-after"] == "2"
    return answers[-1]


PROVOKED: dict[str, Callable[[Visitor], httpx.Response]] = {
    "unauthorised": lambda visitor: visitor.client.get("/api/v1/events"),
    "identity": lambda visitor: visitor.client.post("/api/v1/conversations", json={"identity": "a.forged.one"}),
    "malformed": lambda visitor: visitor.client.post("/api/v1/messages", content=b"{", headers=visitor.headers),
    "text_empty": lambda visitor: visitor.say(" \x00\u200b "),
    "text_too_long": lambda visitor: visitor.say("x" * 4001),
    "button_unknown": lambda visitor: visitor.say(button={"message_id": 999, "index": 0}),
    "too_large": lambda visitor: visitor.photo(b"\x89PNG\r\n\x1a\n" + b"0" * FILE_BYTES),
    "file_type": lambda visitor: visitor.photo(b"#!/bin/sh\nrm -rf /"),
    "not_found": lambda visitor: visitor.client.get("/api/v1/nothing"),
    "too_many": _too_many,
}


@pytest.mark.parametrize("code", sorted(set(CATALOGUE) - {"unavailable"}))
def test_every_error_happens_with_its_status_and_shape(visitor: Visitor, code: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(routes, "_sending", Pace("sending", burst=20, per_second=0.001))  # however slow the machine
    shape(code, PROVOKED[code](visitor))


@pytest.mark.sqlite
def test_a_database_that_is_gone_is_said_and_worth_another_try(house: House, visitor: Visitor):
    house.store.engine.dispose()
    shutil.rmtree(house.services.settings.data_dir)
    answer = visitor.say("hello")
    shape("unavailable", answer)
    assert answer.headers["retry-after"] == "5"


@pytest.mark.parametrize("code", CATALOGUE)
def test_every_error_says_what_to_do_next(code: str):
    entry = CATALOGUE[code]
    assert set(entry) == {"status", "message", "next", *OTHERS}
    assert 400 <= entry["status"] < 600
    for words in (entry, *(entry[language] for language in OTHERS)):
        assert words["message"].endswith(".")
        assert words["next"].endswith(".")


def test_an_error_is_said_in_the_browser_s_language(client: TestClient):
    said = {
        language: client.get("/api/v1/events", headers={"Accept-Language": language}).json()["error"]["message"]
        for language in ("es-MX,es;q=0.9", "es", "de", "")
    }
    assert (
        list(said.values())
        == [CATALOGUE["unauthorised"]["es"]["message"]] * 2 + [CATALOGUE["unauthorised"]["message"]] * 2
    )


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer ", "Basic abc", "Bearer not-a-token"])
@pytest.mark.parametrize("path", ["messages", "attachments", "events"])
def test_without_its_token_a_conversation_is_closed(client: TestClient, authorization: str, path: str):
    headers = {"Authorization": authorization}
    match path:
        case "events":
            answer = client.get("/api/v1/events", headers=headers)
        case "messages":
            body = {"client_message_id": "message-1", "text": "hi"}
            answer = client.post("/api/v1/messages", json=body, headers=headers)
        case _:
            files = {"file": ("a.png", b"x", "image/png")}
            data = {"client_message_id": "message-1"}
            answer = client.post("/api/v1/attachments", files=files, data=data, headers=headers)
    shape("unauthorised", answer)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": "hi"},
        {"client_message_id": "short", "text": "hi"},
        {"client_message_id": "x" * 65, "text": "hi"},
        {"client_message_id": "../../etc/passwd", "text": "hi"},
        {"client_message_id": "message-1", "text": ["hi"]},
        {"client_message_id": "message-1", "button": {"message_id": 1, "index": -1}},
        {"client_message_id": "message-1", "button": {"message_id": 1, "index": 21}},
        [],
        "hi",
    ],
    ids=str,
)
def test_a_body_of_the_wrong_form_is_malformed_and_stores_nothing(house: House, visitor: Visitor, body: object):
    shape("malformed", visitor.client.post("/api/v1/messages", json=body, headers=visitor.headers))
    assert house.messages() == []


def test_nobody_presses_the_button_of_another_conversation(house: House, client: TestClient):
    ana, ben = enter(client), enter(client)
    ana.say("hello")
    ben.say("hello")
    with house.store.write() as session:
        thread = session.get_one(Conversation, ana.conversation_id)
        buttons = [{"title": "Yes", "payload": "/affirm"}]
        asked = enqueue(session, house.clock.now(), thread, Author.BOT, "Sure?", buttons=buttons)
    shape("button_unknown", ben.say(button={"message_id": asked.id, "index": 0}))
    shape("button_unknown", ana.say(button={"message_id": asked.id, "index": 1}))
    assert ana.say(button={"message_id": asked.id, "index": 0}).status_code == 202
    assert house.messages()[-1].payload == "/affirm"


def test_a_body_that_says_its_length_is_refused_before_it_is_read(house: House, visitor: Visitor):
    answer = visitor.client.post("/api/v1/messages", content=b"x" * (JSON_BYTES + 1), headers=visitor.headers)
    shape("too_large", answer)


@pytest.mark.parametrize("path", ["messages", "attachments"])
def test_a_body_that_does_not_say_its_length_is_refused_as_well(house: House, visitor: Visitor, path: str):
    limit = JSON_BYTES if path == "messages" else FILE_BYTES

    def chunks():
        if path == "attachments":
            yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n'
        for _ in range(limit // 65536 + 2):
            yield b"x" * 65536

    kind = "application/json" if path == "messages" else "multipart/form-data; boundary=b"
    headers = {**visitor.headers, "Content-Type": kind}
    answer = visitor.client.post(f"/api/v1/{path}", content=chunks(), headers=headers)
    assert "content-length" not in answer.request.headers
    shape("too_large", answer)
    assert house.messages() == []


def test_a_length_that_is_no_number_is_malformed(visitor: Visitor):
    answer = visitor.client.post("/api/v1/messages", content=b"{}", headers={**visitor.headers, "Content-Length": "-5"})
    shape("malformed", answer)


def test_a_wrong_method_has_the_shape_of_an_error(visitor: Visitor):
    assert set(visitor.client.get("/api/v1/messages").json()) == {"error"}


def test_one_conversation_in_a_hurry_slows_no_other(client: TestClient):
    ana, ben = enter(client), enter(client)
    assert [ana.say().status_code for _ in range(21)][-1] == 429
    assert ben.say().status_code == 202


def test_opening_conversations_has_its_pace_too(client: TestClient):
    statuses = [client.post("/api/v1/conversations").status_code for _ in range(31)]
    assert statuses == [201] * 30 + [429]
