"""Asks a patient once whether they want reminders: in a pause, after the session's time is known."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload

from bot.care.clinic import Clinic
from bot.care.values import clinic_values
from bot.care.wording import Wording
from bot.clock import Clock
from bot.conversation.cases import cases_of_person
from bot.conversation.events import Bell
from bot.conversation.outbox import enqueue
from bot.conversation.reminders import offer_buttons
from bot.followup.planning import due_for, treated_lately, zone_of
from bot.followup.sending import waits_for_answer
from bot.store.claims import claim
from bot.store.database import Store
from bot.store.tables import Author, Conversation, Message, Owner, Reminders
from bot.triage.tier import Tier

log = logging.getLogger(__name__)

PAUSE = timedelta(minutes=1)  # after the last message, so that the offer does not break into a conversation
STILL_HERE = timedelta(minutes=15)  # whoever wrote so lately may be asked in the quiet hours too


@dataclass(frozen=True)
class Offerer:
    """Offers reminders where there is still something to be reminded of."""

    store: Store
    clinic: Clinic
    wording: Wording
    clock: Clock
    bell: Bell

    def offer(self) -> int:
        """Ask everybody who has not been asked. Out: how many were."""
        if not self.clinic.follow_up.offer:
            return 0
        return sum(self._ask(conversation_id) for conversation_id in self._unasked())

    def _unasked(self) -> Sequence[str]:
        now = self.clock.now()
        query = treated_lately(now).where(
            Conversation.reminders.is_(None), Conversation.owner == Owner.BOT, Conversation.check_due_at.is_(None)
        )
        with self.store.read() as session:
            return [one.id for one in session.scalars(query) if self._may_ask(session, one, now)]

    def _ask(self, conversation_id: str) -> bool:
        now = self.clock.now()
        with self.store.write() as session:
            conversation = session.get_one(Conversation, conversation_id, options=[joinedload(Conversation.patient)])
            if not self._may_ask(session, conversation, now) or not _claim(session, conversation_id, now):
                return False
            values = clinic_values(self.clinic, now)
            text = self.wording.render("utter_reminders_ask", **values)
            enqueue(session, now, conversation, Author.BOT, text, buttons=offer_buttons(self.wording))
        log.info("conversation %s was offered reminders", conversation_id)
        self.bell.ring(conversation_id)
        return True

    def _may_ask(self, session: Session, conversation: Conversation, now: datetime) -> bool:
        return (
            conversation.owner is Owner.BOT
            and conversation.check_due_at is None
            and conversation.patient.blocked_at is None
            and not any(case.tier >= Tier.URGENT for case in cases_of_person(session, conversation))
            and any(due.at > now for due in due_for(session, self.clinic, conversation))
            and self._is_pause(session, conversation, now)
        )

    def _is_pause(self, session: Session, conversation: Conversation, now: datetime) -> bool:
        newest = _newest(session, conversation.id)
        if newest is None or now - newest.created_at < PAUSE or waits_for_answer(session, conversation.id):
            return False
        if newest.buttons and now - newest.created_at < STILL_HERE:
            return False  # a "yes" typed now answers what they ask
        quiet = self.clinic.follow_up.quiet_hours
        written = _newest(session, conversation.id, Message.author == Author.PATIENT)
        awake = written is not None and now - written.created_at < STILL_HERE
        return awake or not quiet.covers(now, zone_of(conversation.patient, self.clinic))


def _newest(session: Session, conversation_id: str, *those: ColumnElement[bool]) -> Message | None:
    query = select(Message).where(Message.conversation_id == conversation_id, *those)
    return session.scalars(query.order_by(Message.id.desc()).limit(1)).first()


def _claim(session: Session, conversation_id: str, now: datetime) -> bool:
    unasked = (Conversation.id == conversation_id, Conversation.reminders.is_(None))
    return bool(claim(session, Conversation, *unasked, reminders=Reminders.ASKED, reminders_at=now))
