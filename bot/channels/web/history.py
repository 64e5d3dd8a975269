"""Messages as the widget shows them, and the pages of older ones."""

import mimetypes
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session, joinedload, load_only, selectinload

from bot.services import Services
from bot.store.tables import Attachment, Author, Event, Kind, Message

PAGE = 30  # messages
# What `shown` reads of a message; the rest need not be opened.
SHOWN = load_only(
    Message.author,
    Message.staff_id,
    Message.kind,
    Message.text,
    Message.buttons,
    Message.external_id,
    Message.created_at,
)


def shown(services: Services, message: Message) -> dict[str, Any]:
    """The data of a `message` event, and of a message in a page of history."""
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
        "files": [_file(one) for one in message.attachments] if message.author is Author.CLINICIAN else [],
        "at": message.created_at.isoformat(),
    }


def _file(row: Attachment) -> dict[str, Any]:
    """A clinician's file, as the patient may fetch it. What patients send is for the staff alone."""
    return {"id": row.id, "name": file_name(row), "type": row.content_type, "size": row.size}


def file_name(row: Attachment) -> str:
    """What a file is called on the patient's device."""
    return f"file-{row.id}{mimetypes.guess_extension(row.content_type) or ''}"


def older(services: Services, conversation_id: str, before: int) -> dict[str, Any]:
    """The page of messages before message `before`, oldest first, and whether there are `more` before these."""
    with services.store.read() as session:
        query = select(Message).where(Message.conversation_id == conversation_id, Message.id < before)
        query = query.options(joinedload(Message.staff), selectinload(Message.attachments))
        query = query.order_by(Message.id.desc()).limit(PAGE + 1)
        found = session.scalars(query).all()
    return {"messages": [shown(services, message) for message in reversed(found[:PAGE])], "more": len(found) > PAGE}


def beginning(session: Session, conversation_id: str, newest: int) -> int:
    """The event after which the newest so many messages come; 0 where there are no more than those."""
    query = select(Event.id).where(Event.conversation_id == conversation_id, Event.kind == "message")
    before = session.scalar(query.order_by(Event.id.desc()).offset(newest).limit(1))
    return before or 0


def standing(session: Session, conversation_id: str, until: int) -> Sequence[Row[int, str, dict[str, Any]]]:
    """How things stood at event `until`, in order: the last of each kind that says who answers and what is open."""
    query = select(func.max(Event.id)).where(
        Event.conversation_id == conversation_id, Event.id <= until, Event.kind.in_(("handoff", "case", "seen"))
    )
    last = Event.id.in_(query.group_by(Event.kind))
    return session.execute(select(Event.id, Event.kind, Event.data).where(last).order_by(Event.id)).all()
