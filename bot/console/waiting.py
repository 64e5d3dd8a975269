"""How long patients have waited for a person: their oldest message after the last word from a clinician."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.care.clinic import Clinic
from bot.care.hours import due_at
from bot.store.tables import Author, Case, Delivery, Message
from bot.triage.tier import Tier


@dataclass(frozen=True)
class Wait:
    """Since when a patient waits, and until when an answer is due; both None once a clinician has answered."""

    since: datetime | None
    due_at: datetime | None


def waits(session: Session, clinic: Clinic, cases: Sequence[Case]) -> dict[int, Wait]:
    """The waits of open cases, by case id.

    A wait runs from the oldest patient message that no clinician answered, counted from the message that led to the
    case. The assistant's replies do not end it. A new message after an answer has a due time of its own.
    """
    answered = (
        select(func.max(Message.id))
        .where(
            Message.conversation_id == Case.conversation_id,
            Message.author == Author.CLINICIAN,
            Message.delivery != Delivery.FAILED,
        )
        .correlate(Case)
        .scalar_subquery()
    )
    trigger = (
        select(func.max(Message.id))
        .where(
            Message.conversation_id == Case.conversation_id,
            Message.author == Author.PATIENT,
            Message.created_at <= Case.opened_at,
        )
        .correlate(Case)
        .scalar_subquery()
    )
    oldest = (
        select(func.min(Message.created_at))
        .where(
            Message.conversation_id == Case.conversation_id,
            Message.author == Author.PATIENT,
            Message.id >= func.coalesce(trigger, 0),
            Message.id > func.coalesce(answered, 0),
        )
        .correlate(Case)
        .scalar_subquery()
    )
    last_answer = (
        select(Message.created_at)
        .where(Message.id == answered)
        .correlate(Case)
        .scalar_subquery()
    )  # fmt: skip
    by_id = {case.id: case for case in cases}
    rows = session.execute(select(Case.id, oldest, last_answer).where(Case.id.in_(by_id)))
    return {case_id: _wait(clinic, by_id[case_id], since, last) for case_id, since, last in rows}


def _wait(clinic: Clinic, case: Case, since: datetime | None, last_answer: datetime | None) -> Wait:
    answered = last_answer is not None and last_answer >= case.opened_at
    if since is None:
        return Wait(None, None) if answered else Wait(case.opened_at, case.due_at)
    if answered:
        return Wait(since, due_at(clinic, Tier(case.tier).label, since))
    return Wait(since, case.due_at)
