"""The audit log only grows: triggers (migration 0010) refuse to change or remove a line.

Two things have to be possible nevertheless, each in a transaction that says so in `audit_openings` and takes that row
away again: removing lines that are older than the clinic keeps them, and renaming the conversation of a patient who was
erased. Whoever may write to the database could open it so too: the guard is against mistakes and our own code.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from bot.store.tables import AuditOpening


@contextmanager
def opened(session: Session, *, remove_before: datetime | None = None, rename: str | None = None) -> Iterator[None]:
    """Let this transaction remove lines from before an instant, or rename one conversation, within the block."""
    opening = AuditOpening(remove_before=remove_before, rename=rename)
    session.add(opening)
    session.flush()
    yield
    session.execute(delete(AuditOpening).where(AuditOpening.id == opening.id))
