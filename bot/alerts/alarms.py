"""Alarms that no page told of: they came in when all rounds about their case had gone by."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, contains_eager

from bot.store.tables import Alert, Author, Case, Message, Page, PageState
from bot.triage.tier import Tier


def untold(session: Session, now: datetime, addresses: Collection[str]) -> Sequence[Alert]:
    """Alerts under way of which nothing is left to send to `addresses` (keys), with an alarm since the last page.

    While a round is still to come it tells of whatever came in before it, so that ten lines in a minute are one alert.
    """
    waiting = Page.state.in_((PageState.PLANNED, PageState.CLAIMED)) & Page.address.in_(addresses)
    last_page = (
        select(func.max(Page.due_at)).where(Page.alert_id == Alert.id, Page.state == PageState.SENT).scalar_subquery()
    )
    spent = (
        select(Alert, func.coalesce(last_page, Alert.begun_at))
        .join(Alert.case)
        .where(Alert.ended_at.is_(None), Alert.pages.any(), ~Alert.pages.any(waiting))
        .options(contains_eager(Alert.case))
    )
    rows = session.execute(spent).all()
    return [alert for alert, since in rows if alert.case and _has_alarm(session, alert.case, since, now)]


def _has_alarm(session: Session, case: Case, since: datetime, now: datetime) -> bool:
    """Whether the patient has told of one; by words, or by the answer to a question about a sign."""
    signs = [sign["message_id"] for sign in case.signs if Tier.from_label(sign["tier"]) >= Tier.URGENT]
    alarms = select(Message.id).where(
        Message.conversation_id == case.conversation_id,
        Message.author == Author.PATIENT,
        Message.created_at > since,
        Message.created_at <= now,  # what lies ahead was written before the clock was put back
        (Message.tier >= int(Tier.URGENT)) | Message.id.in_([key for key in signs if key is not None]),
    )
    return session.scalar(alarms.limit(1)) is not None
