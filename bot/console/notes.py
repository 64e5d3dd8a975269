"""Private notes, as the console shows them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from bot.console.times import Times
from bot.store.tables import Note


@dataclass(frozen=True)
class ShownNote:
    """One note: who wrote it and when."""

    id: int
    at: datetime
    author: str
    time: str
    full_time: str
    iso: str
    text: str


def notes_of(session: Session, conversation_id: str, times: Times) -> list[ShownNote]:
    """All notes about a conversation, oldest first."""
    query = (
        select(Note).where(Note.conversation_id == conversation_id).options(joinedload(Note.staff)).order_by(Note.id)
    )
    return [
        ShownNote(
            note.id,
            note.created_at,
            note.staff.name,
            times.clock(note.created_at),
            times.full(note.created_at),
            note.created_at.isoformat(timespec="seconds"),
            note.text,
        )
        for note in session.scalars(query)
    ]
