"""What clinicians do about it: cases, notes, drafts, and who was paged."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.store.sealed import SealedJson, SealedText
from bot.store.tables.base import Base
from bot.store.tables.kinds import CaseState, Outcome, PageState
from bot.store.tables.staff import Staff
from bot.store.tables.talk import Conversation


class Case(Base):
    """Something a clinician has to look at. At most one is open for a conversation; new signs raise it."""

    __tablename__ = "cases"

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    tier: Mapped[int]
    state: Mapped[CaseState] = mapped_column(default=CaseState.OPEN)
    reason: Mapped[str] = mapped_column(String(30))
    signs: Mapped[list[Any]] = mapped_column(SealedJson, default=list)  # [{"message_id": 3, **Sign}]
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime]
    acknowledged_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    outcome: Mapped[Outcome | None]
    closing_note: Mapped[str] = mapped_column(SealedText, default="")
    snoozed_until: Mapped[datetime | None]
    snoozed_after: Mapped[int | None]  # the newest message of the patient then: another one ends the snooze
    returned_from_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))  # who took over and did not answer

    conversation: Mapped[Conversation] = relationship()
    assignee: Mapped["Staff | None"] = relationship(foreign_keys=[assignee_id])
    returned_from: Mapped["Staff | None"] = relationship(foreign_keys=[returned_from_id])

    __table_args__ = (
        Index(
            "ix_cases_one_open",
            "conversation_id",
            unique=True,
            sqlite_where=sql("state != 'closed'"),
            postgresql_where=sql("state != 'closed'"),
        ),
    )


class Note(Base):
    """What staff write to each other about a patient. Never shown to the patient."""

    __tablename__ = "notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    key: Mapped[str] = mapped_column(String(60), unique=True)  # adding it twice is adding it once
    text: Mapped[str] = mapped_column(SealedText)
    created_at: Mapped[datetime]

    staff: Mapped["Staff"] = relationship()


class Draft(Base):
    """What a member of staff is writing: a reply or a note."""

    __tablename__ = "drafts"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )  # fmt: skip
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)  # reply or note
    text: Mapped[str] = mapped_column(SealedText)
    at: Mapped[datetime]


class Alert(Base):
    """A call for the staff: about a case at one tier, or about Telegram being away. One on a subject at a time."""

    __tablename__ = "alerts"

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(20))  # "case:12" or "telegram"
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    tier: Mapped[int]
    begun_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ending: Mapped[str | None] = mapped_column(String(200))  # in words for the staff: "Ana Silva has it"

    case: Mapped[Case | None] = relationship()
    pages: Mapped[list["Page"]] = relationship(back_populates="alert", order_by="Page.id")

    __table_args__ = (
        Index(
            "ix_alerts_one_under_way",
            "subject",
            unique=True,
            sqlite_where=sql("ended_at IS NULL"),
            postgresql_where=sql("ended_at IS NULL"),
        ),
    )


class Page(Base):
    """One step of an alert to one address. `address` says which one without telling it: see bot/alerts/addresses.py."""

    __tablename__ = "pages"

    id: Mapped[int] = mapped_column(primary_key=True)
    alert_id: Mapped[int] = mapped_column(ForeignKey("alerts.id", ondelete="CASCADE"), index=True)
    step: Mapped[str] = mapped_column(String(20))  # see bot/alerts/steps.py
    address: Mapped[str] = mapped_column(String(20))
    due_at: Mapped[datetime]
    state: Mapped[PageState] = mapped_column(default=PageState.PLANNED)
    attempts: Mapped[int] = mapped_column(default=0)
    settled_at: Mapped[datetime | None]  # when the message in the staff's group was changed to who has the case
    receipt: Mapped[str | None] = mapped_column(String(40))  # by which a sent page can be changed
    failure: Mapped[str | None] = mapped_column(String(200))

    alert: Mapped[Alert] = relationship(back_populates="pages")

    __table_args__ = (
        UniqueConstraint("alert_id", "step", "address"),
        Index("ix_pages_state_due_at", "state", "due_at"),
    )
