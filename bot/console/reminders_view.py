"""Reminders and check-ins of a conversation: whether they are wanted, what is planned, what became of the rest."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.console.plan_view import NAMES
from bot.console.times import Times
from bot.store.tables import Conversation, FollowUp, FollowUpState, Reminders

WISHES = {
    None: "",
    Reminders.ASKED: "Offered, not answered yet.",
    Reminders.ON: "The patient wants them.",
    Reminders.OFF: "The patient wants none.",
}
_STATES = {FollowUpState.PLANNED: "planned", FollowUpState.SENT: "sent", FollowUpState.MISSED: "missed: came too late"}
_REASONS = {
    "off": "not sent: reminders are off in clinic.yml",
    "stopped": "not sent: stopped by the patient",
    "clinician": "not sent: a clinician had the conversation",
    "blocked": "not sent: the patient blocked the assistant",
    "case": "not sent: an urgent case was open",
    "rescheduled": "not sent: the session's time changed",
}


@dataclass(frozen=True)
class Reminding:
    """One reminder or check-in. `past`: nothing of it is to come."""

    name: str
    when: str
    state: str
    past: bool


def reminders_of(session: Session, conversation: Conversation, times: Times) -> tuple[str, tuple[Reminding, ...]]:
    """The patient's wish in words, and the rows in the order they are due."""
    rows = session.scalars(
        select(FollowUp).where(FollowUp.conversation_id == conversation.id).order_by(FollowUp.due_at, FollowUp.id)
    )
    return WISHES[conversation.reminders], tuple(_row(row, times) for row in rows)


def _row(row: FollowUp, times: Times) -> Reminding:
    check_in, _, day = row.kind.partition("check_in_")
    name = f"Check-in on day {day}" if day else f"Reminder: {NAMES.get(check_in, check_in).lower()}"
    sent = row.state is FollowUpState.SENT and row.claimed_at is not None
    when = times.moment(row.claimed_at if sent and row.claimed_at else row.due_at)
    state = _STATES.get(row.state) or _REASONS.get(row.reason or "", "not sent")
    return Reminding(name, when, state, row.state is not FollowUpState.PLANNED)
