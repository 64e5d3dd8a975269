"""A long conversation begins with its newest messages; older ones come by the page, to whom they belong."""

import hashlib

from fastapi.testclient import TestClient

from bot.channels.web.history import PAGE
from bot.store.tables import Outcome
from tests.house import House, until
from tests.web.conftest import Visitor, enter, served
from tests.web.test_web_stream import begin, reading


def write(house: House, visitor: Visitor, count: int) -> None:
    """Messages of the patient, numbered from 1."""
    for number in range(1, count + 1):
        house.receive(f"line {number}", key=_key(visitor), external_id=f"{visitor.conversation_id}:line-{number:06}")


def _key(visitor: Visitor) -> str:
    return hashlib.sha256(visitor.token.encode()).hexdigest()


def page(visitor: Visitor, before: int, **headers: str):
    return visitor.client.get(f"/api/v1/messages?before={before}", headers=headers or visitor.headers)


def test_pages_go_back_to_the_first_message_each_once(house: House, visitor: Visitor):
    write(house, visitor, 2 * PAGE + 5)
    seen, before = [], 10**9
    while True:
        answer = page(visitor, before).json()
        seen = answer["messages"] + seen
        before = answer["messages"][0]["id"]
        assert [message["id"] for message in answer["messages"]] == sorted(m["id"] for m in answer["messages"])
        if not answer["more"]:
            break
        assert len(answer["messages"]) == PAGE
    assert [message["text"] for message in seen] == [f"line {number}" for number in range(1, 2 * PAGE + 6)]


def test_no_page_without_the_token_nor_with_another_s(house: House, client: TestClient, visitor: Visitor):
    write(house, visitor, 1)
    assert page(visitor, 10**9, Authorization="").status_code == 401
    other = enter(client)
    assert page(other, 10**9).json() == {"messages": [], "more": False}
    for odd in ("0", "-1", "x", ""):
        assert page(visitor, odd).status_code == 400  # type: ignore[arg-type]


async def test_a_stream_begins_with_the_newest_and_with_how_things_stood(house: House):
    desk, ana = house.services.desk, house.staff("Ana Silva", title="Nurse")
    async with served(house) as on:
        token, thread = await begin(on.client)
        visitor = Visitor(None, token, thread)  # type: ignore[arg-type]
        write(house, visitor, 3)
        desk.take_over(ana, thread)
        write_more = [f"later {number}" for number in range(5)]
        for number, text in enumerate(write_more):
            house.receive(text, key=_key(visitor), external_id=f"{thread}:later-{number:05}")
        async with reading(on.client, token, query="?newest=4") as reader:
            await until(lambda: len(reader.of("message")) == 4)
        assert [message["text"] for message in reader.of("message")] == write_more[1:]
        assert reader.of("history") == [{"more": True}]
        assert reader.of("handoff") == [{"owner": "clinician", "name": "Ana Silva", "role": "Nurse"}]
        assert reader.of("case")[-1] == {"state": "open", "tier": "routine"}
        assert all(number is None for event, _, number in reader.seen if event in ("history", "handoff", "case"))
        last = [number for _, _, number in reader.seen if number][-1]
        desk.close(ana, house.case(thread).id, Outcome.SEEN)
        async with reading(on.client, token, last, query="?newest=1") as later:
            await until(lambda: later.of("case")[-1:] == [{"state": "closed", "tier": "routine"}])
        assert not later.of("history"), "one that knows where it was goes on from there"


async def test_a_short_conversation_comes_whole(house: House):
    async with served(house) as on:
        token, thread = await begin(on.client)
        write(house, Visitor(None, token, thread), 2)  # type: ignore[arg-type]
        async with reading(on.client, token, query="?newest=30") as reader:
            await until(lambda: len(reader.of("message")) >= 2)  # more where the bot has answered already
        assert [message["text"] for message in reader.of("message")[:2]] == ["line 1", "line 2"]
        assert reader.of("history") == [{"more": False}]
