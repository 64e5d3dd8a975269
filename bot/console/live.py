"""What happens, told to open pages as it happens. Ids and states only: pages fetch what they may show."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sse_starlette import JSONServerSentEvent, ServerSentEvent

from bot.console.console import Console
from bot.console.sessions import member_of
from bot.store.tables import Event

PAUSE = 0.1  # seconds between two looks, so that a burst of rings is one look
BEAT = 4.0  # seconds; pages say "not live" when they hear nothing for ten
TOO_MANY = 500  # behind by more than this, a page reloads all it shows rather than hearing of each change


@dataclass(frozen=True)
class Change:
    """One row of the event log."""

    id: int
    conversation_id: str
    kind: str
    data: dict[str, Any]


def newest_event(session: Session) -> int:
    """The id of the latest event; 0 when there is none."""
    return session.scalar(select(func.max(Event.id))) or 0


def changes_after(console: Console, after: int) -> list[Change] | None:
    """What happened after an event, in order; None when it is too much, or the log does not reach there."""
    with console.services.store.read() as session:
        newest = newest_event(session)
        if after < 0 or not newest - TOO_MANY <= after <= newest:
            return None
        rows = session.scalars(select(Event).where(Event.id > after).order_by(Event.id))
        return [Change(row.id, row.conversation_id, row.kind, row.data) for row in rows]


async def stream(console: Console, token: str | None, after: int) -> AsyncIterator[ServerSentEvent]:
    """Tell one browser of everything after event `after`, until its session ends.

    Events: `change` (id of the log; the event's kind, conversation and data), `presence` (conversation), `beat`,
    `reset` (fetch everything anew), `signed-out`.
    """
    timer = asyncio.get_running_loop().time
    next_beat, present = timer(), console.presence.snapshot(console.services.clock.now())
    with console.services.bell.listen() as listener, console.presence.listen(listener.wake):
        while True:
            changes = await asyncio.to_thread(changes_after, console, after)
            if changes is None:
                after = await asyncio.to_thread(_newest, console)
                yield JSONServerSentEvent({}, event="reset", id=str(after))
            for change in changes or ():
                after = change.id
                body = {"kind": change.kind, "conversation_id": change.conversation_id, **change.data}
                yield JSONServerSentEvent(body, event="change", id=str(after))
            seen = console.presence.snapshot(console.services.clock.now())
            for conversation_id in sorted(seen.keys() | present.keys()):
                if seen.get(conversation_id) != present.get(conversation_id):
                    yield JSONServerSentEvent({"conversation_id": conversation_id}, event="presence")
            present = seen
            if timer() >= next_beat:
                next_beat = timer() + BEAT
                if await asyncio.to_thread(member_of, console, token) is None:
                    yield JSONServerSentEvent({}, event="signed-out")
                    return
                yield JSONServerSentEvent({}, event="beat")
            await asyncio.sleep(PAUSE)
            await listener.wait(1.0 - PAUSE)  # who falls silent says nothing: that is looked for


def _newest(console: Console) -> int:
    with console.services.store.read() as session:
        return newest_event(session)
