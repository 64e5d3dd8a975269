"""The tables. Text of patients stands in `messages` and `attachments` alone; everything else is free of it."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy import Enum as EnumType
from sqlalchemy import text as sql
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from bot.store.types import UtcDateTime


class Author(enum.StrEnum):
    """Who a message is from. SYSTEM lines are ours to both sides ("Ana has joined")."""

    PATIENT = "patient"
    BOT = "bot"
    CLINICIAN = "clinician"
    SYSTEM = "system"


class Kind(enum.StrEnum):
    """What a message is."""

    TEXT = "text"
    BUTTON = "button"
    PHOTO = "photo"
    VOICE = "voice"
    DOCUMENT = "document"
    OTHER = "other"


class Handling(enum.StrEnum):
    """What became of a patient's message."""

    RECEIVED = "received"
    HANDLED = "handled"
    HELD = "held"  # a clinician owns the conversation: it waits for them
    UNANSWERED = "unanswered"  # Rasa did not answer: the patient was told and staff have a case


class Delivery(enum.StrEnum):
    """Where one of our messages is on its way to the patient."""

    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"


class Owner(enum.StrEnum):
    """Who answers in a conversation."""

    BOT = "bot"
    CLINICIAN = "clinician"


class CaseState(enum.StrEnum):
    """The life of a case."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    WITH_CLINICIAN = "with_clinician"
    CLOSED = "closed"


class Outcome(enum.StrEnum):
    """What a case turned out to be."""

    TRUE_ALARM = "true_alarm"
    FALSE_ALARM = "false_alarm"
    ADVICE_GIVEN = "advice_given"
    SEEN = "seen"
    REFERRED = "referred"


class Reminders(enum.StrEnum):
    """Whether a patient wants to be reminded and asked how it goes."""

    ASKED = "asked"  # offered, and not answered
    ON = "on"
    OFF = "off"


class FollowUpState(enum.StrEnum):
    """What became of a reminder or check-in."""

    PLANNED = "planned"
    SENT = "sent"
    MISSED = "missed"  # its window passed before it could be sent
    DROPPED = "dropped"  # it was not to be sent any more: `reason` says why


class Role(enum.StrEnum):
    """What a member of staff may do: reviewers read, clinicians act, admins also manage staff."""

    ADMIN = "admin"
    CLINICIAN = "clinician"
    REVIEWER = "reviewer"


def _values(kind: type[enum.Enum]) -> list[str]:
    return [str(member.value) for member in kind]


class Base(DeclarativeBase):
    """Base of all tables."""

    type_annotation_map = {  # noqa: RUF012
        datetime: UtcDateTime,
        dict[str, Any]: JSON,
        list[Any]: JSON,
        enum.StrEnum: EnumType(enum.StrEnum, native_enum=False, length=20, values_callable=_values),
    }


class CareRecord(Base):
    """A person the clinic treated, by the little it takes to know them: a first name, initials or a reference."""

    __tablename__ = "care_records"

    id: Mapped[int] = mapped_column(primary_key=True)
    called: Mapped[str] = mapped_column(String(40))
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
    zone: Mapped[str | None] = mapped_column(String(50))  # IANA name of the patient's own; None: the clinic's
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
    area: Mapped[str | None] = mapped_column(String(60))
    device: Mapped[str | None] = mapped_column(String(60))
    done_by: Mapped[str | None] = mapped_column(String(60))
    personal: Mapped[dict[str, Any]] = mapped_column(default=dict)  # as Patient.personal, but recorded by the clinic
    told_by: Mapped[str] = mapped_column(String(20))
    set_aside: Mapped[bool] = mapped_column(default=False)  # history: when it was entered, a later session was known
    created_at: Mapped[datetime]


class Conversation(Base):
    """One patient's thread. Who owns it is decided here and nowhere else."""

    __tablename__ = "conversations"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id"), unique=True)
    owner: Mapped[Owner] = mapped_column(default=Owner.BOT)
    owner_staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    claimed_by: Mapped[str | None] = mapped_column(String(40))
    claimed_until: Mapped[datetime | None]
    check_step: Mapped[str | None] = mapped_column(String(10))  # of the symptom check: see bot/care/symptom_check.py
    check_at: Mapped[datetime | None]  # when it came to that step
    check_due_at: Mapped[datetime | None] = mapped_column(index=True)  # after it, silence goes to the staff
    reminders: Mapped[Reminders | None]  # None: not offered yet
    reminders_at: Mapped[datetime | None]  # since when it is so
    created_at: Mapped[datetime]

    patient: Mapped[Patient] = relationship()
    owner_staff: Mapped["Staff | None"] = relationship()


