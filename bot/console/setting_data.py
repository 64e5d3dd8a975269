"""What is kept, for how long by clinic.yml, and how much of it there is."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.care.clinic_sections import Privacy
from bot.console.times import Times
from bot.store.tables import Attachment, Consent, Conversation, Message, Patient, RetentionRun

_NAMES = {
    "chat_days": "Chats",
    "photo_days": "Photos and files",
    "case_days": "Closed cases",
    "event_days": "Event log",
    "audit_days": "Audit log, without text",
    "link_days": "Enrolment links that have run out",
    "sign_in_days": "Staff sign-ins that are over",
    "backup_days": "Backups",
}


@dataclass(frozen=True)
class Kept:
    """One kind of data: its key in clinic.yml, its name, and for how long it is kept, in words."""

    key: str
    name: str
    long: str


@dataclass(frozen=True)
class Data:
    """What the page shows: figures as set, how much there is, and when it was last cleared."""

    kept: Sequence[Kept]
    there: Sequence[tuple[str, str]]
    cleared: str
    contact: str
    notice_url: str


def data_kept(session: Session, privacy: Privacy, times: Times) -> Data:
    """The retention figures in force, and what the database holds."""
    figures = [key for key in Privacy.model_fields if key.endswith(("_days", "_hours"))]
    kept = [Kept(f"privacy.{key}", _NAMES.get(key, key), _long(key, getattr(privacy, key))) for key in figures]
    oldest = session.scalar(select(func.min(Message.created_at)))
    there = (
        ("Conversations", _count(session, Conversation)),
        ("Messages", _count(session, Message) + (f", the oldest from {times.moment(oldest)}" if oldest else "")),
        ("Photos and files", _count(session, Attachment)),
        ("Answers to the consent text", _count(session, Consent)),
        ("Patients who agreed to training", f"{session.scalar(_agreed) or 0:,}"),
    )
    run = session.scalar(select(RetentionRun).order_by(RetentionRun.day.desc()).limit(1))
    done = times.moment(run.finished_at) if run and run.finished_at else ""
    return Data(kept, there, done, privacy.contact, privacy.notice_url or "")


_agreed = select(func.count(Patient.id)).where(Patient.training_at.is_not(None))


def _count(session: Session, table: type[Conversation | Message | Attachment | Consent]) -> str:
    return f"{session.scalar(select(func.count()).select_from(table)) or 0:,}"


def _long(key: str, figure: float | None) -> str:
    if figure is None:
        return "not set" if key == "backup_days" else "until it is erased"
    return f"{figure:g} {'hours' if key.endswith('_hours') else 'days'}"
