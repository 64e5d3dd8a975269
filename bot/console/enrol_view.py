"""Sessions that were entered for patients, and how far their links have come."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from bot.console.times import Times
from bot.conversation.second_fact import MOST_WRONG
from bot.store.tables import Conversation, Enrolment, Staff, TreatmentRow

SHOWN = 50


@dataclass(frozen=True)
class EnrolmentRow:
    """One link. `state` is used, waiting, over or replaced; `conversation_id` where it was used."""

    id: int
    record_id: int
    called: str
    session: str
    facts: str
    made: str
    state: str
    state_words: str
    conversation_id: str | None


def newest(session: Session, times: Times) -> Sequence[EnrolmentRow]:
    """The newest links that no other has replaced, newest first."""
    stands = or_(Enrolment.withdrawn_at.is_(None), Enrolment.wrong_dates >= MOST_WRONG)
    query = select(Enrolment).where(stands).order_by(Enrolment.id.desc()).limit(SHOWN)
    rows = session.scalars(query.options(joinedload(Enrolment.record), joinedload(Enrolment.treatment))).all()
    return [as_row(session, row, times) for row in rows]


def as_row(session: Session, row: Enrolment, times: Times) -> EnrolmentRow:
    """One link as its page says it."""
    state, words = _state(row, times)
    maker = session.get(Staff, row.created_by)
    found = select(Conversation.id).where(Conversation.patient_id == row.patient_id)
    return EnrolmentRow(
        row.id,
        row.record_id,
        row.record.called,
        times.moment(row.treatment.ended_at),
        facts_of(row.treatment),
        f"{maker.name if maker else 'Staff'}, {times.moment(row.created_at)}",
        state,
        words,
        session.scalar(found) if row.patient_id is not None else None,
    )


def facts_of(row: TreatmentRow) -> str:
    """What is known of a session besides its time: "1 mm, crown, pen, by Ana"."""
    depth = f"{row.depth_mm:g} mm" if row.depth_mm else ""
    by = f"by {row.done_by}" if row.done_by else ""
    return ", ".join(part for part in (depth, row.area, row.device, by) if part)


def _state(row: Enrolment, times: Times) -> tuple[str, str]:
    if row.used_at is not None:
        return "used", f"The patient agreed {times.moment(row.used_at)}"
    if row.wrong_dates >= MOST_WRONG:
        return "over", f"Ended after {MOST_WRONG} wrong birth dates: make a new one"
    if row.withdrawn_at is not None:
        return "replaced", "Replaced by a newer link"
    if row.expires_at <= times.now:
        return "over", f"Ran out {times.moment(row.expires_at)}"
    return "waiting", f"Not used yet, good until {times.moment(row.expires_at)}"
