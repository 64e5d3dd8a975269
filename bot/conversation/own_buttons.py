"""What a press of one of our own buttons does: consent, reminders, and whether the chat is to be deleted."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bot.care.clinic import Clinic
from bot.care.reminders import wish_key
from bot.care.values import clinic_values
from bot.care.wording import Wording
from bot.conversation.cases import open_or_raise
from bot.conversation.choices import Choice, Verb, button
from bot.conversation.enrolment import Enrolling
from bot.conversation.events import audit
from bot.conversation.outbox import Line
from bot.conversation.reminders import set_wish
from bot.conversation.wished_away import GRACE, may_go
from bot.store.tables import Conversation, Message
from bot.triage.tier import Tier


@dataclass(frozen=True)
class OwnButtons:
    """Answers presses inside the transaction that keeps them."""

    enrolling: Enrolling
    clinic: Clinic
    wording: Wording

    def ask_to_delete(self, now: datetime) -> list[Line]:
        """Whether the chat is to be deleted, and what that will mean."""
        verbs: tuple[Verb, ...] = ("delete", "keep")
        buttons = [button(self.wording.render(f"utter_delete_button_{verb}"), Choice(verb)) for verb in verbs]
        return [(self._say("utter_delete_ask", now), buttons)]

    def typed(
        self, session: Session, now: datetime, conversation: Conversation, message: Message
    ) -> list[Line] | None:  # fmt: skip
        """What to say to words that answer a question of ours without a button; None where they do not."""
        return self.enrolling.typed(session, now, conversation, message)

    def answer(
        self,
        session: Session,
        now: datetime,
        conversation: Conversation,
        message: Message,
        choice: Choice,
        carrier: int,
    ) -> list[Line]:
        """Do what `choice` says, pressed in `message` on the message `carrier`. Out: what to say."""
        if choice.verb in ("agree", "decline"):
            return self.enrolling.answer(session, now, conversation, choice, carrier)
        if choice.verb == "unproven":
            return [(self._say("utter_consent_declined", now), [])]
        if choice.verb in ("remind", "leave"):
            set_wish(session, now, conversation, wanted=choice.verb == "remind")
            return [(self._say(wish_key(self.clinic, wanted=choice.verb == "remind"), now), [])]
        if choice.verb in ("teach", "not_teach"):
            agreed = choice.verb == "teach"
            conversation.patient.training_at = now if agreed else None
            action = "training_agreed" if agreed else "training_refused"
            audit(session, now, "patient", action, conversation_id=conversation.id, case_id=None)
            return [(self._say("utter_training_yes" if agreed else "utter_training_no", now), [])]
        if choice.verb == "keep":
            conversation.erase_at = None
            return [(self._say("utter_delete_kept", now), [])]
        if may_go(session, conversation):
            return self._promise_to_delete(session, now, conversation)
        open_or_raise(
            session,
            self.clinic,
            now,
            conversation.id,
            tier=Tier.ROUTINE,
            reason="privacy_request",
            message_id=message.id,
        )
        return [(self._say("utter_privacy_delete", now), [])]

    def _promise_to_delete(self, session: Session, now: datetime, conversation: Conversation) -> list[Line]:
        conversation.erase_at = now + GRACE
        audit(session, now, "patient", "deletion_wished", conversation_id=conversation.id, case_id=None)
        after_all = button(self.wording.render("utter_delete_button_after_all"), Choice("keep"))
        return [(self._say("utter_delete_promised", now), [after_all])]

    def _say(self, key: str, now: datetime) -> str:
        return self.wording.render(key, **clinic_values(self.clinic, now))
