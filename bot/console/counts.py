"""What the tabs of the inbox and every page's title count."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import Session

from bot.alerts.standing import standing, warnings_of
from bot.conversation.snooze import asleep
from bot.store.tables import Case, CaseState, Conversation, Staff
from bot.triage.tier import Tier


@dataclass(frozen=True)
class Counts:
    """Open cases by tab, for one member of staff. `open` and what follows leave out what is snoozed."""

    open: int
    unassigned: int
    mine: int
    snoozed: int
    closed: int
    all: int
    by_tier: Mapping[Tier, int]
    alarms: int  # urgent or worse, not acknowledged by anybody
    paging: tuple[str, ...]  # what is wrong with paging the staff, a sentence each


def is_mine(staff: Staff) -> ColumnElement[bool]:
    """Whether a case, joined to its conversation, is assigned to a member of staff or owned by them."""
    return or_(Case.assignee_id == staff.id, Conversation.owner_staff_id == staff.id)


def is_nobodys() -> ColumnElement[bool]:
    """Whether a case, joined to its conversation, is nobody's yet."""
    return Case.assignee_id.is_(None) & Conversation.owner_staff_id.is_(None)


def counts(session: Session, staff: Staff) -> Counts:
    """The counts, for one member of staff."""
    sleeps = case((asleep(), 1), else_=0).label("sleeps")
    mine = case((is_mine(staff), 1), else_=0).label("mine")
    nobodys = case((is_nobodys(), 1), else_=0).label("nobodys")
    rows = session.execute(
        select(Case.tier, Case.state, sleeps, mine, nobodys)
        .join(Case.conversation)
        .where(Case.state != CaseState.CLOSED)
    ).all()
    awake = [row for row in rows if not row.sleeps]
    tiers: dict[Tier, int] = dict.fromkeys(reversed(Tier), 0)
    for row in awake:
        tiers[Tier(row.tier)] += 1
    closed = session.scalar(select(func.count(Case.id)).where(Case.state == CaseState.CLOSED))
    everything = session.scalar(select(func.count(Conversation.id)))
    return Counts(
        open=len(awake),
        unassigned=sum(row.nobodys for row in awake),
        mine=sum(row.mine for row in awake),
        snoozed=len(rows) - len(awake),
        closed=closed or 0,
        all=everything or 0,
        by_tier=tiers,
        alarms=sum(row.tier >= Tier.URGENT and row.state is CaseState.OPEN for row in awake),
        paging=tuple(warnings_of(standing(session))),
    )
