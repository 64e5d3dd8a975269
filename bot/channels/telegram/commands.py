"""What /start, /help, /today, /privacy, /stop and /delete do: each a few lines of wording."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.care.values import session_values
from bot.channels.telegram import phrases
from bot.channels.telegram.kept import Then
from bot.channels.telegram.phrases import Phrases
from bot.channels.telegram.today import today_text
from bot.conversation.outbox import Line
from bot.conversation.record import treatment_of
from bot.conversation.reminders import set_wish
from bot.conversation.today import today_of
from bot.services import Services
from bot.store.tables import Conversation, Message


class Commands:
    """Answers commands inside the transaction that keeps them (see `kept.Then`)."""

    def __init__(self, services: Services, say: Phrases) -> None:
        self._services = services
        self._say = say

    def start(self, session: Session, now: datetime, conversation: Conversation, message: Message) -> list[Line]:
        """Who this is and what it is not for; to somebody whose session is known, by when it ended."""
        treatment = treatment_of(session, conversation.patient_id)
        if treatment is None:
            return [self._say.line(phrases.START)]
        return [(self._say.text(phrases.START_KNOWN, session_values(treatment, self._services.clinic, now)), [])]

    def link(self, token: str) -> Then:
        """What `/start` with the token of an enrolment link does. The token itself is kept nowhere."""

        def open_link(session: Session, now: datetime, conversation: Conversation, message: Message) -> list[Line]:
            return self._services.enrolling.open(session, now, conversation, token)

        return open_link

    def help(self, session: Session, now: datetime, conversation: Conversation, message: Message) -> list[Line]:
        """What can be asked, and how to reach a person."""
        return [self._say.line(phrases.HELP)]

    def privacy(self, session: Session, now: datetime, conversation: Conversation, message: Message) -> list[Line]:
        """What is kept, for how long, and where it passes."""
        return [(f"{self._say.text(phrases.STORED)}\n\n{self._say.text(phrases.CLOUD)}", [])]

    def stop(self, session: Session, now: datetime, conversation: Conversation, message: Message) -> list[Line]:
        """No more messages that the patient did not ask for."""
        set_wish(session, now, conversation, wanted=False)
        return [self._say.line(phrases.STOP)]

    def delete(self, session: Session, now: datetime, conversation: Conversation, message: Message) -> list[Line]:
        """Whether to ask the staff to delete what is kept; only then are they asked."""
        return self._services.own_buttons.ask_to_delete(now)

    def today(self, session: Session, now: datetime, conversation: Conversation, message: Message) -> list[Line]:
        """The day's plan, or the question when the session was."""
        services = self._services
        plan = today_of(session, services.clinic, services.wording, conversation, now)
        return [(today_text(plan, services.wording), [])] if plan else [self._say.line(phrases.TODAY_UNKNOWN)]
