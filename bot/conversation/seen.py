"""Who of the team has had the patient's messages on their screen: what "Seen by" in the widget stands on."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.conversation.events import record
from bot.store.tables import Author, Event, Message, Staff


def is_news(session: Session, conversation_id: str, message_id: int) -> bool:
    """Whether it is a message of this patient, and the patient was not told yet that it, or a newer one, was seen."""
    message = session.get(Message, message_id)
    if message is None or message.conversation_id != conversation_id or message.author is not Author.PATIENT:
        return False
    told = session.scalar(
        select(Event)
        .where(Event.conversation_id == conversation_id, Event.kind == "seen")
        .order_by(Event.id.desc())
        .limit(1)
    )
    return told is None or told.data["message_id"] < message_id


def mark_seen(session: Session, now: datetime, conversation_id: str, message_id: int, staff: Staff) -> bool:
    """Record that a clinician had a message on their screen, and those before it. Out: whether that is news."""
    if not is_news(session, conversation_id, message_id):
        return False
    record(session, now, conversation_id, "seen", message_id=message_id, staff_id=staff.id)
    return True
