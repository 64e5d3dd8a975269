"""Cases put off until a time: out of sight until then, or until the patient writes. Works from stored state."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import ColumnElement, and_, exists, func, not_, or_, select
from sqlalchemy.orm import Session, aliased

from bot.clock import Clock
from bot.conversation.events import Bell, audit, record
from bot.conversation.watching import watch
from bot.store.claims import claim
from bot.store.database import Store
from bot.store.tables import Author, Case, CaseState, Delivery, Message
from bot.triage.tier import Tier

LOOK_EVERY = 5.0  # seconds


@cache  # SQLAlchemy takes milliseconds to build it, and it is asked for every second
def asleep() -> ColumnElement[bool]:
    """Whether a case is out of sight, as a condition on `cases`: snoozed, and the patient has not written since.

    An emergency that nobody has answered is never snoozed (`CaseWork.snooze`), so none is ever hidden here.
    """
    return and_(Case.snoozed_until.is_not(None), not_(_written()))


def _written() -> ColumnElement[bool]:
    theirs = aliased(Message)
    return exists().where(
        theirs.conversation_id == Case.conversation_id,
        theirs.author == Author.PATIENT,
        theirs.id > func.coalesce(Case.snoozed_after, 0),
    )


def is_answered(session: Session, conversation_id: str) -> bool:
    """Whether a clinician has written since the patient's newest message."""
    newest = (
        select(func.max(Message.id))
        .where(Message.conversation_id == conversation_id, Message.author == Author.PATIENT)
        .scalar_subquery()
    )
    answer = select(Message.id).where(
        Message.conversation_id == conversation_id,
        Message.author == Author.CLINICIAN,
        Message.delivery != Delivery.FAILED,
        Message.id > func.coalesce(newest, 0),
    )
    return session.scalar(answer.limit(1)) is not None


@dataclass(frozen=True)
class Snoozes:
    """Brings snoozed cases back into sight."""

    store: Store
    clock: Clock
    bell: Bell

    async def run(self) -> None:
        """Watch until cancelled."""
        await watch(self.wake_due, LOOK_EVERY, "snoozed cases")

    def wake_due(self) -> int:
        """Wake every case whose time has come, or whose patient has written. Out: how many there were."""
        over = or_(Case.snoozed_until <= self.clock.now(), _written())
        query = select(Case.conversation_id, Case.id, Case.snoozed_until).where(
            Case.snoozed_until.is_not(None), Case.state != CaseState.CLOSED, over
        )
        with self.store.read() as session:
            due = [(key, case_id, until) for key, case_id, until in session.execute(query) if until]
        woken = 0
        for conversation_id, case_id, until in due:
            if self._wake(case_id, until):
                self.bell.ring(conversation_id)
                woken += 1
        return woken

    def _wake(self, case_id: int, until: datetime) -> bool:
        now = self.clock.now()
        with self.store.write() as session:
            if not claim(session, Case, Case.id == case_id, Case.snoozed_until == until, snoozed_until=None):
                return False
            case = session.get_one(Case, case_id)
            tier = Tier(case.tier).label
            record(session, now, case.conversation_id, "case", case_id=case_id, state=case.state, tier=tier, back=True)
            audit(session, now, "bot", "snooze_over", conversation_id=case.conversation_id, case_id=case.id)
        return True
