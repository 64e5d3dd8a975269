"""News from bot to bot: told, heard by the others alone, and taken up again when Redis comes back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from datetime import timedelta

import pytest

from bot.console.presence import Presence
from bot.conversation.events import Bell
from bot.conversation.typing import Typing
from bot.live.redis_wire import RedisWire
from tests.databases import redis_url
from tests.house import ENDLESS, TUESDAY_NOON, until
from tests.live.test_memory import own_redis


@asynccontextmanager
async def carried(*wires: RedisWire) -> AsyncIterator[None]:
    """Let wires run, once each hears the others."""
    tasks = [asyncio.create_task(wire.run()) for wire in wires]
    heard: dict[tuple[int, int], bool] = {}
    for number, wire in enumerate(wires):
        wire.hear("hello", lambda news, number=number: heard.update({(number, news["from"]): True}))

    def all_heard() -> bool:
        for number, wire in enumerate(wires):
            wire.tell("hello", **{"from": number})
        return len(heard) == len(wires) * (len(wires) - 1)

    await until(all_heard)
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def test_a_bell_rings_at_the_other_bot():
    here, there = RedisWire(redis_url()), RedisWire(redis_url())
    ringing, waiting = Bell(here), Bell(there)
    async with carried(here, there):
        with waiting.listen() as listener:
            await asyncio.to_thread(ringing.ring)
            assert await listener.wait(30)


async def test_a_ring_wakes_who_listens_to_its_conversation_or_to_all_and_a_plain_one_everybody():
    here, there = RedisWire(redis_url()), RedisWire(redis_url())
    ringing, far = Bell(here), Bell(there)
    async with carried(here, there):
        with ExitStack() as stack:
            one, other, everything = (
                [stack.enter_context(bell.listen(key)) for bell in (ringing, far)] for key in ("one", "other", None)
            )
            await asyncio.to_thread(ringing.ring, "one")
            assert [await listener.wait(ENDLESS) for listener in (*one, *everything)] == [True] * 4
            assert [await listener.wait(0) for listener in other] == [False, False]
            await asyncio.to_thread(ringing.ring)
            assert [await listener.wait(ENDLESS) for listener in (*one, *other, *everything)] == [True] * 6
        assert [ringing._listeners, far._listeners] == [{}, {}]


async def test_who_is_stirred_stops_waiting_and_has_heard_no_ring():
    bell = Bell()
    with bell.listen("one") as listener:
        listener.stir()
        assert not await listener.wait(ENDLESS)
        listener.stir()
        bell.ring("one")
        await asyncio.sleep(0)  # rung by now
        assert await listener.wait(ENDLESS)
        assert not await listener.wait(0)


async def test_typing_and_presence_are_known_at_the_other_bot():
    here, there = RedisWire(redis_url()), RedisWire(redis_url())
    seen: list[tuple[str, str, bool]] = []
    told, hears = Typing(here), Typing(there)
    hears.watch("one", lambda *what: seen.append(what))
    at_work, shown = Presence(here), Presence(there)
    async with carried(here, there):
        told.show("one", on=True, author="clinician")
        told.show("other", on=True)
        told.show("one", on=False, author="clinician")
        at_work.here("one", 3, "Ben Ito", TUESDAY_NOON, typing=True)
        await until(lambda: len(seen) == 2 and shown.snapshot(TUESDAY_NOON))
        assert seen == [("one", "clinician", True), ("one", "clinician", False)]
        assert [(one.staff_id, one.name, one.typing) for one in shown.others("one", 4, TUESDAY_NOON)] == [
            (3, "Ben Ito", True)
        ]
        assert not shown.snapshot(TUESDAY_NOON + timedelta(minutes=1))
        at_work.here("one", 3, "Ben Ito", TUESDAY_NOON, typing=False)
        at_work.gone("one", 3)
        await until(lambda: not shown.snapshot(TUESDAY_NOON))


async def test_a_lost_redis_is_said_once_and_found_again(caplog: pytest.LogCaptureFixture, monkeypatch):
    monkeypatch.setattr("bot.live.redis_wire.AGAIN", 0.05)
    with own_redis() as (url, stop):
        here, there = RedisWire(url), RedisWire(url)
        bell = Bell(here)
        async with carried(here, there):
            await asyncio.to_thread(stop)
            await until(lambda: sum("cannot be reached" in record.message for record in caplog.records) == 2)
            assert [here.carries, there.carries] == [False, False]
            bell.ring()  # nothing waits for it, nothing fails
            await asyncio.sleep(0.3)
            with own_redis(int(url.rpartition(":")[2].partition("/")[0])):
                await until(lambda: sum("Redis is back" in record.message for record in caplog.records) == 2)
                assert [here.carries, there.carries] == [True, True]
    assert sum("cannot be reached" in record.message for record in caplog.records) == 2
