"""Which messages that the assistant answered are worth a look, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import ColumnElement, Select, Subquery, func, or_, select
from sqlalchemy.orm import Session

from bot.store.tables import Author, Case, CaseState, Handling, Message, Outcome, Review

Reason = Literal["unanswered", "unsure", "doubtful", "false_alarm", "corrected", "person"]
REASONS: Mapping[Reason, str] = {
    "doubtful": "Close to a sign",
    "false_alarm": "Closed as a false alarm",
    "corrected": "The patient corrected it",
    "person": "Asked for a person next",
    "unsure": "The assistant was not sure",
    "unanswered": "Not answered",
}
LOOKED_BACK = timedelta(days=90)
SHOWN = 20

_UNSURE = "nlu_fallback"
_CORRECTS = "correction"
_PERSON = "book_or_human"


@dataclass(frozen=True)
class Found:
    """A message worth a look, newest first, and why."""

    message_id: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Worth:
    """The query behind both the list and its counts, as of an instant."""

    read: Subquery
    conditions: Mapping[Reason, ColumnElement[bool]]

    @classmethod
    def of(cls, session: Session, now: datetime) -> "Worth":
        """Look at what patients wrote in the last 90 days and the assistant answered."""
        since = now - LOOKED_BACK
        read = _read(since).subquery()
        conditions: dict[Reason, ColumnElement[bool]] = {
            "doubtful": read.c.doubtful,
            "false_alarm": read.c.id.in_(_false_alarms(session, since)),
            "corrected": read.c.next == _CORRECTS,
            "person": (read.c.next == _PERSON) & (func.coalesce(read.c.intent, "") != _PERSON),
            "unsure": func.coalesce(read.c.intent, "") == _UNSURE,
            "unanswered": read.c.handling == Handling.UNANSWERED,
        }
        return cls(read, conditions)

    def open(self, session: Session, reason: Reason | None, before: int | None) -> tuple[list[Found], bool]:
        """What nobody has reviewed: of one reason, or of any; older than message `before`. Out: some, and if more."""
        query = select(self.read.c.id, *[condition.label(name) for name, condition in self.conditions.items()])
        query = query.where(self._open(), self._for(reason)).order_by(self.read.c.id.desc())
        if before is not None:
            query = query.where(self.read.c.id < before)
        rows = session.execute(query.limit(SHOWN + 1)).all()
        found = [Found(row.id, tuple(name for name in self.conditions if row._mapping[name])) for row in rows]
        return found[:SHOWN], len(found) > SHOWN

    def counts(self, session: Session) -> tuple[int, dict[Reason, int]]:
        """How many wait for a review: altogether, and for each reason."""
        of_reason = [func.count().filter(condition) for condition in self.conditions.values()]
        total, *numbers = session.execute(
            select(func.count(), *of_reason).where(self._open(), self._for(None))
        ).one()  # fmt: skip
        return total, dict(zip(self.conditions, numbers, strict=True))

    def reasons_of(self, session: Session, message_ids: list[int]) -> dict[int, tuple[Reason, ...]]:
        """Why some messages are worth a look, reviewed or not; empty for those that are not."""
        query = select(self.read.c.id, *[condition.label(name) for name, condition in self.conditions.items()])
        rows = session.execute(query.where(self.read.c.id.in_(message_ids))).all()
        return {row.id: tuple(name for name in self.conditions if row._mapping[name]) for row in rows}

    def _open(self) -> ColumnElement[bool]:
        return self.read.c.id.not_in(select(Review.message_id))

    def _for(self, reason: Reason | None) -> ColumnElement[bool]:
        return self.conditions[reason] if reason else or_(*self.conditions.values())


def _read(since: datetime) -> Select[tuple[int, str | None, bool, Handling | None, str | None]]:
    """What patients wrote, each with what the same patient wrote next was read as."""
    following = func.lead(Message.intent).over(partition_by=Message.conversation_id, order_by=Message.id)
    written = (
        select(Message.id, Message.intent, Message.doubtful, Message.handling, following.label("next"))
        .where(Message.author == Author.PATIENT, Message.created_at >= since)
        .subquery()
    )
    return select(written).where(written.c.handling.in_((Handling.HANDLED, Handling.UNANSWERED)))


def _false_alarms(session: Session, since: datetime) -> set[int]:
    closed = select(Case.signs).where(
        Case.state == CaseState.CLOSED, Case.outcome == Outcome.FALSE_ALARM, Case.closed_at >= since
    )
    return {sign["message_id"] for signs in session.scalars(closed) for sign in signs if sign.get("message_id")}
