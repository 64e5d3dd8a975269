"""Erasing a person: their rows, files, words of the index and dialogue state. What was audited stays, nameless."""

import secrets
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from bot.conversation.events import audit
from bot.conversation.record import told_of
from bot.privacy.counting import count_words
from bot.privacy.person import Person, find_person
from bot.services import Services
from bot.store.audit_guard import opened
from bot.store.removal import remove
from bot.store.tables import Attachment, Audit, CareRecord, Conversation, Enrolment, Message, Patient, TreatmentRow


@dataclass(frozen=True)
class Erased:
    """What went: rows by table (`files` among them), and under which names the audit goes on."""

    removed: Counter[str]
    audit_names: tuple[str, ...]

    @property
    def words(self) -> str:
        """What went, in words."""
        return count_words(self.removed)


def erase(services: Services, named: str, actor: str) -> Erased:
    """Erase a person by one of their conversations, `case:12` or `record:7`. Raises PersonError.

    Files go first, then the rows, in one transaction: where something fails, it can be done again.
    """
    with services.store.write() as session:
        person = find_person(session, named)
        erased = _erase(services, session, person, actor)
    _tell(services, person)
    return erased


def erase_chat(
    services: Services, conversation_id: str, actor: str, still: Callable[[Session, Conversation], bool]
) -> bool:
    """Erase one chat and who wrote in it, as `erase` does; the clinic's record of the session stays.

    `still` is asked in the same transaction, so that nothing that has come in meanwhile goes too. Out: whether it went.
    """
    with services.store.write() as session:
        conversation = session.get(Conversation, conversation_id)
        if conversation is None or not still(session, conversation):
            return False
        person = Person(None, (conversation.patient_id,), (conversation_id,))
        _erase(services, session, person, actor)
    _tell(services, person)
    return True


def _erase(services: Services, session: Session, person: Person, actor: str) -> Erased:
    files = _files_of(session, person)
    for name in files:
        services.files.drop(name)
    names = tuple(_rename_in_audit(session, one) for one in person.conversations)
    removed = _remove_rows(session, person)
    removed["files"] = len(files)
    removed = +removed
    _note(session, services.clock.now(), actor, names, removed)
    return Erased(removed, names)


def _tell(services: Services, person: Person) -> None:
    services.store.forget_deleted()
    for conversation_id in person.conversations:
        services.bell.ring(conversation_id)


def _files_of(session: Session, person: Person) -> list[str]:
    query = select(Attachment.stored_name).join(Message).where(Message.conversation_id.in_(person.conversations))
    return list(session.scalars(query))


def _remove_rows(session: Session, person: Person) -> Counter[str]:
    theirs: ColumnElement[bool] = Enrolment.patient_id.in_(person.patients)
    sessions = told_of(person.patients, person.record_id)
    if person.record_id is None:  # of a chat alone: what is the clinic's record's stays with it
        of_record = (sessions, TreatmentRow.record_id.is_not(None))
        session.execute(update(TreatmentRow).where(*of_record).values(patient_id=None))
    else:
        theirs = or_(theirs, Enrolment.record_id == person.record_id)
    removed = remove(session, Enrolment, theirs)
    removed += remove(session, TreatmentRow, sessions)
    removed += remove(session, Patient, Patient.id.in_(person.patients))
    if person.record_id is not None:
        removed += remove(session, CareRecord, CareRecord.id == person.record_id)
    return removed


def _rename_in_audit(session: Session, conversation_id: str) -> str:
    """The audit's lines of a conversation go on under a name that stands nowhere else."""
    name = f"erased-{secrets.token_hex(8)}"
    with opened(session, rename=conversation_id):
        session.execute(update(Audit).where(Audit.conversation_id == conversation_id).values(conversation_id=name))
    return name


def _note(session: Session, now: datetime, actor: str, names: tuple[str, ...], removed: Counter[str]) -> None:
    for name in names or (None,):
        audit(session, now, actor, "patient_erased", conversation_id=name, case_id=None, removed=dict(removed))
