"""The second fact: who opens a link has to know the birth date that the clinic noted, before anything is tied."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from bot.care.birth_date import LONGEST, birth_dates, is_date_like
from bot.care.clinic import Clinic
from bot.care.values import clinic_values
from bot.care.wording import Wording
from bot.conversation.cases import open_or_raise
from bot.conversation.choices import Choice, button
from bot.conversation.outbox import Line
from bot.store.tables import Author, Conversation, Enrolment, Message
from bot.triage.tier import Tier

MOST_WRONG = 3  # birth dates that are not theirs, from whomever: then the link ends
_LOOK_BACK = 8  # of our messages; what was asked before them is not asked any more
_FEWEST_DIGITS = 3  # in a date

Judgement = Literal["right", "wrong", "unreadable"]


@dataclass(frozen=True)
class SecondFact:
    """Asks for the birth date and judges what is given. What it says tells nothing of the record."""

    clinic: Clinic
    wording: Wording

    def question(self, now: datetime, enrolment_id: int, key: str = "utter_link_prove") -> Line:
        """The question, with a button to leave it."""
        title = self.wording.render("utter_link_button_unproven")
        return self._say(key, now), [button(title, Choice("unproven", enrolment_id))]

    def asked(self, session: Session, conversation: Conversation, text: str) -> Enrolment | None:
        """The enrolment that a chat was last asked the birth date for, where `text` may be an answer to that."""
        if len(text) > LONGEST or sum(char.isdigit() for char in text) < _FEWEST_DIGITS:
            return None
        said = select(Message).where(Message.conversation_id == conversation.id, Message.author == Author.BOT)
        for message in session.scalars(said.order_by(Message.id.desc()).limit(_LOOK_BACK)):
            choices = [choice for one in message.buttons if (choice := Choice.read(one["payload"]))]
            link = next((choice for choice in choices if choice.verb in ("unproven", "agree")), None)
            if link is not None:
                found = session.get(Enrolment, link.number, options=[joinedload(Enrolment.record)])
                return found if link.verb == "unproven" else None
        return None

    def judge(self, enrolment: Enrolment, text: str, now: datetime) -> Judgement | None:
        """What an answer is worth; None where it is none."""
        given = birth_dates(text, now.astimezone(self.clinic.tz).date())
        if not given:
            return "unreadable" if is_date_like(text) else None
        noted = enrolment.record.birth_date
        return "right" if noted is None or date.fromisoformat(noted) in given else "wrong"

    def refuse(
        self, session: Session, now: datetime, conversation: Conversation, message: Message, enrolment: Enrolment
    ) -> Line:
        """Count a wrong birth date. With the last that is allowed the link ends and the staff are told."""
        counted = update(Enrolment).where(Enrolment.id == enrolment.id)
        session.execute(counted.values(wrong_dates=Enrolment.wrong_dates + 1))
        session.refresh(enrolment)
        if enrolment.wrong_dates < MOST_WRONG:
            return self.question(now, enrolment.id, "utter_link_wrong")
        enrolment.withdrawn_at = now
        open_or_raise(
            session, self.clinic, now, conversation.id, tier=Tier.ROUTINE, reason="link_ended", message_id=message.id
        )  # fmt: skip
        return self._say("utter_link_ended", now), []

    def _say(self, key: str, now: datetime) -> str:
        return self.wording.render(key, **clinic_values(self.clinic, now))
