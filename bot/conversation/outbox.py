"""Our messages to patients: written with what caused them in one transaction, delivered after it by the channel."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.conversation.events import record
from bot.store.tables import Author, Conversation, Delivery, Message

Line = tuple[str, list[dict[str, Any]]]  # text and buttons of a message to come

# Channels whose clients read the event log themselves: there the commit is the delivery.
READS_EVENTS = frozenset({"web", "terminal", "replay"})


def enqueue(
    session: Session,
    now: datetime,
    conversation: Conversation,
    author: Author,
    text: str,
    *,
    buttons: Sequence[dict[str, Any]] = (),
    staff_id: int | None = None,
    key: str | None = None,
    send_by: datetime | None = None,
) -> Message:
    """Add a message to the patient, last in the conversation's order. `key` makes a repeated call fail, not repeat.

    After `send_by` it is not sent any more.
    """
    channel = conversation.patient.channel
    message = Message(
        conversation_id=conversation.id,
        channel=channel,
        external_id=key,
        author=author,
        staff_id=staff_id,
        text=text,
        buttons=list(buttons),
        delivery=Delivery.SENT if channel in READS_EVENTS else Delivery.PENDING,
        send_by=send_by,
        created_at=now,
    )
    session.add(message)
    session.flush()
    record(session, now, conversation.id, "message", message_id=message.id)
    return message
