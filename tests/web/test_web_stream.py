"""The stream of a conversation: replayed from the last event the widget had, then live, and nobody else's."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import replace

import httpx
import pytest
from httpx import AsyncClient
from sqlalchemy import event

from bot.channels.web import limits, stream
from bot.live.redis_wire import RedisWire
from bot.store.tables import Outcome
from tests.doubles.rasa import said
from tests.house import ENDLESS, HARMLESS, URGENT, House, until
from tests.web.conftest import served


class Reader:
    """A widget that reads its stream."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, dict, str | None]] = []
        self.headers: httpx.Headers | None = None
        self.over = False

    def of(self, kind: str) -> list[dict]:
        return [data for event, data, _ in self.seen if event == kind]

    async def read(self, client: AsyncClient, headers: dict[str, str], query: str = "") -> None:
        event: dict[str, str] = {}
        async with client.stream("GET", f"/api/v1/events{query}", headers=headers) as response:
            assert response.status_code == 200
            self.headers = response.headers
            async for line in response.aiter_lines():
                if line.startswith(":"):
                    continue
                if not line and "data" in event:
                    self.seen.append((event.get("event", "message"), json.loads(event["data"]), event.get("id")))
                    event = {}
                name, _, value = line.partition(": ")
                event[name] = value
            self.over = True


@asynccontextmanager
async def reading(client: AsyncClient, token: str, last: str | None = None, query: str = ""):
    reader = Reader()
    headers = {"Authorization": f"Bearer {token}", **({"Last-Event-ID": last} if last is not None else {})}
    task = asyncio.create_task(reader.read(client, headers, query))
    try:
        yield reader
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def begin(client: AsyncClient) -> tuple[str, str]:
    opened = (await client.post("/api/v1/conversations")).json()
    return opened["token"], opened["conversation_id"]


