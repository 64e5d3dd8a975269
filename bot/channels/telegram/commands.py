"""What /start, /help, /settings, /today, /privacy, /stop and /delete do: each a few lines of wording."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bot.care.today_text import today_text
from bot.care.values import session_values
from bot.channels.telegram import phrases
from bot.channels.telegram.kept import Then
from bot.channels.telegram.phrases import Phrases
from bot.channels.telegram.updates import Incoming
from bot.conversation.outbox import Line
from bot.conversation.record import treatment_of
from bot.conversation.reminders import offer_buttons, set_wish
from bot.conversation.today import today_of
from bot.services import Services
from bot.store.tables import Conversation, Message, Reminders


@dataclass(frozen=True)
class Asked:
    """A command that was given: in which transaction and conversation, when, and in which language."""

    session: Session
    now: datetime
    conversation: Conversation
    language: str


class Commands:
    """Answers commands inside the transaction that keeps them (see `kept.Then`)."""

    def __init__(self, services: Services, say: Phrases) -> None:
        self._services = services
        self._say = say
        self._limited = services.clinic.channels.telegram == "limited"
        self._answers: dict[str, Callable[[Asked], list[Line]]] = {
            "start": self._start,
            "help": self._help,
            "settings": self._settings,
            "today": self._today,
            "privacy": self._privacy,
            "stop": self._stop,
            "delete": self._delete,
        }

    def then(self, incoming: Incoming) -> Then:
        """What a command does, or `/start` with the token of an enrolment link. The token itself is kept nowhere."""
        answer, token = self._answers[incoming.command or "start"], incoming.link_token

        def do(session: Session, now: datetime, conversation: Conversation, message: Message) -> list[Line]:
            if token and not self._limited:
                return self._services.enrolling.open(session, now, conversation, token)
            asked = Asked(session, now, conversation, incoming.language)
            return self._limited_line(asked) if token else answer(asked)

        return do

    def _start(self, asked: Asked) -> list[Line]:
        """Who this is and what it is not for; to somebody whose session is known, by when it ended."""
        if self._limited:
            return [self._say.line(phrases.LIMITED_START, asked.language)]
        treatment = treatment_of(asked.session, asked.conversation.patient_id)
        if treatment is None:
            return [self._say.line(phrases.START, asked.language)]
        values = session_values(treatment, self._services.clinic, asked.now)
        return [(self._say.text(phrases.START_KNOWN, values, asked.language), [])]

    def _help(self, asked: Asked) -> list[Line]:
        """What can be asked, and how to reach a person."""
        return [self._say.line(phrases.HELP, asked.language)]

    def _settings(self, asked: Asked) -> list[Line]:
        """Whether reminders are on, and the buttons that change it."""
        if self._limited or not self._services.clinic.follow_up.offer:
            return [self._say.line(phrases.SETTINGS_NONE, asked.language)]
        key = phrases.SETTINGS_ON if asked.conversation.reminders is Reminders.ON else phrases.SETTINGS_OFF
        return [(self._say.text(key, language=asked.language), offer_buttons(self._services.wording))]

    def _privacy(self, asked: Asked) -> list[Line]:
        """What is kept, for how long, and where it passes."""
        parts = (self._say.text(key, language=asked.language) for key in (phrases.STORED, phrases.CLOUD))
        return [("\n\n".join(parts), [])]

    def _stop(self, asked: Asked) -> list[Line]:
        """No more messages that the patient did not ask for."""
        set_wish(asked.session, asked.now, asked.conversation, wanted=False)
        return [self._say.line(phrases.STOP, asked.language)]

    def _delete(self, asked: Asked) -> list[Line]:
        """Whether to ask the staff to delete what is kept; only then are they asked."""
        return self._services.own_buttons.ask_to_delete(asked.now)

    def _today(self, asked: Asked) -> list[Line]:
        """The day's plan, or the question when the session was."""
        if self._limited:
            return self._limited_line(asked)
        services = self._services
        plan = today_of(asked.session, services.clinic, services.wording, asked.conversation, asked.now)
        if plan is None:
            return [self._say.line(phrases.TODAY_UNKNOWN, asked.language)]
        return [(today_text(plan, services.wording), [])]

    def _limited_line(self, asked: Asked) -> list[Line]:
        return [self._say.line(phrases.LIMITED, asked.language)]
