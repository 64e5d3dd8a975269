"""Who of the team has had the patient's messages on their screen: what "Seen by" in the widget stands on."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.conversation.events import record
from bot.store.tables import Author, Case, Event, Message, Staff
from bot.triage.tier import Tier


def seen_up_to(session: Session, conversation_id: str) -> int:
    """The id of the patient's newest message that a clinician had on their screen; 0 where there is none."""
    told = session.scalar(
        select(Event)
        .where(Event.conversation_id == conversation_id, Event.kind == "seen")
        .order_by(Event.id.desc())
        .limit(1)
    )
    return told.data["message_id"] if told else 0


def is_news(session: Session, conversation_id: str, message_id: int) -> bool:
    """Whether it is a message of this patient, and the patient was not told yet that it, or a newer one, was seen."""
    message = session.get(Message, message_id)
    if message is None or message.conversation_id != conversation_id or message.author is not Author.PATIENT:
        return False
    return seen_up_to(session, conversation_id) < message_id


def alarm_since_looked(session: Session, case: Case) -> bool:
    """Whether the patient has written of something urgent since somebody looked at the case: had the chat on their
    screen, or acknowledged it. False where nobody has looked at all.
    """
    seen = seen_up_to(session, case.conversation_id)
    if not seen and case.acknowledged_at is None:
        return False
    unread = select(Message.id).where(
        Message.conversation_id == case.conversation_id,
        Message.author == Author.PATIENT,
        Message.tier >= int(Tier.URGENT),
        Message.id > seen,
    )
    if case.acknowledged_at is not None:
        unread = unread.where(Message.created_at > case.acknowledged_at)
    return session.scalar(unread.limit(1)) is not None


def mark_seen(session: Session, now: datetime, conversation_id: str, message_id: int, staff: Staff) -> bool:
    """Record that a clinician had a message on their screen, and those before it. Out: whether that is news."""
    if not is_news(session, conversation_id, message_id):
        return False
    record(session, now, conversation_id, "seen", message_id=message_id, staff_id=staff.id)
    return True
