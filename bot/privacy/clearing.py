"""What is removed of each kind of data once it is older than the clinic keeps it, in small transactions."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, delete, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from bot.store.audit_guard import opened
from bot.store.database import Store
from bot.store.files import SealedFiles
from bot.store.removal import remove
from bot.store.tables import (
    Attachment,
    Audit,
    Base,
    Case,
    CaseState,
    Consent,
    Conversation,
    Enrolment,
    Event,
    Message,
    Note,
    Owner,
    Patient,
    SignInLink,
    StaffSession,
)

BATCH = 500  # rows in a transaction


@dataclass(frozen=True)
class Clearing:
    """Removes what is from before an instant. Each function's result: rows by table."""

    store: Store
    files: SealedFiles

    def chats(self, before: datetime) -> Counter[str]:
        """Messages with their files, and the events that told of them. What showed a consent text stays: a proof."""
        shown = select(Consent.message_id)
        gone = and_(Message.created_at < before, _settled(Message.conversation_id), Message.id.not_in(shown))
        removed: Counter[str] = Counter()
        while ids := self._some(select(Message.id).where(gone)):
            files = select(Attachment.id).where(Attachment.message_id.in_(ids))
            removed += self._remove_files(Attachment.id.in_(files))
            removed += self._remove(Message, Message.id.in_(ids))
        told = and_(Event.kind == "message", Event.at < before, _settled(Event.conversation_id))
        return removed + self._batches(Event, Event.id, told) + self._empty_chats(before)

    def _empty_chats(self, before: datetime) -> Counter[str]:
        """Chats of unknown people of which nothing is left: their addresses go as well."""
        used = [exists().where(table.conversation_id == Conversation.id) for table in (Message, Case, Note)]
        empty = select(Conversation.patient_id).where(Conversation.created_at < before, *[~one for one in used])
        return self._batches(Patient, Patient.id, and_(Patient.record_id.is_(None), Patient.id.in_(empty)))

    def photos(self, before: datetime) -> Counter[str]:
        """Photos and files; the messages they came with stay."""
        old = select(Message.id).where(Message.created_at < before, _settled(Message.conversation_id))
        removed: Counter[str] = Counter()
        while ids := self._some(select(Attachment.id).where(Attachment.message_id.in_(old))):
            removed += self._remove_files(Attachment.id.in_(ids))
        return removed

    def cases(self, before: datetime) -> Counter[str]:
        """Closed cases, and what staff noted."""
        closed = and_(Case.state == CaseState.CLOSED, Case.closed_at < before, _settled(Case.conversation_id))
        noted = and_(Note.created_at < before, _settled(Note.conversation_id))
        return self._batches(Case, Case.id, closed) + self._batches(Note, Note.id, noted)

    def events(self, before: datetime) -> Counter[str]:
        """The log that chat and console replay, but for what brings a message: that goes with its message."""
        told = and_(Event.at < before, Event.kind != "message", _settled(Event.conversation_id))
        return self._batches(Event, Event.id, told)

    def links(self, before: datetime) -> Counter[str]:
        """Enrolment links that were used, withdrawn or ran out. One that a consent was given through stays: a proof."""
        over = func.coalesce(Enrolment.used_at, Enrolment.withdrawn_at, Enrolment.expires_at) < before
        proved = exists().where(Consent.enrolment_id == Enrolment.id)
        return self._batches(Enrolment, Enrolment.id, and_(over, ~proved))

    def sign_ins(self, before: datetime) -> Counter[str]:
        """Staff's sessions and sign-in links that ran out."""
        with self.store.write() as session:
            sessions = session.execute(delete(StaffSession).where(StaffSession.expires_at < before))
            links = session.execute(delete(SignInLink).where(SignInLink.expires_at < before))
            counts = {"staff_sessions": sessions.rowcount, "sign_in_links": links.rowcount}  # type: ignore[attr-defined]
        return +Counter(counts)

    def audit(self, before: datetime) -> Counter[str]:
        """Lines of the audit log."""
        with self.store.write() as session, opened(session, remove_before=before):
            gone = session.execute(delete(Audit).where(Audit.at < before))
            return +Counter({"audit": gone.rowcount})  # type: ignore[attr-defined]

    def strays(self, before: datetime) -> Counter[str]:
        """Files on disk that belong to no message, left by a process that died; not those of the last day.

        Nor those from before this database's first conversation: they are those of another one, tried out or moved away
        from.
        """
        with self.store.read() as session:
            known = set(session.scalars(select(Attachment.stored_name)))
            since = session.scalar(select(func.min(Conversation.created_at))) or before
        strays = [name for name in self.files.written(since, before) if name not in known]
        for name in strays:
            self.files.drop(name)
        return +Counter({"files": len(strays)})

    def _batches(self, kind: type[Base], key: InstrumentedAttribute[int], which: ColumnElement[bool]) -> Counter[str]:
        removed: Counter[str] = Counter()
        while ids := self._some(select(key).where(which)):
            removed += self._remove(kind, key.in_(ids))
        return removed

    def _some(self, query: Select[int]) -> list[int]:
        with self.store.read() as session:
            return list(session.scalars(query.limit(BATCH)))

    def _remove(self, kind: type[Base], which: ColumnElement[bool]) -> Counter[str]:
        with self.store.write() as session:
            return remove(session, kind, which)

    def _remove_files(self, which: ColumnElement[bool]) -> Counter[str]:
        """The files first: a row that is left over can be tried again, a file without a row cannot."""
        with self.store.read() as session:
            names = session.scalars(select(Attachment.stored_name).where(which)).all()
        for name in names:
            self.files.drop(name)
        return self._remove(Attachment, which) + +Counter({"files": len(names)})


def _settled(conversation: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """Whether no case of a conversation is open and no clinician has it, nor one of the same person's other chats."""
    open_ones = select(Case.conversation_id).where(Case.state != CaseState.CLOSED)
    busy = or_(Conversation.id.in_(open_ones), Conversation.owner == Owner.CLINICIAN)
    records = select(Patient.record_id).join(Conversation).where(busy, Patient.record_id.is_not(None))
    theirs = select(Conversation.id).join(Patient).where(or_(busy, Patient.record_id.in_(records)))
    return conversation.not_in(theirs)
