"""Takeovers that nobody answers: the conversation goes back to the queue, and patient and staff are told so."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, func, select, update
from sqlalchemy.orm import Session, joinedload

from bot.care.clinic import Clinic
from bot.care.values import clinic_values
from bot.care.wording import Wording
from bot.clock import CLOCKS_AGREE, Clock
from bot.conversation.cases import open_case
from bot.conversation.events import Bell, audit, record
from bot.conversation.outbox import enqueue
from bot.conversation.seen import seen_up_to
from bot.conversation.watching import watch
from bot.store.claims import claim
from bot.store.database import Store
from bot.store.tables import Author, CaseState, Conversation, Delivery, Handling, Message, Owner
from bot.triage.tier import Tier

log = logging.getLogger(__name__)

LOOK_EVERY = 5.0  # seconds


def answer_due(session: Session, clinic: Clinic, conversation: Conversation, now: datetime) -> datetime | None:
    """By when its owner has to have answered before the conversation goes back; None while no patient waits there.

    Sooner where the patient has told of an emergency since the takeover and nobody has had it on their screen.
    What was written in the future was written before the clock was put back: it waits since the takeover.
    """
    since = conversation.owner_since
    if since is None:
        return None
    oldest = session.scalar(_waiting(conversation))
    if oldest is None:
        return None
    due = _waits(oldest, since, now) + timedelta(hours=clinic.targets.takeover)
    unread = (Message.tier == int(Tier.EMERGENCY), Message.id > seen_up_to(session, conversation.id))
    alarm = session.scalar(_waiting(conversation).where(*unread, Message.created_at > since))
    if alarm is not None:
        due = min(due, _waits(alarm, since, now) + timedelta(minutes=clinic.alerts.emergency.again_minutes))
    return due


def _waiting(conversation: Conversation) -> Select[datetime | None]:
    """When the first message was written that no clinician has answered; not a command we have answered since."""
    answered = (
        select(func.max(Message.id))
        .where(
            Message.conversation_id == conversation.id,
            Message.author == Author.CLINICIAN,
            Message.delivery != Delivery.FAILED,
        )
        .scalar_subquery()
    )
    return select(func.min(Message.created_at)).where(
        Message.conversation_id == conversation.id,
        Message.author == Author.PATIENT,
        Message.id > func.coalesce(answered, 0),
        (Message.handling != Handling.HANDLED) | (Message.created_at <= conversation.owner_since),
    )


def _waits(written: datetime, since: datetime, now: datetime) -> datetime:
    """Since when a message waits for the owner."""
    return since if written > now + CLOCKS_AGREE else max(written, since)


@dataclass(frozen=True)
class Takeovers:
    """Watches for conversations whose owner lets a patient wait."""

    store: Store
    clinic: Clinic
    wording: Wording
    clock: Clock
    bell: Bell

    async def run(self) -> None:
        """Watch until cancelled."""
        await watch(self.give_back, LOOK_EVERY, "unanswered takeovers")

    def give_back(self) -> int:
        """Give back every conversation whose owner has let the time pass. Out: how many there were."""
        done = 0
        for conversation_id, since in self._due():
            if since > self.clock.now():
                self._begin_anew(conversation_id, since)
            elif self._see_to(conversation_id, since):
                self.bell.ring(conversation_id)
                done += 1
        return done

    def _due(self) -> Sequence[tuple[str, datetime]]:
        """Takeovers whose time is over, and those that began in the future: the clock was put back."""
        now = self.clock.now()
        latest = now - min(
            timedelta(hours=self.clinic.targets.takeover), timedelta(minutes=self.clinic.alerts.emergency.again_minutes)
        )
        ahead = Conversation.owner_since > now + CLOCKS_AGREE
        query = select(Conversation).where(Conversation.owner == Owner.CLINICIAN)
        with self.store.read() as session:
            owned = session.scalars(query.where((Conversation.owner_since <= latest) | ahead)).all()
            taken = [(one, one.owner_since) for one in owned if one.owner_since]
            return [(one.id, since) for one, since in taken if since > now or self._lapsed(session, one)]

    def _lapsed(self, session: Session, conversation: Conversation) -> bool:
        now = self.clock.now()
        due = answer_due(session, self.clinic, conversation, now)
        return due is not None and due <= now

    def _begin_anew(self, conversation_id: str, since: datetime) -> None:
        with self.store.write() as session:
            claim(session, Conversation, *self._theirs(conversation_id, since), owner_since=self.clock.now())

    def _see_to(self, conversation_id: str, since: datetime) -> bool:
        """Back to the queue, in the transaction that claims it. Out: whether it was ours."""
        now = self.clock.now()
        with self.store.write() as session:
            # The row is locked here, so that a reply on its way is either seen now or refused after.
            conversation = session.get_one(
                Conversation,
                conversation_id,
                options=[joinedload(Conversation.patient)],
                with_for_update={"of": Conversation},
            )
            owner = conversation.owner_staff_id
            if not self._lapsed(session, conversation) or not self._claim(session, conversation_id, since):
                return False
            session.execute(
                update(Message)
                .where(Message.conversation_id == conversation_id, Message.handling == Handling.HELD)
                .values(handling=Handling.HANDLED)
            )
            case = open_case(session, conversation_id)
            if case is not None:
                case.state, case.acknowledged_at, case.assignee_id = CaseState.OPEN, None, None
                case.returned_from_id, case.snoozed_until = owner, None
                tier = Tier(case.tier).label
                record(session, now, conversation_id, "case", case_id=case.id, state=case.state, tier=tier, back=True)
            audit(
                session, now, "bot", "takeover_lapsed", conversation_id=conversation_id,
                case_id=case.id if case else None, from_staff_id=owner,
            )  # fmt: skip
            record(session, now, conversation_id, "handoff", owner="bot")
            words = self.wording.render("utter_takeover_lapsed", **clinic_values(self.clinic, now))
            enqueue(session, now, conversation, Author.SYSTEM, words)
        log.info("conversation %s went back to the queue: its owner did not answer", conversation_id)
        return True

    def _claim(self, session: Session, conversation_id: str, since: datetime) -> bool:
        theirs = self._theirs(conversation_id, since)
        return bool(claim(session, Conversation, *theirs, owner=Owner.BOT, owner_staff_id=None, owner_since=None))

    @staticmethod
    def _theirs(conversation_id: str, since: datetime) -> Sequence[ColumnElement[bool]]:
        return (
            Conversation.id == conversation_id,
            Conversation.owner == Owner.CLINICIAN,
            Conversation.owner_since == since,
        )
