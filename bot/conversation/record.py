"""The care record as the conversation needs it: when the session was, and what a clinician said for this patient."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.care.clinic import Clinic
from bot.care.treatment import Certainty, Treatment, supersedes
from bot.store.tables import Conversation, TreatmentRow


def treatment_of(session: Session, patient_id: int) -> Treatment | None:
    """The treatment in force: the newest row, whoever told it. None when nobody has."""
    row = session.scalar(
        select(TreatmentRow).where(TreatmentRow.patient_id == patient_id).order_by(TreatmentRow.id.desc()).limit(1)
    )
    return Treatment(row.ended_at, cast(Certainty, row.certainty), row.depth_mm) if row else None


def days_since(treatment: Treatment | None, now: datetime) -> float | None:
    """Days since the session ended; None when unknown."""
    return (now - treatment.ended_at).total_seconds() / 86400 if treatment else None


def remember_treatment(
    session: Session, clinic: Clinic, now: datetime, conversation: Conversation, said: Treatment, told_by: str
) -> None:
    """Keep when the session was, unless what is known already is surer (see `supersedes`)."""
    known = treatment_of(session, conversation.patient_id)
    if not supersedes(said, known, clinic.tz):
        return
    depth = said.depth_mm if said.depth_mm is not None or known is None else known.depth_mm
    session.add(
        TreatmentRow(
            patient_id=conversation.patient_id,
            ended_at=said.ended_at,
            certainty=said.certainty,
            depth_mm=depth,
            told_by=told_by,
            created_at=now,
        )
    )


def remember_instruction(conversation: Conversation, key: str, value: float) -> None:
    """Keep a clinician's personal instruction for this patient, such as {"minox_after_h": 48}."""
    conversation.patient.personal = {**conversation.patient.personal, key: value}


def facts(session: Session, conversation: Conversation) -> dict[str, Any]:
    """What Rasa's actions are told of the care record, JSON-safe; times in ISO, UTC."""
    treatment = treatment_of(session, conversation.patient_id)
    return {"treatment": treatment.to_dict() if treatment else None, "personal": conversation.patient.personal}
