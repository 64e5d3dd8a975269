"""Who was treated, when, and what they agreed to."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.store.sealed import SealedJson, SealedText
from bot.store.tables.base import Base


class CareRecord(Base):
    """A person the clinic treated, by the little it takes to know them: a first name, initials or a reference.

    Their number at the clinic and their birth date (ISO) stand here only where staff entered them.
    """

    __tablename__ = "care_records"

    id: Mapped[int] = mapped_column(primary_key=True)
    called: Mapped[str] = mapped_column(SealedText)
    patient_number: Mapped[str | None] = mapped_column(SealedText)
    birth_date: Mapped[str | None] = mapped_column(SealedText)
    created_at: Mapped[datetime]


class Patient(Base):
    """A person on one channel. No name, no number: `channel_key` is the chat's id or a hash of the widget's token."""

    __tablename__ = "patients"

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(20))
    channel_key: Mapped[str] = mapped_column(String(100))
    created_at: Mapped[datetime]
    blocked_at: Mapped[datetime | None]
    personal: Mapped[dict[str, Any]] = mapped_column(default=dict)  # a clinician's instructions: {"minox_after_h": 48}
    risks: Mapped[list[Any] | None] = mapped_column(SealedJson)  # risk factors told of: ["diabetes", "anticoagulant"]
    zone: Mapped[str | None] = mapped_column(String(50))  # IANA name of the patient's own; None: the clinic's
    training_at: Mapped[datetime | None]  # since when we may learn from what they write; None: we may not
    record_id: Mapped[int | None] = mapped_column(ForeignKey("care_records.id"), index=True)  # once they agreed

    record: Mapped[CareRecord | None] = relationship(lazy="joined")

    __table_args__ = (UniqueConstraint("channel", "channel_key"),)


class TreatmentRow(Base):
    """A session a patient had, of one chat or of a record. The newest row that is not set aside is in force."""

    __tablename__ = "treatments"

    id: Mapped[int] = mapped_column(primary_key=True)
    patient_id: Mapped[int | None] = mapped_column(ForeignKey("patients.id"), index=True)
    record_id: Mapped[int | None] = mapped_column(ForeignKey("care_records.id"), index=True)
    ended_at: Mapped[datetime]
    certainty: Mapped[str] = mapped_column(String(10))
    depth_mm: Mapped[float | None]
    area: Mapped[str | None] = mapped_column(SealedText)
    device: Mapped[str | None] = mapped_column(SealedText)
    done_by: Mapped[str | None] = mapped_column(SealedText)
    personal: Mapped[dict[str, Any]] = mapped_column(default=dict)  # as Patient.personal, but recorded by the clinic
    told_by: Mapped[str] = mapped_column(String(20))
    set_aside: Mapped[bool] = mapped_column(default=False)  # history: when it was entered, a later session was known
    created_at: Mapped[datetime]


class Enrolment(Base):
    """A link with which a patient ties their chat to their record, once. Only the hash of its token is kept."""

    __tablename__ = "enrolments"

    id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("care_records.id"), index=True)
    treatment_id: Mapped[int] = mapped_column(ForeignKey("treatments.id"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]  # a newer link took its place, or too many wrong birth dates ended it
    wrong_dates: Mapped[int] = mapped_column(default=0, server_default="0")  # birth dates given that were not theirs
    used_at: Mapped[datetime | None]
    patient_id: Mapped[int | None] = mapped_column(ForeignKey("patients.id"))  # who used it

    record: Mapped[CareRecord] = relationship()
    treatment: Mapped[TreatmentRow] = relationship()


class Consent(Base):
    """What a patient answered to the consent text: which version, shown in which message, when."""

    __tablename__ = "consents"

    id: Mapped[int] = mapped_column(primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id"), index=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"))
    version: Mapped[str] = mapped_column(String(20))
    agreed: Mapped[bool]
    at: Mapped[datetime]
