"""Time that passes in a replay: what falls due on the way happens at its moment, as in the running bot."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.clock import SetClock
from bot.conversation.cases import open_case
from bot.followup.follow_ups import FollowUps
from bot.followup.offering import PAUSE
from bot.followup.planning import zone_of
from bot.services import Services
from bot.store.tables import Author, CaseState, Conversation, FollowUp, FollowUpState, Message


@dataclass(frozen=True)
class Line:
    """Something the patient reads, with its buttons' titles, or (author "note") that only staff would see."""

    at: datetime
    author: str
    text: str
    buttons: tuple[str, ...] = ()

    @classmethod
    def of(cls, message: Message) -> "Line":
        """A message as it was written."""
        titles = tuple(str(button["title"]) for button in message.buttons)
        return cls(message.created_at, str(message.author), message.text, titles)


@dataclass(frozen=True)
class Passing:
    """Puts the clock on, in one conversation."""

    services: Services
    clock: SetClock
    conversation_id: str

    def until(self, end: datetime) -> Iterator[Line]:
        """Let time pass until `end`. Out: what happens, in order."""
        while (before := self.clock.now()) < end:
            newest = self._newest()
            self.clock.put(self._next(before, end))
            self.services.silence.speak_up()
            FollowUps.of(self.services).look()
            yield from self._cases_due(before)
            yield from self.since(newest)

    def since(self, message_id: int) -> list[Line]:
        """What the patient was sent after a message."""
        query = select(Message).where(
            Message.conversation_id == self.conversation_id, Message.id > message_id, Message.author != Author.PATIENT
        )
        with self.services.store.read() as session:
            return [Line.of(message) for message in session.scalars(query.order_by(Message.id))]

    def _newest(self) -> int:
        with self.services.store.read() as session:
            return session.scalar(select(func.max(Message.id))) or 0

    def _next(self, now: datetime, end: datetime) -> datetime:
        with self.services.store.read() as session:
            due = [at for at in self._due(session) if at is not None and now < at < end]
        return min(due, default=end)

    def _due(self, session: Session) -> Iterator[datetime | None]:
        """Every moment at which something may happen: what is stored as due, the pause, the end of the night."""
        mine = Message.conversation_id == self.conversation_id
        conversation = session.get_one(Conversation, self.conversation_id)
        yield conversation.check_due_at
        clinic = self.services.clinic
        yield clinic.follow_up.quiet_hours.after(self.clock.now(), zone_of(conversation.patient, clinic))
        yield from session.scalars(select(FollowUp.due_at).where(FollowUp.state == FollowUpState.PLANNED))
        case = open_case(session, self.conversation_id)
        yield case.due_at if case else None
        last = session.scalar(select(func.max(Message.created_at)).where(mine))
        yield last + PAUSE if last else None

    def _cases_due(self, before: datetime) -> Iterator[Line]:
        with self.services.store.read() as session:
            case = open_case(session, self.conversation_id)
        if case is not None and case.state is CaseState.OPEN and before < case.due_at <= self.clock.now():
            yield Line(case.due_at, "note", "The case is due, and nobody at the clinic has seen to it yet.")
