"""What was reviewed, read from the database: only messages of patients who agreed that we learn from them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from bot.learning.lessons import Lesson
from bot.learning.topics import TOPICS
from bot.store.tables import CareRecord, Conversation, Finding, Kind, Message, Patient, Review, Staff
from bot.triage.tier import Tier


@dataclass(frozen=True)
class Reviewed:
    """What may be learnt, and how many reviewed messages may not be used, as their patients have not agreed."""

    lessons: list[Lesson]
    withheld: int


def reviewed(session: Session, since: datetime | None) -> Reviewed:
    """The lessons of all reviews made since an instant (aware), oldest message first."""
    made = select(Review.message_id).where(Review.at >= since) if since else select(Review.message_id)
    mine = select(Message).join(Conversation, Conversation.id == Message.conversation_id).join(Conversation.patient)
    written = mine.where(Message.id.in_(made), Message.kind != Kind.BUTTON)
    agreed = Patient.training_at.is_not(None)
    messages = session.scalars(
        written.where(agreed).options(selectinload(Message.reviews)).order_by(Message.id)
    ).all()  # fmt: skip
    withheld = session.scalar(select(func.count()).select_from(written.where(~agreed).subquery()))
    return Reviewed([lesson for message in messages for lesson in lessons_of(message)], withheld or 0)


def lessons_of(message: Message) -> list[Lesson]:
    """What the reviews of one message teach.

    A message with a missed sign teaches the catalogue alone: how urgent it is, a clinician decides first.
    """
    about = {finding: [one.about for one in message.reviews if one.finding is finding] for finding in Finding}
    missed = [Lesson("wording", message.text, sign) for sign in about[Finding.MISSED_SIGN]]
    false = [Lesson("lookalike", message.text, sign) for sign in about[Finding.FALSE_ALARM]]
    tier = Tier(message.tier) if not false else Tier.NONE
    topics = about[Finding.WRONG_TOPIC] or (message.topics[:1] if about[Finding.FINE] else [])
    if missed or tier > Tier.ROUTINE:
        return [*missed, *false]
    return [*missed, *false, *(Lesson("topic", message.text, one, tier.label) for one in topics if one in TOPICS)]


def names_known(session: Session) -> set[str]:
    """What patients and staff are called here."""
    return {*session.scalars(select(CareRecord.called)), *session.scalars(select(Staff.name))}