async def say(client: AsyncClient, token: str, text: str, number: int = 1) -> None:
    body = {"client_message_id": f"message-{number}", "text": text}
    answer = await client.post("/api/v1/messages", json=body, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 202


async def test_both_directions_flow_with_typing_between(house: House, rasa):
    rasa.mode = "slow"
    async with served(house) as on:
        token, _ = await begin(on.client)
        async with reading(on.client, token) as reader:
            await until(lambda: reader.headers is not None)
            await say(on.client, token, HARMLESS)
            await until(lambda: len(reader.of("message")) == 2)
            await until(lambda: len(reader.of("typing")) == 2)
        patient, bot = reader.of("message")
        assert (patient["author"], patient["text"], patient["client_message_id"]) == ("patient", HARMLESS, "message-1")
        assert (bot["author"], bot["text"]) == ("bot", f"heard: {HARMLESS}")
        assert bot["name"] == house.shared.clinic.tone.bot_name
        assert [typing["on"] for typing in reader.of("typing")] == [True, False]
        assert reader.headers["cache-control"] == "no-store"
        assert reader.headers["content-type"].startswith("text/event-stream")
        assert all((number is None) == (event in ("typing", "today")) for event, _, number in reader.seen)


async def test_what_was_missed_is_replayed_from_the_last_event_and_nothing_twice(house: House, rasa):
    async with served(house) as on:
        token, thread = await begin(on.client)
        async with reading(on.client, token) as reader:
            await say(on.client, token, "one", 1)
            await until(lambda: len(reader.of("message")) == 2)
        last = [number for _, _, number in reader.seen if number][-1]
        await say(on.client, token, "two", 2)  # while nobody listens
        await until(lambda: len(house.replies(thread)) == 2)
        async with reading(on.client, token, last) as later:
            await until(lambda: len(later.of("message")) == 2)
        assert [message["text"] for message in later.of("message")] == ["two", "heard: two"]
        for odd in ("", "nonsense", "-1", "9" * 30):
            async with reading(on.client, token, odd) as whole:
                await until(lambda whole=whole: len(whole.of("message")) == 4)


async def test_a_clinician_s_coming_words_and_going_are_seen(house: House, rasa):
    desk, ana = house.services.desk, house.staff("Ana Silva", title="Nurse")
    async with served(house) as on:
        token, thread = await begin(on.client)
        async with reading(on.client, token) as reader:
            await say(on.client, token, URGENT)
            await until(lambda: len(house.replies(thread)) == 1)
            desk.take_over(ana, thread)
            desk.reply(ana, thread, "I am here", key="k", last_seen=99)
            desk.close(ana, house.case(thread).id, Outcome.SEEN)
            await until(lambda: len(reader.of("handoff")) == 2)
            await until(lambda: reader.of("case")[-1:] == [{"state": "closed", "tier": "urgent"}])
        assert reader.of("handoff")[0] == {"owner": "clinician", "name": "Ana Silva", "role": "Nurse"}
        assert reader.of("handoff")[1]["owner"] == "bot"
        [said] = [message for message in reader.of("message") if message["author"] == "clinician"]
        assert (said["name"], said["role"], said["text"]) == ("Ana Silva", "Nurse", "I am here")


async def test_nobody_sees_another_s_conversation_or_a_button_s_payload(house: House, rasa):
    rasa.answers["secret"] = said("Sure?", buttons=[{"title": "Yes", "payload": '/affirm{"when": "now"}'}])
    async with served(house) as on:
        (ana, _), (ben, _) = await begin(on.client), await begin(on.client)
        async with reading(on.client, ben) as his, reading(on.client, ana) as hers:
            await say(on.client, ana, "secret")
            await say(on.client, ben, "mine")
            await until(lambda: len(his.of("message")) == 2 and len(hers.of("message")) == 2)
        assert [message["text"] for message in his.of("message")] == ["mine", "heard: mine"]
        assert hers.of("message")[1]["buttons"] == [{"index": 0, "title": "Yes"}]
        assert "payload" not in json.dumps(hers.seen)
        assert not any(typing["author"] != "bot" for typing in his.of("typing"))


async def test_a_stream_that_is_left_leaves_nothing_behind(house: House, rasa):
    async with served(house) as on:
        token, thread = await begin(on.client)
        async with reading(on.client, token) as reader:
            await until(lambda: reader.headers is not None)
            await until(lambda: thread in house.services.typing._watchers)
        await until(lambda: thread not in house.services.typing._watchers)


@pytest.mark.parametrize("of", ["_of_conversation", "_of_address"])
async def test_too_many_streams_end_the_oldest_and_the_newest_live(house: House, rasa, monkeypatch, of):
    places = limits.Places(2)
    monkeypatch.setattr(stream, of, places)
    async with served(house) as on, AsyncExitStack() as stack:
        mine = await begin(on.client)
        readers = []
        for _ in range(3):
            token = mine[0] if of == "_of_conversation" else (await begin(on.client))[0]
            readers.append((await stack.enter_async_context(reading(on.client, token)), token))
            await until(lambda: readers[-1][0].of("today"))
        await until(lambda: readers[0][0].over)
        assert not readers[1][0].over
        await say(on.client, readers[2][1], "hello")
        await until(lambda: len(readers[2][0].of("message")) == 2)
        await stack.aclose()
        await until(lambda: not places._taken)


@contextmanager
def queries_about(house: House, conversation_id: str) -> Iterator[list[str]]:
    """The statements that ask for a conversation by its id."""
    asked: list[str] = []

    def note(_connection, _cursor, statement, parameters, _context, _many) -> None:
        if conversation_id in str(parameters):
            asked.append(statement)

    event.listen(house.store.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(house.store.engine, "before_cursor_execute", note)


async def test_a_ring_for_one_conversation_costs_the_others_no_query(house: House, rasa, monkeypatch):
    monkeypatch.setattr(stream, "POLL", ENDLESS)
    monkeypatch.setattr(stream, "LOOK_AGAIN", ENDLESS)
    async with served(house) as on:
        (ana, _), (ben, bens) = await begin(on.client), await begin(on.client)
        async with reading(on.client, ben) as his, reading(on.client, ana) as hers:
            await until(lambda: his.of("today") and hers.of("today"))
            with queries_about(house, bens) as asked:
                await say(on.client, ana, HARMLESS)
                await until(lambda: len(hers.of("message")) == 2)
                house.services.typing.show(bens, on=True)  # seen after every ring before it, and asks for nothing
                await until(lambda: his.of("typing"))
                assert not asked
                house.services.bell.ring(bens)
                await until(lambda: asked)
                house.services.typing.show(bens, on=False)
                await until(lambda: len(his.of("typing")) == 2)
                assert len([query for query in asked if "FROM events" in query]) == 1


@pytest.mark.parametrize("alone", [True, False])
def test_a_lost_ring_delays_a_message_by_seconds_at_most(house: House, alone):
    wire = house.services.wire if alone else RedisWire("redis://127.0.0.1:1/0")  # not connected
    assert 0 < stream._patience(replace(house.services, wire=wire)) <= (5 if alone else 1)
