"""The stream that keeps pages live: in order, from where they left off, and only for those who may."""

import asyncio
import json
from datetime import timedelta

from sqlalchemy import event as database_event

from bot.console.console import console_of
from bot.console.live import PAUSE, changes_after, stream
from bot.console.presence import SEEN_FOR, TYPING_FOR
from bot.staff import digest
from bot.staff_access import disable
from bot.store.tables import StaffSession
from tests.house import ENDLESS

URGENT = "there is pus coming out of a spot"


class _Request:
    def __init__(self, app):
        self.app = app


def console(house):
    return console_of(_Request(house.app))


def token_of(browser) -> str:
    return next(iter(browser.client.cookies.values()))


async def first(events, wanted):
    async for event in events:
        if event.event == wanted:
            return event
    raise AssertionError(f"the stream ended without {wanted}")


async def test_what_was_missed_comes_in_order_and_without_words(house, ana):
    house.patient("a", URGENT)
    house.patient("b", URGENT)
    changes = changes_after(console(house), 0)
    assert [change.id for change in changes] == sorted(change.id for change in changes)
    assert changes_after(console(house), changes[0].id) == changes[1:]
    events = stream(console(house), token_of(ana), changes[0].id)
    event = await first(events, "change")
    assert event.id == str(changes[1].id)
    assert "pus" not in json.dumps(event.data)
    await events.aclose()


async def test_a_new_message_is_told_at_once(house, ana):
    seen = len(changes_after(console(house), 0))
    events = stream(console(house), token_of(ana), seen)
    await first(events, "beat")
    message = house.patient("a", URGENT)
    assert message.conversation_id in str((await first(events, "change")).data)
    await events.aclose()


async def test_a_burst_of_rings_is_one_look(house, ana):
    looks = []

    def note(_connection, _cursor, statement, *_more):
        looks.append("max(events.id)" in statement)

    async def listen():
        async for _ in stream(console(house), token_of(ana), 0):
            pass

    database_event.listen(house.services.store.engine, "before_cursor_execute", note)
    timer = asyncio.get_running_loop().time
    began, listening = timer(), asyncio.create_task(listen())
    for _ in range(300):
        house.services.bell.ring("a")
        await asyncio.sleep(0.001)
    database_event.remove(house.services.store.engine, "before_cursor_execute", note)
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)
    assert 1 <= sum(looks) <= 1 + (timer() - began) / PAUSE


async def test_a_page_that_is_too_far_behind_fetches_everything(house, ana):
    house.patient("a", URGENT)
    for after in (-1, 10_000):
        events = stream(console(house), token_of(ana), after)
        assert int((await first(events, "reset")).id) > 0
        await events.aclose()


async def test_the_stream_of_a_disabled_account_ends(house, ben):
    token = token_of(ben)
    with house.services.store.read() as session:
        assert session.get(StaffSession, digest(token))
    disable(house.services.store, house.clock, ben.staff.id)
    events = [event.event async for event in stream(console(house), token, 0)]
    assert events[-1] == "signed-out"


async def test_presence_is_told_without_being_stored(house, ana, ben):
    message = house.patient("a", URGENT)
    events = stream(console(house), token_of(ana), 10**6)
    await first(events, "beat")
    ben.script(f"/console/conversations/{message.conversation_id}/presence", {"doing": "here"})
    assert message.conversation_id in str((await first(events, "presence")).data)
    await events.aclose()


async def test_presence_is_pushed_and_not_looked_for(house, ana, ben, monkeypatch):
    """Nobody's wait ends by its time here: what comes was rung for."""

    async def until_rung(listener, _seconds):
        await listener._stirred.wait()
        listener._stirred.clear()
        return True

    monkeypatch.setattr("bot.conversation.events.Listener.wait", until_rung)
    base = f"/console/conversations/{house.patient('a', URGENT).conversation_id}"
    events = stream(console(house), token_of(ana), 10**6)
    await first(events, "beat")
    for doing in ("here", "typing", "left"):
        listening = asyncio.create_task(first(events, "presence"))
        await asyncio.sleep(0)
        await asyncio.to_thread(ben.script, f"{base}/presence", {"doing": doing})
        async with asyncio.timeout(ENDLESS):
            assert base.endswith(json.loads((await listening).data)["conversation_id"])
    await events.aclose()


async def test_who_falls_silent_is_forgotten(house, ana):
    presence, now = console(house).presence, house.clock.now()
    presence.here("c", 2, "Ben", now, typing=True)
    assert [one.typing for one in presence.others("c", 1, now + TYPING_FOR / 2)] == [True]
    assert [one.typing for one in presence.others("c", 1, now + TYPING_FOR)] == [False]
    assert presence.others("c", 1, now + SEEN_FOR) == ()
    assert timedelta(seconds=60) >= SEEN_FOR
