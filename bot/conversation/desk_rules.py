"""What every verb of the clinicians asks first: who may, and how things stand. And the reasons they choose from."""

import enum
from dataclasses import dataclass

from sqlalchemy.orm import Session, joinedload

from bot.clock import Clock
from bot.conversation.events import audit, record
from bot.store.tables import Case, CaseState, Conversation, Role, Staff
from bot.triage.tier import Tier


class DeskError(Exception):
    """What was asked cannot be done as things stand now. The message says why, for the person who asked."""


class TakeoverReason(enum.StrEnum):
    """Why a conversation is taken from a colleague. Codes, not words: the audit log holds no free text."""

    ASKED = "asked"
    OFF_SHIFT = "off_shift"
    NOT_ANSWERING = "not_answering"
    CANNOT_WAIT = "cannot_wait"


class PassReason(enum.StrEnum):
    """Why a case is given to a colleague, or back to the team."""

    OFF_SHIFT = "my_shift_ends"
    KNOWS_PATIENT = "knows_the_patient"
    KNOWS_MORE = "knows_more_of_it"
    WORKLOAD = "too_much_at_once"
    BY_MISTAKE = "by_mistake"
    OWN = "i_see_to_it"


class HandBackReason(enum.StrEnum):
    """Why a conversation is given back to the assistant."""

    ANSWERED = "answered"
    WAITS_FOR_PATIENT = "waits_for_patient"
    ASSISTANT_CAN = "assistant_can_answer"
    OFF_SHIFT = "my_shift_ends"


class TierReason(enum.StrEnum):
    """Why a clinician gives a case another tier."""

    WORSE_THAN_READ = "worse_than_read"
    MILDER_THAN_READ = "milder_than_read"
    PHOTO = "photo"
    SPOKE = "spoke"
    MISREAD = "misread"


@dataclass(frozen=True)
class Ledger:
    """Writes down what a member of staff did to a case: an event for open pages, a line in the audit log."""

    clock: Clock

    def note(self, session: Session, staff: Staff, case: Case, action: str, **detail: object) -> None:
        """Add both, in the caller's transaction. `detail` holds ids and codes alone."""
        now, tier = self.clock.now(), Tier(case.tier).label
        record(session, now, case.conversation_id, "case", case_id=case.id, state=case.state, tier=tier)
        audit(
            session, now, f"staff:{staff.id}", action, conversation_id=case.conversation_id, case_id=case.id, **detail
        )  # fmt: skip


def called(staff: Staff) -> str:
    """How patients see a member of staff: "Nurse Ana Silva"."""
    return f"{staff.title} {staff.name}".strip()


def may_act(staff: Staff) -> None:
    """Raises DeskError for reviewers."""
    if staff.role is Role.REVIEWER:
        raise DeskError("Reviewers read; ask an admin for the clinician role to act on cases.")


def case_to_work(session: Session, staff: Staff, case_id: int) -> Case:
    """The case, not closed yet. Raises DeskError."""
    may_act(staff)
    case = session.get(Case, case_id)
    if case is None:
        raise DeskError("There is no such case.")
    if case.state is CaseState.CLOSED:
        raise DeskError("This case is closed already.")
    return case


def conversation_to_work(session: Session, staff: Staff, conversation_id: str) -> Conversation:
    """The conversation, its row locked until the transaction ends, with patient and owner. Raises DeskError."""
    may_act(staff)
    options = [joinedload(Conversation.patient), joinedload(Conversation.owner_staff)]
    conversation = session.get(
        Conversation, conversation_id, options=options, with_for_update={"of": Conversation}
    )  # fmt: skip
    if conversation is None:
        raise DeskError("There is no such conversation.")
    return conversation
