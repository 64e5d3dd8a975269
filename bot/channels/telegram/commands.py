"""What /start, /help, /today, /privacy, /stop and /delete do: each a few lines of wording, some of them a case too."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.care.plan import care_plan
from bot.channels.telegram import phrases
from bot.channels.telegram.phrases import Line, Phrases
from bot.channels.telegram.today import today_text
from bot.conversation.cases import open_case, open_or_raise
from bot.conversation.record import treatment_of
from bot.services import Services
from bot.store.tables import Conversation, Message
from bot.triage.tier import Tier


class Commands:
    """Answers commands inside the transaction that keeps them (see `kept.Then`)."""

    def __init__(self, services: Services, say: Phrases) -> None:
        self._services = services
        self._say = say

    def start(self, session: Session, now: datetime, conversation: Conversation, message: Message) -> list[Line]:
        """Who this is and what it is not for. A link's token is not kept; binding patients by it is to come."""
        return [self._say.line(phrases.START)]

    def help(self, session: Session, now: datetime, conversation: Conversation, message: Message) -> list[Line]:
        """What can be asked, and how to reach a person."""
        return [self._say.line(phrases.HELP)]

    def privacy(self, session: Session, now: datetime, conversation: Conversation, message: Message) -> list[Line]:
        """What is kept, for how long, and where it passes."""
        return [(f"{self._say.text(phrases.STORED)}\n\n{self._say.text(phrases.CLOUD)}", [])]

    def stop(self, session: Session, now: datetime, conversation: Conversation, message: Message) -> list[Line]:
        """Ask the staff to stop reminders."""
        self._ask_staff(session, now, message)
        return [self._say.line(phrases.STOP)]

    def delete(self, session: Session, now: datetime, conversation: Conversation, message: Message) -> list[Line]:
        """Ask the staff to delete what is kept; they check first that it is the patient who asks."""
        self._ask_staff(session, now, message)
        return [self._say.line(phrases.DELETE)]

    def today(self, session: Session, now: datetime, conversation: Conversation, message: Message) -> list[Line]:
        """The care plan; with the reminder of an open urgent case, so that "allowed" never sounds like all clear."""
        clinic = self._services.clinic
        treatment = treatment_of(session, conversation.patient_id)
        plan = care_plan(clinic, treatment, now, conversation.patient.personal)
        text = today_text(clinic, treatment, plan, self._say.text)
        case = open_case(session, conversation.id)
        if case is not None and case.tier >= Tier.URGENT:
            key = phrases.CASE_EMERGENCY if case.tier >= Tier.EMERGENCY else phrases.CASE_URGENT
            text += "\n\n" + self._say.text(key)
        return [(text, [])]

    def _ask_staff(self, session: Session, now: datetime, message: Message) -> None:
        open_or_raise(
            session,
            self._services.clinic,
            now,
            message.conversation_id,
            tier=Tier.ROUTINE,
            reason="privacy_request",
            message_id=message.id,
        )