class Message(Base):
    """One message, either way. Outgoing rows are the outbox: `delivery` says how far each has come."""

    __tablename__ = "messages"

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    channel: Mapped[str] = mapped_column(String(20))
    external_id: Mapped[str | None] = mapped_column(String(120))
    author: Mapped[Author]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    kind: Mapped[Kind] = mapped_column(default=Kind.TEXT)
    text: Mapped[str] = mapped_column(Text, default="")
    buttons: Mapped[list[Any]] = mapped_column(default=list)
    payload: Mapped[str | None] = mapped_column(String(500))  # of the button that was pressed
    verdict: Mapped[dict[str, Any] | None]
    tier: Mapped[int] = mapped_column(Integer, default=0)
    topics: Mapped[list[Any]] = mapped_column(default=list)
    handling: Mapped[Handling | None]
    delivery: Mapped[Delivery | None]
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime | None]
    send_by: Mapped[datetime | None]  # of a reminder: after it, it is not sent any more
    failure: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime]

    staff: Mapped["Staff | None"] = relationship()
    attachments: Mapped[list["Attachment"]] = relationship(back_populates="message")

    __table_args__ = (
        UniqueConstraint("channel", "external_id"),
        Index("ix_messages_waiting", "handling", sqlite_where=sql("handling = 'received'")),
        Index("ix_messages_outbox", "delivery", sqlite_where=sql("delivery = 'pending'")),
    )


class Attachment(Base):
    """A file a patient sent. Its bytes lie in the uploads folder under `stored_name`."""

    __tablename__ = "attachments"

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"), index=True)
    content_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    stored_name: Mapped[str] = mapped_column(String(64))

    message: Mapped[Message] = relationship(back_populates="attachments")


class Case(Base):
    """Something a clinician has to look at. At most one is open for a conversation; new signs raise it."""

    __tablename__ = "cases"

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    tier: Mapped[int]
    state: Mapped[CaseState] = mapped_column(default=CaseState.OPEN)
    reason: Mapped[str] = mapped_column(String(30))
    signs: Mapped[list[Any]] = mapped_column(default=list)  # [{"message_id": 3, **Sign}]
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime]
    acknowledged_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    outcome: Mapped[Outcome | None]
    closing_note: Mapped[str] = mapped_column(Text, default="")

    conversation: Mapped[Conversation] = relationship()
    assignee: Mapped["Staff | None"] = relationship()

    __table_args__ = (
        Index(
            "ix_cases_one_open",
            "conversation_id",
            unique=True,
            sqlite_where=sql("state != 'closed'"),
            postgresql_where=sql("state != 'closed'"),
        ),
    )


class FollowUp(Base):
    """One reminder or check-in: when it is due, for how long, and what became of it."""

    __tablename__ = "follow_up"

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(20))  # see bot/followup/schedule.py
    due_at: Mapped[datetime]
    window_h: Mapped[int]  # hours after `due_at` in which it may still be sent
    state: Mapped[FollowUpState] = mapped_column(default=FollowUpState.PLANNED)
    reason: Mapped[str | None] = mapped_column(String(20))  # why it was dropped
    claimed_at: Mapped[datetime | None]  # when one process took it
    message_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("conversation_id", "kind", "due_at"),
        Index(
            "ix_follow_up_planned",
            "due_at",
            sqlite_where=sql("state = 'planned'"),
            postgresql_where=sql("state = 'planned'"),
        ),
    )


class Event(Base):
    """What happened in a conversation, in order: the widget and the console replay from the last id they saw."""

    __tablename__ = "events"

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    at: Mapped[datetime]


class Audit(Base):
    """Who did what to which case, when. Without text of patients."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(60))  # "bot", "patient" or "staff:3"
    action: Mapped[str] = mapped_column(String(40))
    conversation_id: Mapped[str | None] = mapped_column(String(32), index=True)
    case_id: Mapped[int | None] = mapped_column(index=True)
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Staff(Base):
    """A member of staff."""

    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(200), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    title: Mapped[str] = mapped_column(String(60), default="")  # as patients see it: "Nurse"
    role: Mapped[Role]
    password_hash: Mapped[str | None] = mapped_column(String(200))
    disabled_at: Mapped[datetime | None]
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
    withdrawn_at: Mapped[datetime | None]  # a newer link took its place
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


class SignInLink(Base):
    """A one-time link with which a member of staff sets their password. Only its hash is kept."""

    __tablename__ = "sign_in_links"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    staff: Mapped[Staff] = relationship()


class StaffSession(Base):
    """A signed-in browser. Only the hash of its cookie is kept."""

    __tablename__ = "staff_sessions"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    csrf: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]

    staff: Mapped[Staff] = relationship()
