"""What is known of a patient beside the words of a message: it decides with them how urgent the message is."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.care.clinic import Clinic
from bot.conversation.cases import open_case
from bot.conversation.record import days_since, treatment_of
from bot.store.tables import Author, Conversation, Message
from bot.triage.screen import Context
from bot.triage.verdict import Verdict

_SHORTLY = timedelta(hours=1)  # within which two messages may tell one thing
_MESSAGES = 2
_LETTERS = 500  # of each: what is longer tells its thing by itself


def context_of(session: Session, clinic: Clinic, conversation: Conversation, now: datetime) -> Context:
    """The context of a message that comes in now."""
    case = open_case(session, conversation.id)
    return Context(
        day=days_since(treatment_of(session, conversation.patient_id), now, clinic.tz),
        risk_factors=frozenset(conversation.patient.risks or ()),
        signs=frozenset(sign["id"] for sign in case.signs) if case else frozenset(),
        before=_before(session, conversation.id, now),
    )


def remember_risks(conversation: Conversation, verdict: Verdict) -> None:
    """Keep the risk factors that a patient has just told of."""
    known = conversation.patient.risks or []
    new = [risk for risk in verdict.told if risk not in known]
    if new:
        conversation.patient.risks = [*known, *new]


def as_kept(verdict: Verdict, context: Context) -> dict[str, Any]:
    """A verdict with what it counts with, JSON-safe, so that Rasa's gate need not come to it again."""
    known = {"risk_factors": sorted(context.risk_factors), "signs": sorted(context.signs)}
    return {**verdict.as_dict(), "day": context.day, "known": known}


def _before(session: Session, conversation_id: str, now: datetime) -> str:
    theirs = (
        Message.conversation_id == conversation_id,
        Message.author == Author.PATIENT,
        Message.payload.is_(None),
        Message.created_at > now - _SHORTLY,
    )
    texts = session.scalars(select(Message.text).where(*theirs).order_by(Message.id.desc()).limit(_MESSAGES)).all()
    return "\n".join(text[:_LETTERS] for text in reversed(texts))
