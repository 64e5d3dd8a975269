"""Who a request is about: one person, with their record and all their chats."""

from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot.errors import MendableError
from bot.store.tables import CareRecord, Case, Conversation, Patient


class PersonError(MendableError):
    """Nobody, or not one person alone, is meant. The message says how to name them."""


@dataclass(frozen=True)
class Person:
    """A record where the clinic has one, and the chats that belong to it; or one chat of somebody unknown."""

    record_id: int | None
    patients: tuple[int, ...]
    conversations: tuple[str, ...]


def find_person(session: Session, named: str) -> Person:
    """The person of a conversation (its id, or how it begins), `case:12` or `record:7`. Raises PersonError."""
    kind, _, number = named.rpartition(":")
    if kind in ("case", "record") and number.isdecimal() and len(number) < 10:
        return _of_case(session, int(number)) if kind == "case" else _of_record(session, int(number))
    if len(named) < 4 or not named.isalnum():
        raise PersonError(
            f"{named!r} names nobody: give a conversation's id (at least its first four characters, as the console"
            " shows them), case:NUMBER or record:NUMBER"
        )
    found = session.scalars(select(Conversation).where(Conversation.id.startswith(named)).limit(3)).all()
    if not found:
        raise PersonError(f"there is no conversation {named}")
    if len(found) > 1:
        raise PersonError(f"several conversations begin with {named}: give more of the id")
    return person_of(session, found[0])


def person_of(session: Session, conversation: Conversation) -> Person:
    """The person of a conversation."""
    record = session.scalar(select(Patient.record_id).where(Patient.id == conversation.patient_id))
    return _person(session, record, conversation.patient_id)


def _of_case(session: Session, number: int) -> Person:
    case = session.get(Case, number)
    if case is None:
        raise PersonError(f"there is no case {number}")
    return person_of(session, session.get_one(Conversation, case.conversation_id))


def _of_record(session: Session, number: int) -> Person:
    if session.get(CareRecord, number) is None:
        raise PersonError(f"there is no record {number}")
    return _person(session, number, None)


def _person(session: Session, record: int | None, patient: int | None) -> Person:
    theirs = or_(Patient.id == patient, Patient.record_id == record) if record else Patient.id == patient
    patients = tuple(session.scalars(select(Patient.id).where(theirs).order_by(Patient.id)))
    chats = select(Conversation.id).where(Conversation.patient_id.in_(patients)).order_by(Conversation.created_at)
    return Person(record, patients, tuple(session.scalars(chats)))
