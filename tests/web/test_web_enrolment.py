"""The clinic's link in the widget: its token comes in the POST that opens the conversation, and is answered there."""

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from bot.channels.web.stream import _after
from bot.conversation.enrolment import SessionNote
from bot.store.tables import Kind, Patient
from tests.house import House
from tests.web.conftest import Visitor


@pytest.fixture
def token(house: House) -> str:
    note = SessionNote("Mia", house.clock.now() - timedelta(hours=3))
    return house.services.enrolling.create(house.staff(), note).token


def test_the_link_opens_a_conversation_that_asks_for_consent(house: House, client: TestClient, token: str):
    opened = client.post("/api/v1/conversations", json={"enrolment": token})
    assert opened.status_code == 201
    [asked] = house.messages(opened.json()["conversation_id"])
    assert [button["title"] for button in asked.buttons] == ["I agree", "No thanks"]
    mia = Visitor(client, **opened.json())
    assert mia.say("", button={"message_id": asked.id, "index": 0}).status_code == 202
    assert "From the clinic I know" in house.replies(mia.conversation_id)[1]
    with house.store.read() as session:
        assert session.query(Patient.record_id).one() == (1,)


def test_a_press_is_shown_as_words_and_the_payload_to_nobody(house: House, client: TestClient, token: str):
    mia = Visitor(client, **client.post("/api/v1/conversations", json={"enrolment": token}).json())
    mia.say("", button={"message_id": 1, "index": 0})
    shown = [data for _, kind, data in _after(house.services, mia.conversation_id, 0) if kind == "message"]
    assert [one["kind"] for one in shown] == [Kind.TEXT] * 4
    assert "aftercare:" not in str(shown)


def test_a_conversation_that_is_there_goes_on(house: House, client: TestClient, visitor: Visitor, token: str):
    answer = client.post("/api/v1/conversations", json={"enrolment": token}, headers=visitor.headers)
    assert answer.json() == {"token": visitor.token, "conversation_id": visitor.conversation_id}
    assert len(house.replies(visitor.conversation_id)) == 1


def test_a_token_of_no_conversation_opens_a_new_one(client: TestClient, token: str):
    stale = {"Authorization": "Bearer of-no-conversation"}
    answer = client.post("/api/v1/conversations", json={"enrolment": token}, headers=stale)
    assert answer.status_code == 201
    assert answer.json()["token"] != "of-no-conversation"


def test_a_foreign_link_opens_a_chat_that_says_so(house: House, client: TestClient):
    opened = client.post("/api/v1/conversations", json={"enrolment": "rubbish"})
    assert opened.status_code == 201
    assert "I can't read this link" in house.replies(opened.json()["conversation_id"])[0]


@pytest.mark.parametrize("body", [{}, {"enrolment": None}, {"enrolment": ""}, None])
def test_without_a_link_nothing_is_asked(house: House, client: TestClient, body):
    opened = client.post("/api/v1/conversations", json=body)
    assert opened.status_code == 201
    assert not house.messages(opened.json()["conversation_id"])


def test_a_token_too_long_to_be_one_is_malformed(client: TestClient):
    assert client.post("/api/v1/conversations", json={"enrolment": "x" * 300}).status_code == 400
