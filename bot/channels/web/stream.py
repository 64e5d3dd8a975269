"""What a widget sees: the conversation's events in order, replayed from the last one it had, then live."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload
from sse_starlette import ServerSentEvent

from bot.channels.web.today import today_card
from bot.services import Services
from bot.store.tables import Author, CaseState, Event, Kind, Message, Staff

PAGE = 200
LOOK_AGAIN = 60.0  # seconds until the day's plan is read again where nothing happens
POLL = 1.0  # seconds; another process's writes ring no bell here


async def events(services: Services, conversation_id: str, last: int) -> AsyncIterator[ServerSentEvent]:
    """Everything after event `last`, then what happens, until the client goes."""
    typing: asyncio.Queue[dict[str, Any]] = asyncio.Queue(maxsize=20)
    loop = asyncio.get_running_loop()

    def watcher(_conversation: str, author: str, on: bool) -> None:
        loop.call_soon_threadsafe(_offer, typing, {"author": author, "name": None, "on": on})
        services.bell.ring()

    stop = services.typing.watch(conversation_id, watcher)
    card, look_again = None, 0.0
    try:
        with services.bell.listen() as listener:
            while True:
                batch = await asyncio.to_thread(_after, services, conversation_id, last)
                for event_id, kind, data in batch:
                    last = event_id
                    if data is not None:
                        yield _event(kind, data, event_id)
                while not typing.empty():
                    yield _event("typing", typing.get_nowait())
                if len(batch) == PAGE:
                    continue
                if batch or loop.time() >= look_again:
                    before, look_again = card, loop.time() + LOOK_AGAIN
                    card = await asyncio.to_thread(today_card, services, conversation_id)
                    if card is not None and card != before:
                        yield _event("today", card)
                await listener.wait(POLL)
    finally:
        stop()


def _offer(queue: asyncio.Queue[dict[str, Any]], data: dict[str, Any]) -> None:
    if not queue.full():
        queue.put_nowait(data)


def _event(kind: str, data: dict[str, Any], event_id: int | None = None) -> ServerSentEvent:
    return ServerSentEvent(
        data=json.dumps(data, ensure_ascii=False), event=kind, id=None if event_id is None else str(event_id)
    )


def _after(services: Services, conversation_id: str, last: int) -> list[tuple[int, str, dict[str, Any] | None]]:
    """Up to a page of events after `last`: (id, kind, data), data None for kinds that are not the patient's."""
    with services.store.read() as session:
        query = select(Event).where(Event.conversation_id == conversation_id, Event.id > last)
        rows = session.scalars(query.order_by(Event.id).limit(PAGE)).all()
        wanted = [row.data["message_id"] for row in rows if row.kind == "message"]
        found = session.scalars(select(Message).where(Message.id.in_(wanted)).options(joinedload(Message.staff))).all()
        messages = {message.id: message for message in found}
        staff = {row.data["staff_id"] for row in rows if row.kind == "handoff" and "staff_id" in row.data}
        names = {person.id: person for person in session.scalars(select(Staff).where(Staff.id.in_(staff)))}
        return [(row.id, row.kind, _data(services, row, messages, names)) for row in rows]


def _data(
    services: Services, row: Event, messages: dict[int, Message], staff: dict[int, Staff]
) -> dict[str, Any] | None:
    match row.kind:
        case "message":
            message = messages.get(row.data["message_id"])
            return _message(services, message) if message else None
        case "handoff":
            person = staff.get(row.data.get("staff_id", 0))
            return {
                "owner": row.data["owner"],
                "name": person.name if person else None,
                "role": person.title if person else None,
            }
        case "case":
            return {"state": "closed" if row.data["state"] == CaseState.CLOSED else "open", "tier": row.data["tier"]}
        case _:
            return None


def _message(services: Services, message: Message) -> dict[str, Any]:
    names = {Author.BOT: services.clinic.tone.bot_name, Author.CLINICIAN: message.staff and message.staff.name}
    own = message.author is Author.PATIENT and message.external_id
    return {
        "id": message.id,
        "author": message.author,
        "name": names.get(message.author),
        "role": message.staff.title if message.staff else None,
        "text": message.text,
        "buttons": [{"index": index, "title": button["title"]} for index, button in enumerate(message.buttons)],
        "kind": Kind.TEXT if message.kind is Kind.BUTTON else message.kind,  # a press is shown as its words
        "client_message_id": message.external_id.partition(":")[2] if own and message.external_id else None,
        "at": message.created_at.isoformat(),
    }
