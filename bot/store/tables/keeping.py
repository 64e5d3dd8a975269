"""What the house keeps for itself: the audit, the search index, retention, keys and leases."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Date, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.tables.base import Base


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


class AuditOpening(Base):
    """What one transaction may do to the audit log besides adding to it (see audit_guard.py). Empty outside it."""

    __tablename__ = "audit_openings"

    id: Mapped[int] = mapped_column(primary_key=True)
    remove_before: Mapped[datetime | None]
    rename: Mapped[str | None] = mapped_column(String(32))


class MessageWord(Base):
    """A word of a message as a keyed hash, by which it is found (bot/store/search.py)."""

    __tablename__ = "message_words"

    word: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    message_id: Mapped[int] = mapped_column(
        ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True, index=True, autoincrement=False
    )

    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012


class NameWord(Base):
    """The beginnings of what the clinic calls a patient, as keyed hashes."""

    __tablename__ = "name_words"

    word: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    record_id: Mapped[int] = mapped_column(
        ForeignKey("care_records.id", ondelete="CASCADE"), primary_key=True, index=True, autoincrement=False
    )

    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012


class RetentionRun(Base):
    """The day's clearing of what the clinic keeps no longer, and how many of each kind it removed."""

    __tablename__ = "retention_runs"

    day: Mapped[date] = mapped_column(Date, primary_key=True)  # in UTC; who adds the row does the day's work
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    removed: Mapped[dict[str, Any]] = mapped_column(default=dict)


class SealingKey(Base):
    """A key that something here is sealed with, by its id. The start is refused while it is missing."""

    __tablename__ = "sealing_keys"

    id: Mapped[str] = mapped_column(String(8), primary_key=True)


class Lease(Base):
    """A task that one bot at a time may do, such as asking Telegram for updates. It ends unless it is renewed."""

    __tablename__ = "leases"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    held_by: Mapped[str] = mapped_column(String(40))
    held_until: Mapped[datetime]
