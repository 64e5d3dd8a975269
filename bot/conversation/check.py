"""The symptom check of a conversation, as it is stored: how far it has come, and until when it waits for an answer."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.care.clinic import Clinic
from bot.care.symptom_check import OPEN, UNSEEN, Step
from bot.store.tables import Conversation, Message


def put_check(conversation: Conversation, step: Step | None, clinic: Clinic, now: datetime) -> None:
    """Bring the check to a step, or end it (None); a step that waits for an answer waits anew."""
    conversation.check_step = step
    conversation.check_at = now if step else None
    conversation.check_due_at = now + patience(clinic) if step in OPEN else None


def await_again(session: Session, conversation: Conversation, clinic: Clinic, now: datetime) -> None:
    """A message came: silence is counted from it. What it says of the check, the dialogue decides."""
    if conversation.check_due_at is None:
        return
    # One statement, so that a check whose silence another process claims at this moment is not set up again.
    session.execute(
        update(Conversation)
        .where(Conversation.id == conversation.id, Conversation.check_due_at.is_not(None))
        .values(check_due_at=now + patience(clinic))
    )


def check_facts(conversation: Conversation, message: Message) -> dict[str, Any]:
    """What Rasa's actions are told of the check for one message: its step, and since when (ISO, UTC)."""
    step, at = conversation.check_step, conversation.check_at
    if step is None or at is None:
        return {"check": None}
    unseen = step in OPEN and message.created_at < at
    return {"check": {"step": UNSEEN if unseen else step, "at": at.isoformat()}}


def patience(clinic: Clinic) -> timedelta:
    """How long a check waits for an answer."""
    return timedelta(minutes=clinic.symptom_check.wait_minutes)
