"""A patient with a bit of everything, whose traces are looked for afterwards."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from bot.conversation.events import audit
from bot.conversation.uploads import keep
from bot.store.tables import (
    CareRecord,
    Consent,
    Conversation,
    Draft,
    Enrolment,
    Kind,
    Note,
    Role,
    Staff,
    TreatmentRow,
)  # fmt: skip
from tests.house import URGENT, House

NAME, WORDS, NOTE, KEY = "Marmeladina", "Zwetschgenkuchen", "Krautwickel", "telegram-4711-0815"
NUMBER, BORN = "Obststreusel-9", "1986-04-03"


@dataclass
class Known:
    """A patient of whom much is known."""

    conversation_id: str
    record_id: int
    stored_name: str
    staff: Staff


def make(house: House, key: str = KEY) -> Known:
    """Enrolled, treated, with an open case, a photo, notes and a reminder."""
    staff, now = house.staff(role=Role.ADMIN), house.clock.now()
    upload = keep(house.services.files, b"%PDF-1.7 " + WORDS.encode())
    photo = house.receive(WORDS, key, "telegram", kind=Kind.PHOTO, uploads=(upload,))
    received = house.receive(f"{URGENT} {WORDS}", key, "telegram")
    with house.store.write() as session:
        record = CareRecord(called=NAME, patient_number=NUMBER, birth_date=BORN, created_at=now)
        session.add(record)
        session.flush()
        conversation = session.get_one(Conversation, received.conversation_id)
        conversation.patient.record_id = record.id
        row = TreatmentRow(
            record_id=record.id,
            ended_at=now,
            certainty="recorded",
            told_by="clinic",
            area=NOTE,
            created_at=now,
            personal={},
        )
        session.add(row)
        session.flush()
        enrolment = Enrolment(
            record_id=record.id, treatment_id=row.id, token_hash="h" * 60 + key[-4:], created_by=staff.id,
            created_at=now, expires_at=now + timedelta(days=14), used_at=now, patient_id=conversation.patient_id,
        )  # fmt: skip
        session.add(enrolment)
        session.flush()
        session.add(
            Consent(patient_id=conversation.patient_id, enrolment_id=enrolment.id, message_id=photo.message_id,
                    version="3", agreed=True, at=now)
        )  # fmt: skip
        session.add(Note(conversation_id=conversation.id, staff_id=staff.id, key=f"n{key}", text=NOTE, created_at=now))
        session.add(Draft(conversation_id=conversation.id, staff_id=staff.id, kind="reply", text=NOTE, at=now))
        audit(session, now, f"staff:{staff.id}", "viewed", conversation_id=conversation.id, case_id=None)
        record_id = record.id
    return Known(received.conversation_id, record_id, upload.stored_name, staff)


def count(house: House, table: type) -> int:
    """How many rows a table has."""
    with house.store.read() as session:
        return len(session.execute(select(*table.__table__.primary_key.columns)).all())
