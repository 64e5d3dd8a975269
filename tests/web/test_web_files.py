"""A clinician's file reaches the patient it was sent to, as a download, and nobody else."""

import pytest
from fastapi.testclient import TestClient

from bot.conversation.uploads import keep
from bot.store.tables import Attachment
from tests.house import House
from tests.rubric.photos import photo
from tests.web.conftest import Visitor, enter


@pytest.fixture
def sent(house: House, visitor: Visitor) -> int:
    """The id of a photo that a nurse has sent to the visitor."""
    assert visitor.say("hello").status_code == 202
    nurse, picture = house.staff(), keep(house.services.files, photo())
    house.services.desk.take_over(nurse, visitor.conversation_id)
    message = house.services.desk.reply(
        nurse, visitor.conversation_id, "Like this", key="k", last_seen=10**9, uploads=[picture]
    )
    with house.store.read() as session:
        return session.query(Attachment.id).filter(Attachment.message_id == message).scalar()


def fetch(visitor: Visitor, number: int, **headers: str):
    return visitor.client.get(f"/api/v1/attachments/{number}", headers=headers or visitor.headers)


def test_the_patient_gets_it_as_a_download(visitor: Visitor, sent: int):
    newest = visitor.client.get("/api/v1/messages?before=99999", headers=visitor.headers).json()["messages"][-1]
    [told] = newest["files"]
    answer = fetch(visitor, sent)
    assert answer.status_code == 200
    assert told == {"id": sent, "name": f"file-{sent}.jpg", "type": "image/jpeg", "size": len(answer.content)}
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["content-disposition"] == f'attachment; filename="file-{sent}.jpg"'
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")


def test_nobody_else_gets_it(client: TestClient, visitor: Visitor, sent: int):
    assert fetch(enter(client), sent).status_code == 404
    assert fetch(visitor, sent, Authorization="").status_code == 401
    assert fetch(visitor, sent, Authorization="Bearer guessed").status_code == 401


def test_what_a_patient_sent_is_for_the_staff_alone(house: House, visitor: Visitor):
    assert visitor.photo(photo()).status_code == 202
    with house.store.read() as session:
        own = session.query(Attachment.id).scalar()
    assert fetch(visitor, own).status_code == 404
    messages = visitor.client.get("/api/v1/messages?before=99999", headers=visitor.headers).json()["messages"]
    assert [one["files"] for one in messages] == [[]]


@pytest.mark.parametrize("number", ["0", "-1", "9" * 30, "x"])
def test_an_id_that_is_none_finds_nothing(visitor: Visitor, number: str):
    assert visitor.client.get(f"/api/v1/attachments/{number}", headers=visitor.headers).status_code in (400, 404)
