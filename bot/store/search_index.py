"""Keeps the search index in step: whatever stores a message or a name indexes it in the same transaction."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import delete, event, insert, select
from sqlalchemy.orm import Session, attributes, sessionmaker

from bot.store.keys import KeyRing
from bot.store.search_words import message_hashes, name_hashes
from bot.store.tables import Author, CareRecord, Message, MessageWord, NameWord

BATCH = 500  # rows in a transaction
INDEXED = (Author.PATIENT, Author.CLINICIAN)  # what the assistant says is the same for everybody


def keep_in_step(sessions: sessionmaker[Session], keys: KeyRing) -> None:
    """Index what these sessions add or change."""

    @event.listens_for(sessions, "after_flush")
    def _index(session: Session, _context: Any) -> None:
        changed = [one for one in session.dirty if _has_other_words(one)]
        _forget(session, changed)
        add(session, keys, [*session.new, *changed])


def add(session: Session, keys: KeyRing, rows: Iterable[object]) -> None:
    """Index messages and care records that are not; other rows are left alone."""
    for row in rows:
        if isinstance(row, Message) and row.author in INDEXED and row.text:
            found = [{"word": word, "message_id": row.id} for word in message_hashes(keys, row.text)]
            _insert(session, MessageWord, found)
        elif isinstance(row, CareRecord):
            named = f"{row.called} {row.patient_number or ''}"
            _insert(session, NameWord, [{"word": word, "record_id": row.id} for word in name_hashes(keys, named)])


def rebuild(session: Session, keys: KeyRing, table: type[Message | CareRecord], after: int) -> int | None:
    """Index the next rows after an id anew. Out: the last id seen; None when there are no more."""
    rows: list[Message | CareRecord] = list(
        session.scalars(select(table).where(table.id > after).order_by(table.id).limit(BATCH))
    )
    _forget(session, rows)
    add(session, keys, rows)
    return rows[-1].id if rows else None


def _has_other_words(row: object) -> bool:
    if not isinstance(row, Message | CareRecord):
        return False
    columns = ("text",) if isinstance(row, Message) else ("called", "patient_number")
    return any(attributes.get_history(row, column).has_changes() for column in columns)


def _forget(session: Session, rows: Sequence[object]) -> None:
    messages = [row.id for row in rows if isinstance(row, Message)]
    records = [row.id for row in rows if isinstance(row, CareRecord)]
    if messages:
        session.execute(delete(MessageWord).where(MessageWord.message_id.in_(messages)))
    if records:
        session.execute(delete(NameWord).where(NameWord.record_id.in_(records)))


def _insert(session: Session, table: type[MessageWord] | type[NameWord], rows: list[dict[str, int]]) -> None:
    if rows:
        session.connection().execute(insert(table), rows)


def is_empty(session: Session) -> bool:
    """Whether nothing is indexed: a database from before there was an index, or without messages and names."""
    return all(session.scalar(select(table.word).limit(1)) is None for table in (MessageWord, NameWord))
