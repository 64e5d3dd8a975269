"""What staff are writing, kept on the server: a reload, a switch, a crashed page or a restart loses nothing."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Delete, delete, func, select
from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.store.database import Store
from bot.store.tables import Draft as DraftRow
from bot.store.tables import Message, Note

REPLY, NOTE = "reply", "note"


@dataclass(frozen=True)
class Draft:
    """Something being written. `key` makes sending it twice the same as sending it once."""

    key: str
    text: str = ""


@dataclass(frozen=True)
class Drafts:
    """One draft per member of staff, conversation and kind ("reply" or "note")."""

    store: Store
    clock: Clock

    def of(self, staff_id: int, conversation_id: str, kind: str = REPLY) -> Draft:
        """The draft, or an empty one.

        Its key comes from what this person has sent here last: it is the same on every open page, and another one
        once the draft is sent.
        """
        with self.store.read() as session:
            row = session.get(DraftRow, (staff_id, conversation_id, kind))
            return Draft(_key(session, staff_id, conversation_id, kind), row.text if row else "")

    def keep(self, staff_id: int, conversation_id: str, kind: str, key: str, text: str) -> bool:
        """Keep a text. False for a key that is not the draft's: a late save of what was sent already is dropped."""
        with self.store.write() as session:
            if _key(session, staff_id, conversation_id, kind) != key:
                return False
            if not text.strip():
                session.execute(_row(staff_id, conversation_id, kind))
                return True
            session.merge(
                DraftRow(
                    staff_id=staff_id, conversation_id=conversation_id, kind=kind, text=text, at=self.clock.now()
                )
            )  # fmt: skip
        return True

    def sent(self, staff_id: int, conversation_id: str, kind: str = REPLY) -> Draft:
        """Forget the draft that was sent. Out: the next one."""
        with self.store.write() as session:
            session.execute(_row(staff_id, conversation_id, kind))
        return self.of(staff_id, conversation_id, kind)

    def begun(self, session: Session, staff_id: int, conversations: Iterable[str]) -> frozenset[str]:
        """In which of these conversations this person has begun to write."""
        query = select(DraftRow.conversation_id).where(
            DraftRow.staff_id == staff_id, DraftRow.conversation_id.in_(list(conversations))
        )
        return frozenset(session.scalars(query))


def _key(session: Session, staff_id: int, conversation_id: str, kind: str) -> str:
    table = Note if kind == NOTE else Message
    query = select(func.max(table.id)).where(table.conversation_id == conversation_id, table.staff_id == staff_id)
    written = f"{kind}:{staff_id}:{conversation_id}:{session.scalar(query) or 0}"
    return hashlib.sha256(written.encode()).hexdigest()[:16]


def _row(staff_id: int, conversation_id: str, kind: str) -> Delete:
    return delete(DraftRow).where(
        DraftRow.staff_id == staff_id, DraftRow.conversation_id == conversation_id, DraftRow.kind == kind
    )
