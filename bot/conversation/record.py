"""The care record as the conversation needs it: when the session was, and what a clinician said for this patient."""

from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any, cast

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, delete, func, or_, select, update
from sqlalchemy.orm import Session

from bot.care.clinic import Clinic
from bot.care.plan import figure_in_force
from bot.care.treatment import Certainty, Treatment, outlasts, supersedes
from bot.store.tables import CareRecord, Conversation, Enrolment, Patient, TreatmentRow


def rows_of(patient_id: int | BindParameter[int]) -> Select[TreatmentRow]:
    """Everything that was told about a patient's sessions, newest first."""
    record = select(Patient.record_id).where(Patient.id == patient_id).scalar_subquery()
    theirs = or_(TreatmentRow.patient_id == patient_id, TreatmentRow.record_id == record)
    return select(TreatmentRow).where(theirs).order_by(TreatmentRow.id.desc())


_IN_FORCE = rows_of(bindparam("patient_id")).where(~TreatmentRow.set_aside).limit(1)


def told_of(patients: Sequence[int], record_id: int | None) -> ColumnElement[bool]:
    """Which rows are of these patients' chats, or of their record where they have one."""
    theirs: ColumnElement[bool] = TreatmentRow.patient_id.in_(patients)
    if record_id is None:  # "equal to nothing" would be everybody's rows that are of no record
        return theirs
    return or_(theirs, TreatmentRow.record_id == record_id)


def row_in_force(session: Session, patient_id: int) -> TreatmentRow | None:
    """The newest row of the patient's chat or record that is not set aside. None when nobody has told."""
    return session.scalar(_IN_FORCE, {"patient_id": patient_id})


def treatment_of(session: Session, patient_id: int) -> Treatment | None:
    """The treatment in force: the newest row, whoever told it. None when nobody has."""
    row = row_in_force(session, patient_id)
    return as_treatment(row) if row else None


def treatments_of(session: Session, patients: Sequence[int]) -> dict[int, Treatment]:
    """The treatment in force of each patient who has one."""
    theirs = or_(TreatmentRow.patient_id == Patient.id, TreatmentRow.record_id == Patient.record_id)
    newest = (
        select(Patient.id.label("patient"), func.max(TreatmentRow.id).label("row"))
        .join(TreatmentRow, theirs)
        .where(Patient.id.in_(patients), ~TreatmentRow.set_aside)
        .group_by(Patient.id)
        .subquery()
    )
    rows = session.execute(select(newest.c.patient, TreatmentRow).join(newest, newest.c.row == TreatmentRow.id))
    return {patient: as_treatment(row) for patient, row in rows}


def as_treatment(row: TreatmentRow) -> Treatment:
    """A row as the care plan takes it."""
    return Treatment(row.ended_at, cast(Certainty, row.certainty), row.depth_mm)


def personal_of(session: Session, patient: Patient, clinic: Clinic) -> dict[str, float]:
    """The personal instructions for a patient: the clinic's, and what the patient reports where that is longer."""
    return _personal(row_in_force(session, patient.id), patient.personal, clinic)


def _personal(row: TreatmentRow | None, reported: dict[str, float], clinic: Clinic) -> dict[str, float]:
    """What was reported may have been longer than the wait of its day, and be shorter than that of a deeper session."""
    recorded = row.personal if row else {}
    depth = row.depth_mm if row else None
    longer = {
        key: figure
        for key, figure in reported.items()
        if figure > recorded.get(key, figure_in_force(clinic, key, depth) or 0)
    }
    return {**recorded, **longer}


def days_since(treatment: Treatment | None, now: datetime, zone: tzinfo) -> float | None:
    """Days since the session ended, for the screen; None when unknown.

    Of a vague time it counts from the day's beginning: its `ended_at` is the latest moment, so that waits err to the
    later side, and here that would make a late sign look like one of the first days.
    """
    if treatment is None:
        return None
    ended = treatment.ended_at
    if treatment.certainty == "vague" and ended <= now:
        ended = ended.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
    return (now - ended).total_seconds() / 86400


