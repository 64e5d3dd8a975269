"""Keeps what is planned in step with the care plan: a new session or instruction moves it, a correction replaces it."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from bot.care.clinic import Clinic
from bot.clock import Clock
from bot.conversation.limited import is_limited
from bot.conversation.record import personal_of, treatment_of
from bot.followup.schedule import LONGEST, Due, schedule
from bot.store.database import Store
from bot.store.tables import Conversation, FollowUp, FollowUpState, Patient, Reminders, TreatmentRow

log = logging.getLogger(__name__)

# What was sent is not sent again for a correction of the session's time by less than this.
SAME = timedelta(hours=12)


@dataclass(frozen=True)
class Changes:
    """What has to change for the plan to hold: rows that no longer do, and what is missing."""

    stale: Sequence[FollowUp]
    missing: Sequence[Due]

    def __bool__(self) -> bool:
        return bool(self.stale or self.missing)


@dataclass(frozen=True)
class Planner:
    """Writes down what is due for every patient who wants reminders."""

    store: Store
    clinic: Clinic
    clock: Clock

    def keep_up(self) -> int:
        """Bring every plan up to date. Out: how many had to change."""
        if not self.clinic.follow_up.offer:
            return 0
        return sum(self._update(conversation_id) for conversation_id in self._outdated())

    def _outdated(self) -> list[str]:
        now = self.clock.now()
        query = treated_lately(now).where(Conversation.reminders == Reminders.ON)
        with self.store.read() as session:
            return [one.id for one in session.scalars(query) if self._changes(session, one, now)]

    def _update(self, conversation_id: str) -> bool:
        now = self.clock.now()
        with self.store.write() as session:
            conversation = session.get_one(Conversation, conversation_id, options=[joinedload(Conversation.patient)])
            changes = self._changes(session, conversation, now)
            if conversation.reminders is not Reminders.ON or not changes:
                return False
            for row in changes.stale:
                row.state, row.reason = FollowUpState.DROPPED, "rescheduled"
            for due in changes.missing:
                _plan(session, conversation_id, due, now)
        log.info("the follow-ups of conversation %s are planned", conversation_id)
        return True

    def _changes(self, session: Session, conversation: Conversation, now: datetime) -> Changes:
        rows = session.scalars(select(FollowUp).where(FollowUp.conversation_id == conversation.id)).all()
        return changes(rows, due_for(session, self.clinic, conversation), now)


def zone_of(patient: Patient, clinic: Clinic) -> ZoneInfo:
    """Where the patient is: what they said, else the clinic's zone."""
    return ZoneInfo(patient.zone) if patient.zone else clinic.tz


def due_for(session: Session, clinic: Clinic, conversation: Conversation) -> tuple[Due, ...]:
    """What the care plan in force makes due; nothing while no session is known, nor where advice is general only."""
    patient = conversation.patient
    treatment = treatment_of(session, patient.id)
    if treatment is None or is_limited(clinic, patient.channel):
        return ()
    return schedule(clinic, treatment, personal_of(session, patient, clinic), zone_of(patient, clinic))


def changes(rows: Iterable[FollowUp], wanted: Iterable[Due], now: datetime) -> Changes:
    """Compare what is written down with what should be. What is past is neither added nor taken for missing."""
    rows, wanted = tuple(rows), tuple(wanted)
    holds = {(due.kind, due.at) for due in wanted}
    planned = [row for row in rows if row.state is FollowUpState.PLANNED]
    stale = [row for row in planned if (row.kind, row.due_at) not in holds]
    known = {(row.kind, row.due_at) for row in planned}
    done = [row for row in rows if row.state in (FollowUpState.SENT, FollowUpState.MISSED)]
    missing = [
        due
        for due in wanted
        if due.at > now
        and (due.kind, due.at) not in known
        and not any(row.kind == due.kind and abs(row.due_at - due.at) < SAME for row in done)
    ]
    return Changes(stale, missing)


def treated_lately(now: datetime) -> Select[Conversation]:
    """Conversations, with their patients, that know of a session so late that something may still be due."""
    theirs = or_(TreatmentRow.patient_id == Patient.id, TreatmentRow.record_id == Patient.record_id)
    return (
        select(Conversation)
        .join(Conversation.patient)
        .where(exists().where(theirs, TreatmentRow.ended_at > now - LONGEST))
        .options(contains_eager(Conversation.patient))
    )


def _plan(session: Session, conversation_id: str, due: Due, now: datetime) -> None:
    """Add a row, or take up the one that was dropped before."""
    row = session.scalar(
        select(FollowUp).where(
            FollowUp.conversation_id == conversation_id, FollowUp.kind == due.kind, FollowUp.due_at == due.at
        )
    )
    if row is None:
        row = FollowUp(conversation_id=conversation_id, kind=due.kind, due_at=due.at, created_at=now)
        session.add(row)
    row.window_h, row.state, row.reason = due.window_h, FollowUpState.PLANNED, None
