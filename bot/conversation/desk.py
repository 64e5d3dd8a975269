"""What a clinician does with a conversation: acknowledge, take over, reply, hand back, close."""

from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from bot.care.clinic import Clinic
from bot.care.values import clinic_values
from bot.care.wording import Wording
from bot.clock import Clock
from bot.conversation.cases import open_case, open_or_raise
from bot.conversation.events import Bell, audit, record
from bot.conversation.inbound import MAX_TEXT, clean
from bot.conversation.outbox import enqueue
from bot.store.database import Store
from bot.store.tables import (
    Author,
    Case,
    CaseState,
    Conversation,
    Handling,
    Message,
    Outcome,
    Owner,
    Role,
    Staff,
)
from bot.triage.tier import Tier


class DeskError(Exception):
    """What was asked cannot be done as things stand now. The message says why, for the person who asked."""


@dataclass(frozen=True)
class Desk:
    """The clinicians' verbs: each one transaction that checks who may and how things stand, with an audit row."""

    store: Store
    clinic: Clinic
    wording: Wording
    clock: Clock
    bell: Bell

    def acknowledge(self, staff: Staff, case_id: int) -> None:
        """Say that the case was seen. Nothing happens to one that was seen already."""
        with self.store.write() as session:
            case = _open(session, staff, case_id)
            if case.state is CaseState.OPEN:
                case.state, case.acknowledged_at = CaseState.ACKNOWLEDGED, self.clock.now()
                self._note(session, staff, case, "acknowledged")
        self.bell.ring()

    def take_over(self, staff: Staff, conversation_id: str) -> None:
        """Become the one who answers. One claim wins; raises DeskError naming the owner to everybody else."""
        now = self.clock.now()
        with self.store.write() as session:
            conversation = _conversation(session, staff, conversation_id)
            result = session.execute(
                update(Conversation)
                .where(Conversation.id == conversation_id, Conversation.owner == Owner.BOT)
                .values(
                    owner=Owner.CLINICIAN, owner_staff_id=staff.id, check_step=None, check_at=None, check_due_at=None
                )
            )
            if not result.rowcount:  # type: ignore[attr-defined]
                if conversation.owner_staff_id == staff.id:
                    return
                owner = conversation.owner_staff
                raise DeskError(f"{owner.name if owner else 'Somebody else'} has this conversation.")
            session.refresh(conversation)
            case = open_case(session, conversation_id) or open_or_raise(
                session, self.clinic, now, conversation_id, tier=Tier.ROUTINE, reason="taken_over"
            )
            case.state, case.assignee_id = CaseState.WITH_CLINICIAN, staff.id
            case.acknowledged_at = case.acknowledged_at or now
            session.execute(
                update(Message)
                .where(Message.conversation_id == conversation_id, Message.handling == Handling.RECEIVED)
                .values(handling=Handling.HELD)
            )
            self._system(session, conversation, "utter_clinician_joined", name=called(staff))
            record(session, now, conversation_id, "handoff", owner="clinician", staff_id=staff.id)
            self._note(session, staff, case, "took_over")
        self.bell.ring()

    def reply(self, staff: Staff, conversation_id: str, text: str, *, key: str, last_seen: int) -> int:
        """Send the patient a message. Out: its id; a repeated `key` gives the first one's.

        `last_seen` is the newest patient message the writer had before them: raises DeskError when there is a newer
        one, when someone else owns the conversation, or when the text is empty or over 4096 characters.
        """
        said = clean(text)
        if not said:
            raise DeskError("The reply is empty: write something first.")
        if len(said) > MAX_TEXT:
            raise DeskError(f"The reply has {len(said)} characters; {MAX_TEXT} is the most. Send it in two parts.")
        external = f"reply:{staff.id}:{key}"
        now = self.clock.now()
        with self.store.write() as session:
            conversation = _conversation(session, staff, conversation_id)
            sent = session.scalar(
                select(Message).where(Message.channel == conversation.patient.channel, Message.external_id == external)
            )
            if sent is not None:
                return sent.id
            if conversation.owner_staff_id != staff.id:
                raise DeskError("Take the conversation over first: only the one who has it can reply.")
            newest = session.scalar(
                select(Message.id)
                .where(Message.conversation_id == conversation_id, Message.author == Author.PATIENT)
                .order_by(Message.id.desc())
                .limit(1)
            )
            if newest is not None and newest > last_seen:
                raise DeskError("The patient has written since you opened this. Your text is kept: read, then send.")
            message = enqueue(session, now, conversation, Author.CLINICIAN, said, staff_id=staff.id, key=external)
            session.execute(
                update(Message)
                .where(Message.conversation_id == conversation_id, Message.handling == Handling.HELD)
                .values(handling=Handling.HANDLED)
            )
            case = open_case(session, conversation_id)
            if case is not None:
                self._note(session, staff, case, "replied", message_id=message.id)
        self.bell.ring()
        return message.id

    def hand_back(self, staff: Staff, conversation_id: str) -> None:
        """Let the bot answer again; the case stays open. Raises DeskError when it is not yours to give."""
        with self.store.write() as session:
            conversation = _conversation(session, staff, conversation_id)
            if conversation.owner is Owner.BOT:
                return
            if conversation.owner_staff_id != staff.id and staff.role is not Role.ADMIN:
                raise DeskError("Only the one who has the conversation, or an admin, can hand it back.")
            self._release(session, conversation)
            case = open_case(session, conversation_id)
            if case is not None:
                case.state = CaseState.ACKNOWLEDGED
                self._note(session, staff, case, "handed_back")
        self.bell.ring()

    def close(self, staff: Staff, case_id: int, outcome: Outcome, note: str = "") -> None:
        """Close the case with what it turned out to be; the bot answers again. Raises DeskError when another has it."""
        now = self.clock.now()
        with self.store.write() as session:
            case = _open(session, staff, case_id)
            conversation = _conversation(session, staff, case.conversation_id)
            if conversation.owner is Owner.CLINICIAN:
                if conversation.owner_staff_id != staff.id and staff.role is not Role.ADMIN:
                    raise DeskError("Somebody else has this conversation; only they or an admin can close the case.")
                self._release(session, conversation)
            case.state, case.closed_at, case.outcome = CaseState.CLOSED, now, outcome
            case.closing_note = clean(note)
            self._note(session, staff, case, "closed", outcome=outcome)
        self.bell.ring()

    def _release(self, session: Session, conversation: Conversation) -> None:
        conversation.owner, conversation.owner_staff_id = Owner.BOT, None
        self._system(session, conversation, "utter_assistant_back")
        record(session, self.clock.now(), conversation.id, "handoff", owner="bot")
        # What the patient wrote meanwhile was for the clinician: the bot does not answer it late.
        session.execute(
            update(Message)
            .where(Message.conversation_id == conversation.id, Message.handling == Handling.HELD)
            .values(handling=Handling.HANDLED)
        )

    def _system(self, session: Session, conversation: Conversation, key: str, **values: str) -> None:
        text = self.wording.render(key, **{**clinic_values(self.clinic, self.clock.now()), **values})
        enqueue(session, self.clock.now(), conversation, Author.SYSTEM, text)

    def _note(self, session: Session, staff: Staff, case: Case, action: str, **detail: object) -> None:
        now = self.clock.now()
        record(
            session, now, case.conversation_id, "case", case_id=case.id, state=case.state, tier=Tier(case.tier).label
        )
        audit(
            session, now, f"staff:{staff.id}", action, conversation_id=case.conversation_id, case_id=case.id, **detail
        )  # fmt: skip


def called(staff: Staff) -> str:
    """How patients see a member of staff: "Nurse Ana Silva"."""
    return f"{staff.title} {staff.name}".strip()


def _may(staff: Staff) -> None:
    if staff.role is Role.REVIEWER:
        raise DeskError("Reviewers read; ask an admin for the clinician role to act on cases.")


def _open(session: Session, staff: Staff, case_id: int) -> Case:
    _may(staff)
    case = session.get(Case, case_id)
    if case is None:
        raise DeskError("There is no such case.")
    if case.state is CaseState.CLOSED:
        raise DeskError("This case is closed already.")
    return case


def _conversation(session: Session, staff: Staff, conversation_id: str) -> Conversation:
    _may(staff)
    options = [joinedload(Conversation.patient), joinedload(Conversation.owner_staff)]
    conversation = session.get(Conversation, conversation_id, options=options)
    if conversation is None:
        raise DeskError("There is no such conversation.")
    return conversation
