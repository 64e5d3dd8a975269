"""What a clinician does with a case beside the conversation: private notes, another tier, putting it off."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from bot.care.clinic import Clinic
from bot.care.hours import due_at
from bot.clock import Clock
from bot.conversation.desk_rules import DeskError, Ledger, TierReason, case_to_work, conversation_to_work
from bot.conversation.events import Bell
from bot.conversation.note_keeping import MAX_NOTE as MAX_NOTE
from bot.conversation.note_keeping import checked, keep_note
from bot.conversation.seen import alarm_since_looked
from bot.conversation.snooze import is_answered
from bot.store.database import Store
from bot.store.tables import Author, Message, Note, Staff
from bot.triage.tier import Tier

LONGEST_SNOOZE = timedelta(days=14)


@dataclass(frozen=True)
class CaseWork:
    """Verbs like those of `Desk`: one transaction each, with an audit row."""

    store: Store
    clinic: Clinic
    clock: Clock
    bell: Bell

    def add_note(self, staff: Staff, conversation_id: str, text: str, *, key: str) -> int:
        """Write a private note. Out: its id; a repeated `key` gives the first one's.

        Raises DeskError when it is empty or over 4000 characters.
        """
        said = checked(text)
        if not said:
            raise DeskError("The note is empty: write something first.")
        now, own_key = self.clock.now(), f"{staff.id}:{key}:{hashlib.sha256(said.encode()).hexdigest()[:12]}"
        with self.store.write() as session:
            conversation_to_work(session, staff, conversation_id)
            known = session.scalar(select(Note.id).where(Note.key == own_key))
            if known is not None:
                return known
            note = keep_note(session, now, staff, conversation_id, said, own_key)
        self.bell.ring(conversation_id)
        return note.id

    def change_tier(self, staff: Staff, case_id: int, tier: Tier, reason: TierReason) -> None:
        """Give the case the tier a clinician sees in it; its due time follows. Raises DeskError for tier none.

        A raised case is due no later than one that begins now; a lowered one counts from when it was opened.
        """
        if tier is Tier.NONE:
            raise DeskError("A case has a tier. Where nothing is the matter, close it as a false alarm.")
        now = self.clock.now()
        with self.store.write() as session:
            case = case_to_work(session, staff, case_id)
            old = Tier(case.tier)
            if tier is old:
                return
            if tier < old and alarm_since_looked(session, case):
                raise DeskError("The patient has written of something urgent since you looked. Read it first.")
            since = now if tier > old else case.opened_at
            due = due_at(self.clinic, tier.label, since) or since
            case.tier, case.due_at = int(tier), min(case.due_at, due) if tier > old else due
            if tier > old:
                case.snoozed_until = None
            self._ledger.note(session, staff, case, "tier_changed", was=old.label, tier=tier.label, reason=reason)
        self.bell.ring(case.conversation_id)

    def snooze(self, staff: Staff, case_id: int, until: datetime) -> None:
        """Put the case out of sight until then (aware), or until the patient writes. Raises DeskError.

        An emergency that nobody has answered cannot be put off.
        """
        now = self.clock.now()
        if not now < until <= now + LONGEST_SNOOZE:
            raise DeskError("Choose a time from now on, within the next 14 days.")
        with self.store.write() as session:
            case = case_to_work(session, staff, case_id)
            if Tier(case.tier) is Tier.EMERGENCY and not is_answered(session, case.conversation_id):
                raise DeskError("This emergency waits for an answer, so it cannot be put off. Answer it first.")
            if alarm_since_looked(session, case):
                raise DeskError("The patient has written of something urgent since you looked. Read it first.")
            newest = select(func.max(Message.id)).where(
                Message.conversation_id == case.conversation_id, Message.author == Author.PATIENT
            )
            case.snoozed_until, case.snoozed_after = until, session.scalar(newest) or 0
            self._ledger.note(session, staff, case, "snoozed", until=until.isoformat(timespec="minutes"))
        self.bell.ring(case.conversation_id)

    def wake(self, staff: Staff, case_id: int) -> None:
        """Take a snoozed case back into sight now."""
        with self.store.write() as session:
            case = case_to_work(session, staff, case_id)
            if case.snoozed_until is not None:
                case.snoozed_until = None
                self._ledger.note(session, staff, case, "woken")
        self.bell.ring(case.conversation_id)

    @property
    def _ledger(self) -> Ledger:
        return Ledger(self.clock)
