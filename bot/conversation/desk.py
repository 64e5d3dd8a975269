"""What a clinician does with a conversation: acknowledge, take over, reply, pass on, hand back, close."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.care.clinic import Clinic
from bot.care.values import clinic_values
from bot.care.wording import Wording
from bot.clock import Clock
from bot.conversation.cases import open_case, open_or_raise
from bot.conversation.desk_rules import (
    DeskError,
    HandBackReason,
    Ledger,
    PassReason,
    TakeoverReason,
    called,
    case_to_work,
    conversation_to_work,
    may_act,
)
from bot.conversation.events import Bell, record
from bot.conversation.inbound import MAX_TEXT, Upload, clean
from bot.conversation.note_keeping import leave_note
from bot.conversation.outbox import enqueue
from bot.conversation.seen import alarm_since_looked, is_news, mark_seen
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

__all__ = ["Desk", "DeskError", "called"]


@dataclass(frozen=True)
class Desk:
    """The clinicians' verbs: each one transaction that checks who may and how things stand, with an audit row."""

    store: Store
    clinic: Clinic
    wording: Wording
    clock: Clock
    bell: Bell

    @property
    def _ledger(self) -> Ledger:
        return Ledger(self.clock)

    def acknowledge(self, staff: Staff, case_id: int) -> None:
        """Say that the case was seen. Nothing happens to one that was seen already."""
        with self.store.write() as session:
            case = case_to_work(session, staff, case_id)
            if case.state is CaseState.OPEN:
                case.state, case.acknowledged_at = CaseState.ACKNOWLEDGED, self.clock.now()
                self._ledger.note(session, staff, case, "acknowledged")
        self.bell.ring(case.conversation_id)

    def see(self, staff: Staff, conversation_id: str, message_id: int) -> None:
        """Tell the patient that a clinician had this message on their screen. Nothing happens where that was told.

        Raises DeskError for reviewers.
        """
        may_act(staff)
        with self.store.read() as session:
            if not is_news(session, conversation_id, message_id):
                return
        with self.store.write() as session:
            news = mark_seen(session, self.clock.now(), conversation_id, message_id, staff)
        if news:
            self.bell.ring(conversation_id)

    def take_over(self, staff: Staff, conversation_id: str, reason: TakeoverReason | None = None) -> None:
        """Become the one who answers. One claim wins; raises DeskError naming the owner to everybody else.

        With a reason it is taken from a colleague who has it.
        """
        with self.store.write() as session:
            conversation = conversation_to_work(session, staff, conversation_id)
            if conversation.owner_staff_id == staff.id:
                return
            owner = conversation.owner_staff
            if owner is not None and reason is None:
                raise DeskError(f"{owner.name} has this conversation.")
            if not self._claim(session, conversation, staff):
                raise DeskError("Somebody else has this conversation.")
            case = self._begin(session, conversation, staff)
            if owner is not None and reason is not None:
                self._ledger.note(session, staff, case, "took_from_colleague", reason=reason, from_staff_id=owner.id)
            else:
                self._ledger.note(session, staff, case, "took_over")
        self.bell.ring(conversation_id)

    def pass_on(self, staff: Staff, case_id: int, to: int | None, reason: PassReason, note: str = "") -> None:
        """Assign the case to a member of staff, or to nobody (None). A conversation that is yours becomes theirs.

        `note` is for colleagues alone. Raises DeskError where a colleague has the conversation, or the one named cannot
        act.
        """
        with self.store.write() as session:
            case = case_to_work(session, staff, case_id)
            conversation = conversation_to_work(session, staff, case.conversation_id)
            colleague = _colleague(session, to) if to is not None else None
            if conversation.owner is Owner.CLINICIAN and conversation.owner_staff_id not in (staff.id, to):
                raise DeskError("A colleague has this conversation: take it over first, then pass it on.")
            if conversation.owner is Owner.CLINICIAN and conversation.owner_staff_id != to:
                if colleague is None:
                    self._release(session, conversation, case)
                else:
                    self._claim(session, conversation, colleague)
                    self._begin(session, conversation, colleague)
            case.assignee_id, case.returned_from_id = to, None
            done = "assigned" if to else "unassigned"
            self._ledger.note(session, staff, case, done, to_staff_id=to, reason=reason)
            leave_note(session, self.clock.now(), staff, case.conversation_id, note)
        self.bell.ring(case.conversation_id)

    def reply(
        self, staff: Staff, conversation_id: str, text: str, *, key: str, last_seen: int, uploads: Sequence[Upload] = ()
    ) -> int:
        """Send the patient a message, with files. Out: its id; the same words with the same `key` give the first one's.

        Other words with that key are another message: a second tab's, or a correction of what did not seem to go out.

        `last_seen` is the newest patient message the writer had before them: raises DeskError when there is a newer
        one, when someone else owns the conversation, or when the text is empty or over 4096 characters.
        """
        said = clean(text)
        if not said and not uploads:
            raise DeskError("The reply is empty: write something first.")
        if len(said) > MAX_TEXT:
            raise DeskError(f"The reply has {len(said)} characters; {MAX_TEXT} is the most. Send it in two parts.")
        external = f"reply:{staff.id}:{key}:{hashlib.sha256(said.encode()).hexdigest()[:12]}"
        now = self.clock.now()
        with self.store.write() as session:
            conversation = conversation_to_work(session, staff, conversation_id)
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
            message.attachments = [upload.row() for upload in uploads]
            session.execute(
                update(Message)
                .where(Message.conversation_id == conversation_id, Message.handling == Handling.HELD)
                .values(handling=Handling.HANDLED)
            )
            case = open_case(session, conversation_id)
            if case is not None:
                files = {"files": len(uploads)} if uploads else {}
                self._ledger.note(session, staff, case, "replied", message_id=message.id, **files)
        self.bell.ring(conversation_id)
        return message.id

    def hand_back(self, staff: Staff, conversation_id: str, reason: HandBackReason, note: str = "") -> None:
        """Let the bot answer again; the case stays open. `note` is for colleagues alone.

        Raises DeskError when it is not yours to give.
        """
        with self.store.write() as session:
            conversation = conversation_to_work(session, staff, conversation_id)
            if conversation.owner is Owner.BOT:
                return
            if conversation.owner_staff_id != staff.id and staff.role is not Role.ADMIN:
                raise DeskError("Only the one who has the conversation, or an admin, can hand it back.")
            case = open_case(session, conversation_id)
            self._release(session, conversation, case)
            if case is not None:
                self._ledger.note(session, staff, case, "handed_back", reason=reason)
            leave_note(session, self.clock.now(), staff, conversation_id, note)
        self.bell.ring(conversation_id)

    def close(self, staff: Staff, case_id: int, outcome: Outcome, note: str = "") -> None:
        """Close the case with what it turned out to be; the bot answers again. Raises DeskError when another has it."""
        now = self.clock.now()
        with self.store.write() as session:
            case = case_to_work(session, staff, case_id)
            conversation = conversation_to_work(session, staff, case.conversation_id)
            if conversation.owner is Owner.CLINICIAN:
                if conversation.owner_staff_id != staff.id and staff.role is not Role.ADMIN:
                    raise DeskError("Somebody else has this conversation; only they or an admin can close the case.")
                alarm = _alarm_since(session, conversation)
                if alarm is not None and is_news(session, conversation.id, alarm):
                    raise DeskError(
                        "The patient has written of something urgent since you looked. Read it, then close."
                    )
                self._release(session, conversation, case)
            elif alarm_since_looked(session, case):
                raise DeskError("The patient has written of something urgent since you looked. Read it, then close.")
            case.state, case.closed_at, case.outcome = CaseState.CLOSED, now, outcome
            case.closing_note, case.snoozed_until = clean(note), None
            self._ledger.note(session, staff, case, "closed", outcome=outcome)
        self.bell.ring(case.conversation_id)

    def _claim(self, session: Session, conversation: Conversation, staff: Staff) -> bool:
        """Make it theirs if it is still whose it was when it was read."""
        result = session.execute(
            update(Conversation)
            .where(
                Conversation.id == conversation.id,
                Conversation.owner == conversation.owner,
                Conversation.owner_staff_id.is_not_distinct_from(conversation.owner_staff_id),
            )
            .values(
                owner=Owner.CLINICIAN,
                owner_staff_id=staff.id,
                owner_since=self.clock.now(),
                check_step=None,
                check_at=None,
                check_due_at=None,
            )
        )
        return bool(result.rowcount)  # type: ignore[attr-defined]

    def _begin(self, session: Session, conversation: Conversation, staff: Staff) -> Case:
        """What follows from its being theirs: the case, what waits for an answer, and what the patient reads."""
        now = self.clock.now()
        session.refresh(conversation)
        case = open_case(session, conversation.id) or open_or_raise(
            session, self.clinic, now, conversation.id, tier=Tier.ROUTINE, reason="taken_over"
        )
        case.state, case.assignee_id = CaseState.WITH_CLINICIAN, staff.id
        case.acknowledged_at = case.acknowledged_at or now
        case.snoozed_until = case.returned_from_id = None
        session.execute(
            update(Message)
            .where(Message.conversation_id == conversation.id, Message.handling == Handling.RECEIVED)
            .values(handling=Handling.HELD)
        )
        self._system(session, conversation, "utter_clinician_joined", name=called(staff))
        record(session, now, conversation.id, "handoff", owner="clinician", staff_id=staff.id)
        return case

    def _release(self, session: Session, conversation: Conversation, case: Case | None) -> None:
        """The bot answers again; the case counts as seen, unless an alarm came in that nobody has answered."""
        if case is not None:
            seen = _alarm_since(session, conversation) is None
            case.state = CaseState.ACKNOWLEDGED if seen else CaseState.OPEN
            case.acknowledged_at = case.acknowledged_at if seen else None
        conversation.owner, conversation.owner_staff_id, conversation.owner_since = Owner.BOT, None, None
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


def _alarm_since(session: Session, conversation: Conversation) -> int | None:
    """The newest message with an urgent sign that came in since a clinician has the conversation, and has no answer."""
    return session.scalar(
        select(Message.id)
        .where(
            Message.conversation_id == conversation.id,
            Message.handling == Handling.HELD,
            Message.tier >= int(Tier.URGENT),
            Message.created_at > conversation.owner_since,
        )
        .order_by(Message.id.desc())
        .limit(1)
    )


def _colleague(session: Session, staff_id: int) -> Staff:
    colleague = session.get(Staff, staff_id)
    if colleague is None or colleague.disabled_at is not None:
        raise DeskError("There is no such colleague any more. Choose another.")
    may_act(colleague)
    return colleague
