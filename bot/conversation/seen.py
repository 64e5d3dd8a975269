"""Who of the team has had the patient's messages on their screen: what "Seen by" in the widget stands on."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.conversation.events import record
from bot.store.tables import Author, Event, Message, Role, Staff

ON_SCREEN_AFTER = timedelta(seconds=3)  # an open page shows a new message sooner than this


def unseen(session: Session, now: datetime, conversation_id: str) -> int | None:
    """The newest patient message, where an open page shows it and the patient was not told that it was seen."""
    newest = session.scalar(
        select(Message.id)
        .where(
            Message.conversation_id == conversation_id,
            Message.author == Author.PATIENT,
            Message.created_at <= now - ON_SCREEN_AFTER,
        )
        .order_by(Message.id.desc())
        .limit(1)
    )
    told = session.scalar(
        select(Event)
        .where(Event.conversation_id == conversation_id, Event.kind == "seen")
        .order_by(Event.id.desc())
        .limit(1)
    )
    return newest if newest is not None and (told is None or told.data["message_id"] < newest) else None


def mark_seen(session: Session, now: datetime, conversation_id: str, staff: Staff) -> bool:
    """Record that a clinician has the newest message before them. Out: whether that is news; never for reviewers."""
    message_id = None if staff.role is Role.REVIEWER else unseen(session, now, conversation_id)
    if message_id is None:
        return False
    record(session, now, conversation_id, "seen", message_id=message_id, staff_id=staff.id)
    return True
