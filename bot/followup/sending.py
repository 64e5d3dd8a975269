"""Sends what is due, once: each row is claimed in the transaction that puts its message into the outbox."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from bot.care.clinic import Clinic
from bot.care.plan import RULES
from bot.care.values import clinic_values
from bot.care.wording import Wording
from bot.clock import Clock
from bot.conversation.cases import cases_of_person, held_in
from bot.conversation.events import Bell
from bot.conversation.limited import is_limited
from bot.conversation.outbox import enqueue
from bot.followup.planning import due_for, zone_of
from bot.followup.schedule import CHECK_INS, REMINDERS
from bot.store.claims import claim
from bot.store.database import Store
from bot.store.tables import (
    Author,
    Case,
    Conversation,
    FollowUp,
    FollowUpState,
    Handling,
    Message,
    Owner,
    Reminders,
)
from bot.triage.tier import Tier

log = logging.getLogger(__name__)

# Why something planned is not sent any more.
Drop = Literal["off", "stopped", "clinician", "blocked", "case", "rescheduled"]


@dataclass(frozen=True)
class Sender:
    """Looks for what is due, and asks of each once more whether it still holds."""

    store: Store
    clinic: Clinic
    wording: Wording
    clock: Clock
    bell: Bell

    def send_due(self) -> int:
        """See to everything that is due. Out: how many conversations were written to."""
        return sum(self._see_to(conversation_id) for conversation_id in self._due())

    def _due(self) -> Sequence[str]:
        query = select(FollowUp.conversation_id).where(_is_due(self.clock.now())).distinct()
        with self.store.read() as session:
            return session.scalars(query).all()

    def _see_to(self, conversation_id: str) -> bool:
        """Send what is due in one conversation as one message. Out: whether there was anything to send."""
        now = self.clock.now()
        with self.store.write() as session:
            conversation = session.get_one(Conversation, conversation_id, options=[joinedload(Conversation.patient)])
            rows = session.scalars(
                select(FollowUp)
                .where(FollowUp.conversation_id == conversation_id, _is_due(now))
                .order_by(FollowUp.due_at, FollowUp.id)
            ).all()
            to_send = self._sort_out(session, now, conversation, rows)
            claimed = [row for row in to_send if _claim(session, row, FollowUpState.SENT, now)]
            sent = [row.kind for row in claimed]
            if claimed:
                self._send(session, now, conversation, claimed)
        if sent:
            log.info("conversation %s was reminded: %s", conversation_id, ", ".join(sent))
            self.bell.ring(conversation_id)
        return bool(sent)

    def _send(self, session: Session, now: datetime, conversation: Conversation, rows: Sequence[FollowUp]) -> None:
        """Put one message into the outbox. Held up there, it must not come after a window or at night."""
        night = self.clinic.follow_up.quiet_hours.begin_after(now, zone_of(conversation.patient, self.clinic))
        send_by = min(night, *(_end(row) for row in rows))
        text, buttons = self._words([row.kind for row in rows], now)
        message = enqueue(session, now, conversation, Author.BOT, text, buttons=buttons, send_by=send_by)
        for row in rows:
            row.message_id = message.id

    def _sort_out(
        self, session: Session, now: datetime, conversation: Conversation, rows: Iterable[FollowUp]
    ) -> list[FollowUp]:
        """Mark what is not to be sent; out: what is. What has to wait a little is left as it is."""
        cases = cases_of_person(session, conversation)
        drop, waits = self._dropped(conversation, cases), self._must_wait(session, conversation, now)
        held = held_in(conversation, cases)
        holds = {(due.kind, due.at) for due in due_for(session, self.clinic, conversation)}
        to_send = []
        for row in rows:
            reason = drop or ("case" if row.kind in held else None)
            if reason is None and (row.kind, row.due_at) not in holds:
                reason = "rescheduled"
            if reason:
                _claim(session, row, FollowUpState.DROPPED, now, reason)
            elif now > _end(row):
                _claim(session, row, FollowUpState.MISSED, now)
                log.warning("the %s follow-up of conversation %s was missed", row.kind, conversation.id)
            elif not waits:
                to_send.append(row)
        return to_send

    def _dropped(self, conversation: Conversation, cases: Iterable[Case]) -> Drop | None:
        if not self.clinic.follow_up.offer or is_limited(self.clinic, conversation.patient.channel):
            return "off"
        if conversation.reminders is not Reminders.ON:
            return "stopped"
        if conversation.patient.blocked_at is not None:
            return "blocked"
        if conversation.owner is Owner.CLINICIAN:
            return "clinician"
        return "case" if any(case.tier >= Tier.URGENT for case in cases) else None

    def _must_wait(self, session: Session, conversation: Conversation, now: datetime) -> bool:
        """At night, and while the patient waits for an answer or owes us one to the symptom check."""
        zone = zone_of(conversation.patient, self.clinic)
        quiet = self.clinic.follow_up.quiet_hours.covers(now, zone)
        return quiet or conversation.check_due_at is not None or waits_for_answer(session, conversation.id)

    def _words(self, kinds: Sequence[str], now: datetime) -> tuple[str, list[dict[str, Any]]]:
        values = clinic_values(self.clinic, now)
        told = [self._reminder(kind, values) for kind in REMINDERS if kind in kinds]
        asked = [kind for kind in kinds if kind in CHECK_INS][-1:]
        lead = [self.wording.render("utter_follow_up_lead", **values)] if told else []
        buttons: list[dict[str, Any]] = []
        for kind in asked:
            told.append(self.wording.render("utter_check_in", **values, day=str(CHECK_INS[kind])))
            buttons = list(self.wording.buttons("utter_check_in"))
        return "\n\n".join((*lead, *told, self.wording.render("utter_follow_up_close", **values))), buttons

    def _reminder(self, kind: str, values: Mapping[str, Any]) -> str:
        keys = (f"utter_follow_up_{kind}", *RULES[kind].must_hold)
        return " ".join(self.wording.render(key, **values) for key in keys)


def waits_for_answer(session: Session, conversation_id: str) -> bool:
    """Whether something that the patient wrote is not answered yet."""
    query = select(Message.id).where(Message.conversation_id == conversation_id, Message.handling == Handling.RECEIVED)
    return session.scalar(query.limit(1)) is not None


def _end(row: FollowUp) -> datetime:
    return row.due_at + timedelta(hours=row.window_h)


def _is_due(now: datetime) -> Any:
    return (FollowUp.state == FollowUpState.PLANNED) & (FollowUp.due_at <= now)


def _claim(session: Session, row: FollowUp, state: FollowUpState, now: datetime, reason: str | None = None) -> bool:
    """Take a planned row into its last state. Out: whether it was still there to take."""
    planned = (FollowUp.id == row.id, FollowUp.state == FollowUpState.PLANNED)
    return bool(claim(session, FollowUp, *planned, state=state, claimed_at=now, reason=reason))
