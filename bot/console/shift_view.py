"""The summary of a shift: what came, what was done, what is left for whoever comes next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.console.auth import Member
from bot.console.console import Console
from bot.console.people import OUTCOMES
from bot.console.queue_filter import Filter
from bot.console.queue_rows import Row
from bot.console.queue_view import queue
from bot.store.tables import Audit, Author, Case, CaseState, Message, Outcome
from bot.triage.tier import Tier

HOURS = (4, 8, 12, 24)


@dataclass(frozen=True)
class Shift:
    """The last so many hours. Counts are of the whole team; `left` and `snoozed` are the cases that are not closed."""

    hours: int
    since: datetime
    opened: Sequence[tuple[Tier, int]]
    closed: Sequence[tuple[str, int]]
    replies: int
    lapsed: int
    left: Sequence[Row]
    snoozed: Sequence[Row]


def shift_of(console: Console, session: Session, member: Member, hours: int) -> Shift:
    """The summary as of now. `hours` as in HOURS."""
    since = console.services.clock.now() - timedelta(hours=hours)
    opened = dict(
        session.execute(
            select(Case.tier, func.count(Case.id)).where(Case.opened_at >= since).group_by(Case.tier)
        ).all()
    )  # fmt: skip
    closed = dict(
        session.execute(
            select(Case.outcome, func.count(Case.id))
            .where(Case.state == CaseState.CLOSED, Case.closed_at >= since)
            .group_by(Case.outcome)
        ).all()
    )
    replies = session.scalar(
        select(func.count(Message.id)).where(Message.author == Author.CLINICIAN, Message.created_at >= since)
    )
    lapsed = session.scalar(select(func.count(Audit.id)).where(Audit.action == "takeover_lapsed", Audit.at >= since))
    return Shift(
        hours=hours,
        since=since,
        opened=[(tier, opened[int(tier)]) for tier in reversed(Tier) if int(tier) in opened],
        closed=[(OUTCOMES[outcome], closed[outcome]) for outcome in Outcome if outcome in closed],
        replies=replies or 0,
        lapsed=lapsed or 0,
        left=queue(console, session, member, Filter()).rows,
        snoozed=queue(console, session, member, Filter(tab="snoozed")).rows,
    )
