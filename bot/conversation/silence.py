"""Silence after a symptom check: a clinician is asked to look, and the patient is told so. Works from stored state."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from bot.care.advice import escalation_keys
from bot.care.clinic import Clinic
from bot.care.symptom_check import UNANSWERED, YES_ALONE
from bot.care.values import clinic_values
from bot.care.wording import Wording
from bot.clock import Clock
from bot.conversation.cases import open_or_raise
from bot.conversation.check import patience
from bot.conversation.events import Bell
from bot.conversation.outbox import enqueue
from bot.conversation.watching import watch
from bot.store.claims import claim
from bot.store.database import Store
from bot.store.tables import Author, Conversation, Owner
from bot.triage.verdict import Verdict

log = logging.getLogger(__name__)

LOOK_EVERY = 5.0  # seconds
_SILENT = Verdict(UNANSWERED.tier, (UNANSWERED,), ())


@dataclass(frozen=True)
class Silence:
    """Watches for checks that nobody answered in time."""

    store: Store
    clinic: Clinic
    wording: Wording
    clock: Clock
    bell: Bell

    async def run(self) -> None:
        """Watch until cancelled."""
        await watch(self.speak_up, LOOK_EVERY, "unanswered symptom checks")

    def speak_up(self) -> int:
        """See to every check whose time is over. Out: how many there were."""
        done = 0
        for conversation_id, due, step in self._due():
            if due > self.clock.now():
                self._begin_anew(conversation_id, due)
            elif self._see_to(conversation_id, due, step):
                self.bell.ring(conversation_id)
                done += 1
        return done

    def _due(self) -> Sequence[tuple[str, datetime, str | None]]:
        """Checks whose time is over, and those that would wait longer than any may: the clock was put back."""
        now = self.clock.now()
        over = (Conversation.check_due_at <= now) | (Conversation.check_due_at > now + 2 * patience(self.clinic))
        query = select(Conversation.id, Conversation.check_due_at, Conversation.check_step).where(
            over, Conversation.owner == Owner.BOT
        )
        with self.store.read() as session:
            return [(key, due, step) for key, due, step in session.execute(query) if due]

    def _begin_anew(self, conversation_id: str, due: datetime) -> None:
        waits = (Conversation.id == conversation_id, Conversation.check_due_at == due)
        with self.store.claims() as session:
            claim(session, Conversation, *waits, check_due_at=self.clock.now() + patience(self.clinic))

    def _see_to(self, conversation_id: str, due: datetime, step: str | None) -> bool:
        """Open the case and tell the patient, in the transaction that claims the check. Out: whether it was ours."""
        now = self.clock.now()
        with self.store.write() as session:
            if not self._claim(session, conversation_id, due, now):
                return False
            # Whoever has said yes, though not to what, has a sign.
            verdict = YES_ALONE if step == "yes" else _SILENT
            open_or_raise(
                session,
                self.clinic,
                now,
                conversation_id,
                tier=verdict.tier,
                reason="check_unanswered",
                signs=[sign.as_dict() for sign in verdict.signs],
            )
            conversation = session.get_one(Conversation, conversation_id, options=[joinedload(Conversation.patient)])
            enqueue(session, now, conversation, Author.BOT, self._words(verdict, now))
        log.info("the symptom check of conversation %s was not answered", conversation_id)
        return True

    def _claim(self, session: Session, conversation_id: str, due: datetime, now: datetime) -> bool:
        waits = (Conversation.id == conversation_id, Conversation.owner == Owner.BOT, Conversation.check_due_at == due)
        return bool(claim(session, Conversation, *waits, check_due_at=None, check_step="lapsed", check_at=now))

    def _words(self, verdict: Verdict, now: datetime) -> str:
        if verdict is _SILENT:
            return self.wording.render("utter_check_unanswered", **clinic_values(self.clinic, now))
        return " ".join(
            self.wording.render(key, **values) for key, values in escalation_keys(verdict, self.clinic, now)
        )
