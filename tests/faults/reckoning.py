"""What became of the messages that were accepted: read from the database, the widgets and the phones at the end."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.store.database import Store
from bot.store.tables import Author, Case, Delivery, Handling, Message
from bot.triage.screen import Context, Screen
from bot.triage.tier import Tier
from tests.faults.writing import FLAGS, NO_ANSWER, QUESTIONS, Conversation, Phone, Widget

# By what stands in it and in no other a reply is told to answer this message.
MARKS = {NO_ANSWER: NO_ANSWER} | {mark: text for text, marks in (QUESTIONS | FLAGS).items() for mark in marks}


@dataclass
class Reckoning:
    """Counts, and under each name of a fault the messages it happened to."""

    accepted: int = 0
    answered: int = 0
    unanswered: int = 0
    flagged: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    disordered: list[str] = field(default_factory=list)
    without_case: list[str] = field(default_factory=list)

    def line(self) -> str:
        """The figures in one line."""
        return (
            f"{self.accepted} accepted, {self.answered} answered, {self.unanswered} marked unanswered, "
            f"{self.flagged} flagged; lost {len(self.lost)}, doubled {len(self.doubled)}, "
            f"out of order {len(self.disordered)}, flagged without a case {len(self.without_case)}"
        )

    @property
    def faults(self) -> list[str]:
        """Everything that should not be."""
        return [*self.lost, *self.doubled, *self.disordered, *self.without_case]


def settled(store: Store) -> bool:
    """Whether nothing waits for an answer, and nothing for its way out."""
    waiting = (Message.handling == Handling.RECEIVED) | (Message.delivery == Delivery.PENDING)
    with store.read() as session:
        return session.scalar(select(Message.id).where(waiting).limit(1)) is None


def reckon(store: Store, screen: Screen, writers: Sequence[Widget | Phone]) -> Reckoning:
    """Compare what was accepted with what is stored and shown."""
    found = Reckoning()
    with store.read() as session:
        for writer in writers:
            rows = _rows(session, writer.talk)
            _stored(found, writer.talk, rows)
            _replies(found, writer.talk, rows)
            _cases(found, session, screen, rows)
            if isinstance(writer, Widget):
                _stream(found, writer.talk, rows)
            else:
                _phone(found, writer, rows)
    return found


def _rows(session: Session, talk: Conversation) -> list[Message]:
    if not talk.id and talk.accepted:  # on Telegram nobody told us
        first = select(Message.conversation_id).where(Message.external_id == talk.accepted[0].external_id)
        talk.id = session.scalar(first) or ""
    query = select(Message).where(Message.conversation_id == talk.id)
    return list(session.scalars(query.order_by(Message.id)))


def _stored(found: Reckoning, talk: Conversation, rows: Iterable[Message]) -> None:
    theirs = [row for row in rows if row.author is Author.PATIENT]
    times = Counter(row.external_id for row in theirs)
    known = {row.external_id: row for row in theirs}
    for one in talk.accepted:
        row = known.get(one.external_id)
        found.accepted += 1
        if row is None or row.text != one.text or one.message_id not in (None, row.id):
            found.lost.append(f"{one.external_id} is not stored as it was sent")
            continue
        found.answered += row.handling in (Handling.HANDLED, Handling.HELD)
        found.unanswered += row.handling is Handling.UNANSWERED
        if row.handling is Handling.RECEIVED:
            found.lost.append(f"{one.external_id} still waits for an answer")
        if times[one.external_id] > 1:
            found.doubled.append(f"{one.external_id} is stored {times[one.external_id]} times")
    if [row.external_id for row in theirs] != [one.external_id for one in talk.accepted]:
        found.disordered.append(f"{talk.id} is not stored in the order it was written")


def _replies(found: Reckoning, talk: Conversation, rows: Sequence[Message]) -> None:
    """Each reply belongs to the next message that has none yet; a message has its replies once."""
    wanted = [kind for row in rows if row.author is Author.PATIENT for kind in _due(row)]
    told = [kind for row in rows if row.author is Author.BOT for kind in _kinds(row.text)]
    if told == wanted:
        return
    if Counter(told) == Counter(wanted):
        found.disordered.append(f"{talk.id}: replies {told} for {wanted}")
    elif Counter(wanted) - Counter(told):
        found.lost.append(f"{talk.id}: replies {told} for {wanted}")
    else:
        found.doubled.append(f"{talk.id}: replies {told} for {wanted}")


def _due(message: Message) -> list[str]:
    if message.handling is not Handling.UNANSWERED:
        return [message.text]
    return [message.text, NO_ANSWER] if message.text in FLAGS else [NO_ANSWER]


def _kinds(text: str) -> list[str]:
    """Which messages a reply answers: one, or none where it only adds to the one before."""
    return [kind for mark, kind in MARKS.items() if mark in text.lower()]


def _cases(found: Reckoning, session: Session, screen: Screen, rows: Iterable[Message]) -> None:
    """What the screen alone, without Rasa, rates urgent or worse has a case that names it."""
    for row in rows:
        tier = screen(row.text, Context(day=None)).tier if row.author is Author.PATIENT else Tier.NONE
        if tier < Tier.URGENT:
            continue
        found.flagged += 1
        cases = session.scalars(select(Case).where(Case.conversation_id == row.conversation_id)).all()
        if not any(case.tier >= tier and row.id in [sign["message_id"] for sign in case.signs] for case in cases):
            found.without_case.append(f"{row.external_id} has no case")


def _stream(found: Reckoning, talk: Conversation, rows: Iterable[Message]) -> None:
    """The widget was shown every message once, in order, over however many connections."""
    stored = [row.id for row in rows]
    if talk.shown == stored:
        return
    if len(set(talk.shown)) < len(talk.shown):
        found.doubled.append(f"{talk.id}: the stream showed {talk.shown} of {stored}")
    elif set(stored) - set(talk.shown):
        found.lost.append(f"{talk.id}: the stream showed {talk.shown} of {stored}")
    else:
        found.disordered.append(f"{talk.id}: the stream showed {talk.shown} of {stored}")


def _phone(found: Reckoning, phone: Phone, rows: Iterable[Message]) -> None:
    """Telegram got every reply in order; one whose sender was killed before it could write that down, twice."""
    told = [text for text, _ in groupby(phone.patient.texts)]
    stored = [text for text, _ in groupby(row.text for row in rows if row.author is not Author.PATIENT)]
    if told != stored:
        kind = found.disordered if Counter(told) == Counter(stored) else found.lost
        kind.append(f"{phone.talk.id}: the phone has {len(told)} replies of {len(stored)}")