def remember_treatment(
    session: Session, clinic: Clinic, now: datetime, conversation: Conversation, said: Treatment, told_by: str
) -> None:
    """Keep when the session was, unless what is known already is surer (see `supersedes`)."""
    known = treatment_of(session, conversation.patient_id)
    if supersedes(said, known, clinic.tz):
        correct(session, now, conversation.patient, said, told_by)


def correct(session: Session, now: datetime, patient: Patient, said: Treatment, told_by: str) -> None:
    """Add what was said as the row in force; what it does not say stays as it is known."""
    known = row_in_force(session, patient.id)
    row = TreatmentRow(
        patient_id=patient.id,
        record_id=patient.record_id,
        ended_at=said.ended_at,
        certainty=said.certainty,
        depth_mm=said.depth_mm,
        personal={},
        told_by=told_by,
        created_at=now,
    )
    if known is not None:
        row.depth_mm = row.depth_mm if row.depth_mm is not None else known.depth_mm
        row.area, row.device, row.done_by, row.personal = known.area, known.device, known.done_by, known.personal
    session.add(row)


def add_session(session: Session, clinic: Clinic, row: TreatmentRow) -> None:
    """Add a session to a record. Where a later one is known, this one is history from the start."""
    known = _in_force_of_record(session, row.record_id)
    row.set_aside = known is not None and outlasts(as_treatment(known), as_treatment(row), clinic.tz)
    session.add(row)


def tie(session: Session, clinic: Clinic, patient: Patient, record_id: int) -> None:
    """Make a chat the record's. What was known of the chat becomes the record's; the session that ended last counts."""
    if patient.record_id == record_id:
        return
    known, recorded = row_in_force(session, patient.id), _in_force_of_record(session, record_id)
    rows = told_of([patient.id], patient.record_id)
    if known is not None and recorded is not None:
        stays = outlasts(as_treatment(known), as_treatment(recorded), clinic.tz)
        losing = TreatmentRow.record_id == record_id if stays else rows
        session.execute(update(TreatmentRow).where(losing).values(set_aside=True))
    if recorded is not None:
        patient.personal = {key: said for key, said in patient.personal.items() if key not in recorded.personal}
    session.execute(update(TreatmentRow).where(rows).values(record_id=record_id))
    _join_records(session, patient.record_id, record_id)
    patient.record_id = record_id


def _join_records(session: Session, old: int | None, new: int) -> None:
    """What belongs to the old record becomes the new one's: the same person was entered twice."""
    if old is None:
        return
    former, kept = session.get_one(CareRecord, old), session.get_one(CareRecord, new)
    kept.patient_number = kept.patient_number or former.patient_number
    kept.birth_date = kept.birth_date or former.birth_date
    for table in (Patient, Enrolment):
        session.execute(update(table).where(table.record_id == old).values(record_id=new))
    session.execute(delete(CareRecord).where(CareRecord.id == old))


def remember_instruction(conversation: Conversation, key: str, value: float) -> None:
    """Keep a clinician's personal instruction for this patient, such as {"minox_after_h": 48}."""
    conversation.patient.personal = {**conversation.patient.personal, key: value}


def facts(session: Session, conversation: Conversation, now: datetime, clinic: Clinic) -> dict[str, Any]:
    """What Rasa's actions are told of the care record, JSON-safe; times in ISO, UTC, and days since the session."""
    row = row_in_force(session, conversation.patient_id)
    treatment = as_treatment(row) if row else None
    return {
        "treatment": treatment.to_dict() if treatment else None,
        "day": days_since(treatment, now, clinic.tz),
        "personal": _personal(row, conversation.patient.personal, clinic),
    }


def _in_force_of_record(session: Session, record_id: int | None) -> TreatmentRow | None:
    return session.scalar(
        select(TreatmentRow)
        .where(TreatmentRow.record_id == record_id, ~TreatmentRow.set_aside)
        .order_by(TreatmentRow.id.desc())
        .limit(1)
    )
