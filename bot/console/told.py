"""Who said what about a patient's sessions: the clinic, colleagues, the patient."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.console.enrol_view import facts_of
from bot.console.people import CERTAINTY
from bot.console.times import Times
from bot.conversation.record import row_in_force, rows_of
from bot.store.tables import Patient, Staff, TreatmentRow

SHOWN = 8


@dataclass(frozen=True)
class Told:
    """One thing that was said: `counts` is the one in force."""

    id: int
    session: str
    facts: str
    who: str
    counts: bool


def told(session: Session, patient: Patient, times: Times) -> tuple[Told, ...]:
    """The newest things said about when a patient's sessions ended, newest first."""
    counting = row_in_force(session, patient.id)
    rows = session.scalars(rows_of(patient.id).limit(SHOWN)).all()
    names = dict(session.execute(select(Staff.id, Staff.name)).all())
    return tuple(
        Told(
            row.id,
            times.moment(row.ended_at),
            facts_of(row),
            f"{_who(row, names)}, {times.moment(row.created_at)}",
            counting is not None and row.id == counting.id,
        )
        for row in rows
    )


def _who(row: TreatmentRow, names: dict[int, str]) -> str:
    kind, _, number = row.told_by.partition(":")
    if kind == "staff":
        return f"recorded by {names.get(int(number), 'staff')}"
    return CERTAINTY.get(row.certainty, "as the patient said")
