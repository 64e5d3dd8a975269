"""Conversations and what is said in them."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String, UniqueConstraint, false, literal_column
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.store.sealed import SealedJson, SealedText
from bot.store.tables.base import Base
from bot.store.tables.kinds import Author, Delivery, Finding, FollowUpState, Handling, Kind, Owner, Reminders
from bot.store.tables.patients import Patient
from bot.store.tables.staff import Staff


class Conversation(Base):
    """One patient's thread. Who owns it is decided here and nowhere else."""

    __tablename__ = "conversations"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id"), unique=True)
    owner: Mapped[Owner] = mapped_column(default=Owner.BOT)
    owner_staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    owner_since: Mapped[datetime | None]  # when they took over
    claimed_by: Mapped[str | None] = mapped_column(String(40))
    claimed_until: Mapped[datetime | None]
    check_step: Mapped[str | None] = mapped_column(String(10))  # of the symptom check: see bot/care/symptom_check.py
    check_at: Mapped[datetime | None]  # when it came to that step
    check_due_at: Mapped[datetime | None] = mapped_column(index=True)  # after it, silence goes to the staff
    reminders: Mapped[Reminders | None]  # None: not offered yet
    reminders_at: Mapped[datetime | None]  # since when it is so
    slots: Mapped[dict[str, Any]] = mapped_column(default=dict)  # Rasa's, after the last turn: names, nobody's words
    erase_at: Mapped[datetime | None] = mapped_column(index=True)  # its patient wants it deleted then
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
    text: Mapped[str] = mapped_column(SealedText, default="")
    buttons: Mapped[list[Any]] = mapped_column(SealedJson, default=list)
    payload: Mapped[str | None] = mapped_column(SealedText)  # of the button that was pressed
    verdict: Mapped[dict[str, Any] | None] = mapped_column(SealedJson)
    tier: Mapped[int] = mapped_column(Integer, default=0)
    topics: Mapped[list[Any]] = mapped_column(default=list)
    intent: Mapped[str | None] = mapped_column(String(40))  # as the assistant read it; nlu_fallback: it could not tell
    doubtful: Mapped[bool] = mapped_column(default=False, server_default=false())  # harmless, but not clearly
    handling: Mapped[Handling | None]
    delivery: Mapped[Delivery | None]
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime | None]
    send_by: Mapped[datetime | None]  # of a reminder: after it, it is not sent any more
    failure: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime]

    staff: Mapped["Staff | None"] = relationship()
    attachments: Mapped[list["Attachment"]] = relationship(back_populates="message")
    reviews: Mapped[list["Review"]] = relationship(
        back_populates="message", order_by="Review.id", passive_deletes=True
    )  # fmt: skip

    __table_args__ = (
        UniqueConstraint("channel", "external_id"),
        Index(
            "ix_messages_waiting",
            "handling",
            sqlite_where=sql("handling = 'received'"),
            postgresql_where=sql("handling = 'received'"),
        ),
        Index(
            "ix_messages_outbox",
            "delivery",
            sqlite_where=sql("delivery = 'pending'"),
            postgresql_where=sql("delivery = 'pending'"),
        ),
    )


# As the two indexes say it: past a value that is bound apart from the statement they are not found.
RECEIVED = Message.handling == literal_column(f"'{Handling.RECEIVED}'")
PENDING = Message.delivery == literal_column(f"'{Delivery.PENDING}'")


class Attachment(Base):
    """A file a patient sent. Its bytes lie in the uploads folder under `stored_name`."""

    __tablename__ = "attachments"

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"), index=True)
    content_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    stored_name: Mapped[str] = mapped_column(String(64))
    external_id: Mapped[str | None] = mapped_column(String(120), unique=True)  # of one photo of an album

    message: Mapped[Message] = relationship(back_populates="attachments")


class Review(Base):
    """What a member of staff found about one message. `about`: the right topic, the sign it is about, or empty."""

    __tablename__ = "reviews"

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    finding: Mapped[Finding]
    about: Mapped[str] = mapped_column(String(60), default="")
    at: Mapped[datetime]

    message: Mapped[Message] = relationship(back_populates="reviews")
    staff: Mapped["Staff"] = relationship()

    __table_args__ = (UniqueConstraint("message_id", "finding", "about"),)


class Event(Base):
    """What happened in a conversation, in order: the widget and the console replay from the last id they saw."""

    __tablename__ = "events"

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    at: Mapped[datetime]


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


class WebToken(Base):
    """A key to a web conversation, held by one browser. Only its hash is kept."""

    __tablename__ = "web_tokens"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id", ondelete="CASCADE"), index=True)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]  # put off by use, until it is exchanged
    exchanged_at: Mapped[datetime | None]
