"""Private notes: what staff write to each other beside a conversation."""

import secrets
from datetime import datetime

from sqlalchemy.orm import Session

from bot.conversation.desk_rules import DeskError
from bot.conversation.events import audit, record
from bot.conversation.inbound import clean
from bot.store.tables import Note, Staff

MAX_NOTE = 4_000  # characters


def checked(text: str) -> str:
    """A note as it is kept. Raises DeskError when it is over 4000 characters."""
    said = clean(text)
    if len(said) > MAX_NOTE:
        raise DeskError(f"The note has {len(said)} characters; {MAX_NOTE} is the most. Write two.")
    return said


def keep_note(session: Session, now: datetime, staff: Staff, conversation_id: str, said: str, own_key: str) -> Note:
    """Add a note, with an event for open pages and a line in the audit log, which has none of its words."""
    note = Note(conversation_id=conversation_id, staff_id=staff.id, key=own_key, text=said, created_at=now)
    session.add(note)
    session.flush()
    record(session, now, conversation_id, "note", note_id=note.id)
    actor = f"staff:{staff.id}"
    audit(session, now, actor, "noted", conversation_id=conversation_id, case_id=None, note_id=note.id)
    return note


def leave_note(session: Session, now: datetime, staff: Staff, conversation_id: str, text: str) -> None:
    """Keep what was written along with another verb; nothing where nothing was. Raises DeskError."""
    if said := checked(text):
        keep_note(session, now, staff, conversation_id, said, f"{staff.id}:{secrets.token_hex(8)}")
