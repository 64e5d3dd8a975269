"""Members of staff and how they sign in."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.store.sealed import SealedText
from bot.store.tables.base import Base
from bot.store.tables.kinds import Role


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
    seen_at: Mapped[datetime]  # when somebody last did something with it, to the minute
    browser: Mapped[str] = mapped_column(String(60), default="")  # such as "Firefox on Windows"

    staff: Mapped[Staff] = relationship()


class StaffFactor(Base):
    """A member's authenticator app: the secret it shares with us. It counts once `confirmed_at` is set."""

    __tablename__ = "staff_factors"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True)
    secret: Mapped[str] = mapped_column(SealedText)
    begun_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int] = mapped_column(default=0)  # the newest 30 seconds whose code was used: none works twice


class RecoveryCode(Base):
    """A code that stands in for the authenticator app, once: it is removed when it is used. Only its hash is kept."""

    __tablename__ = "recovery_codes"

    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
