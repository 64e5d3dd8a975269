"""What a widget sees: the conversation's events in order, replayed from the last one it had, then live."""

import asyncio
import contextlib
import json
import random
from collections.abc import AsyncIterator, Sequence
from typing import Any

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session, joinedload
from sse_starlette import ServerSentEvent

from bot.channels.web.history import SHOWN, beginning, shown, standing
from bot.channels.web.languages import Language
from bot.channels.web.limits import Place, Places
from bot.channels.web.today import today_card
from bot.services import Services
from bot.store.tables import CaseState, Event, Message, Staff

PAGE = 200
CHANGES_PLAN = {"treatment", "case"}  # events after which the day's plan is read again
LOOK_AGAIN = 60.0  # seconds until it is read again where none of them happens
POLL = 5.0  # seconds; what a command line writes rings no bell here
POLL_ALONE = 1.0  # seconds, while the other bots' bells are not heard

_of_conversation = Places(16)  # tabs share one; frames without storage do not
_of_address = Places(500)  # a clinic's own network, or a proxy that does not say whom it passes on

Logged = Row[int, str, dict[str, Any]]  # an event's id, kind and data
Told = tuple[int, str, dict[str, Any] | None]  # an event's id, kind and data; None for kinds that are not the patient's


async def events(
    services: Services,
    conversation_id: str,
    last: int,
    newest: int | None = None,
    language: Language | None = None,
    address: str = "",
) -> AsyncIterator[bytes]:
    """Everything after event `last`, then what happens, until the client goes: what is new together, as it is sent.

    It ends as well when its conversation or `address` has begun too many others since.

    With `newest`, one that has nothing yet (`last` is 0) begins with so many messages: first `history` says whether
    there are more before them, then how things stood, without ids.
    """
    typing: asyncio.Queue[dict[str, Any]] = asyncio.Queue(maxsize=20)
    loop = asyncio.get_running_loop()
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(services.bell.listen(conversation_id))
        place = Place(listener.stir)
        stack.enter_context(_of_conversation.taken(conversation_id, place))
        stack.enter_context(_of_address.taken(address, place))

        def show_typing(data: dict[str, Any]) -> None:
            if not typing.full():
                typing.put_nowait(data)
            listener.stir()

        def watcher(_conversation: str, author: str, on: bool) -> None:
            loop.call_soon_threadsafe(show_typing, {"author": author, "name": None, "on": on})

        stop = services.typing.watch(conversation_id, watcher)
        card, card_until, look, look_at = None, 0.0, True, 0.0
        try:
            if newest is not None and not last:
                last, stood = await asyncio.to_thread(_begin, services, conversation_id, newest)
                yield b"".join(_event(kind, stands) for kind, stands in [("history", {"more": last > 0}), *stood])
            while place.held:
                batch: Sequence[Told] = ()
                if look or loop.time() >= look_at:
                    look_at = loop.time() + _patience(services)
                    batch = await asyncio.to_thread(_after, services, conversation_id, last)
                last = batch[-1][0] if batch else last
                new = [_event(kind, data, event_id) for event_id, kind, data in batch if data is not None]
                while not typing.empty():
                    new.append(_event("typing", typing.get_nowait()))
                if new:
                    yield b"".join(new)
                if look := len(batch) == PAGE:
                    continue
                if loop.time() >= card_until or any(kind in CHANGES_PLAN for _, kind, _ in batch):
                    before, card_until = card, loop.time() + LOOK_AGAIN
                    card = await asyncio.to_thread(today_card, services, conversation_id, language)
                    if card is not None and card != before:
                        yield _event("today", card)
                look = await listener.wait(look_at - loop.time())
        finally:
            stop()


def _patience(services: Services) -> float:
    """Seconds until the log is read again though no bell rang."""
    spread = random.uniform(0.8, 1.0)  # noqa: S311 - so that streams which began together do not look together
    return spread * (POLL if services.wire.carries else POLL_ALONE)


def _begin(services: Services, conversation_id: str, newest: int) -> tuple[int, list[tuple[str, dict[str, Any]]]]:
    with services.store.read() as session:
        last = beginning(session, conversation_id, newest)
        told = _told(services, session, standing(session, conversation_id, last))
    return last, [(kind, data) for _, kind, data in told if data is not None]


def _event(kind: str, data: dict[str, Any], event_id: int | None = None) -> bytes:
    number = None if event_id is None else str(event_id)
    return ServerSentEvent(data=json.dumps(data, ensure_ascii=False), event=kind, id=number).encode()


_AFTER = (
    select(Event.id, Event.kind, Event.data)
    .where(Event.conversation_id == bindparam("conversation_id"), Event.id > bindparam("last"))
    .order_by(Event.id)
    .limit(PAGE)
)
_MESSAGES = (
    select(Message).where(Message.id.in_(bindparam("ids", expanding=True))).options(joinedload(Message.staff), SHOWN)
)


def _after(services: Services, conversation_id: str, last: int) -> list[Told]:
    """Up to a page of events after `last`. One query where there are none."""
    with services.store.read() as session:
        rows = session.execute(_AFTER, {"conversation_id": conversation_id, "last": last}).all()
        return _told(services, session, rows)


def _told(services: Services, session: Session, rows: Sequence[Logged]) -> list[Told]:
    wanted = [row.data["message_id"] for row in rows if row.kind == "message"]
    found = session.scalars(_MESSAGES, {"ids": wanted}) if wanted else ()
    messages = {message.id: message for message in found}
    staff = {row.data["staff_id"] for row in rows if row.kind in ("handoff", "seen") and "staff_id" in row.data}
    names = {person.id: person for person in session.scalars(select(Staff).where(Staff.id.in_(staff)))} if staff else {}
    return [(row.id, row.kind, _data(services, row, messages, names)) for row in rows]


def _data(
    services: Services, row: Logged, messages: dict[int, Message], staff: dict[int, Staff]
) -> dict[str, Any] | None:
    match row.kind:
        case "message":
            message = messages.get(row.data["message_id"])
            return shown(services, message) if message else None
        case "handoff":
            person = staff.get(row.data.get("staff_id", 0))
            return {
                "owner": row.data["owner"],
                "name": person.name if person else None,
                "role": person.title if person else None,
            }
        case "case":
            return {"state": "closed" if row.data["state"] == CaseState.CLOSED else "open", "tier": row.data["tier"]}
        case "seen":
            person = staff.get(row.data["staff_id"])
            if person is None:
                return None
            return {"message_id": row.data["message_id"], "name": person.name, "role": person.title}
        case _:
            return None
