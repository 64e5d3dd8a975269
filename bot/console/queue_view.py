"""The inbox: which rows it holds, and in which order they stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from bot.console.auth import Member
from bot.console.console import Console
from bot.console.counts import Counts, counts, is_mine, is_nobodys
from bot.console.live import newest_event
from bot.console.queue_filter import Filter
from bot.console.queue_rows import Row, rows
from bot.console.waiting import Wait, waits
from bot.conversation.snooze import asleep
from bot.store.tables import Case, CaseState, Conversation, Message, Patient

__all__ = ["Counts", "Queue", "counts", "queue"]

PAGE = 50
MOST_OPEN = 500  # more open cases than this are a disaster that a list does not help with
_FAR = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Queue:
    """One page of rows. `hidden` counts what the filters leave out; `empty` says why there is no row.

    `empty` is answered (nothing to do), none (there never was any), filtered, reader (reviewers have no cases), or "".
    """

    filter: Filter
    rows: Sequence[Row]
    counts: Counts
    hidden: int
    empty: str
    more: bool
    last_event: int


def queue(console: Console, session: Session, member: Member, shown: Filter) -> Queue:
    """One view of the inbox."""
    last_event, total = newest_event(session), counts(session, member.staff)
    found, more = _found(console, session, member, shown)
    whole = getattr(total, shown.tab)
    hidden = max(0, whole - len(found)) if shown.narrowed and shown.page == 1 and not more else 0
    return Queue(shown, found, total, hidden, "" if found else _empty(member, shown, whole), more, last_event)


def _empty(member: Member, shown: Filter, whole: int) -> str:
    if shown.tab == "mine" and not member.acts:
        return "reader"
    if whole and shown.narrowed:
        return "filtered"
    return "none" if shown.tab in ("closed", "all", "snoozed") else "answered"


def _found(console: Console, session: Session, member: Member, shown: Filter) -> tuple[list[Row], bool]:
    if shown.tab == "all":
        return _conversations(console, session, member, shown)
    query = _narrowed(_with_people(select(Case).join(Case.conversation)), shown)
    if shown.tab == "closed":
        query = query.where(Case.state == CaseState.CLOSED).order_by(Case.closed_at.desc(), Case.id.desc())
        found = session.scalars(query.offset((shown.page - 1) * PAGE).limit(PAGE + 1)).all()
        pairs = [(case.conversation, case) for case in found[:PAGE]]
        return rows(console, session, member.staff, pairs), len(found) > PAGE
    query = query.where(Case.state != CaseState.CLOSED, asleep() if shown.tab == "snoozed" else ~asleep())
    if shown.tab == "mine":
        query = query.where(is_mine(member.staff))
    if shown.tab == "unassigned":
        query = query.where(is_nobodys())
    cases = session.scalars(query.order_by(Case.tier.desc(), Case.id).limit(MOST_OPEN)).all()
    wait = waits(session, console.services.clinic, cases)
    now = console.services.clock.now()
    kept = [case for case in cases if not shown.overdue or (wait[case.id].due_at or _FAR) < now]
    ordered = sorted(kept, key=lambda case: _place(shown, case, wait[case.id]))
    return rows(console, session, member.staff, [(case.conversation, case) for case in ordered], wait), False


def _place(shown: Filter, case: Case, wait: Wait) -> tuple[object, ...]:
    """Where a case stands; equal ones by their id, so that the order is always the same one."""
    answered, since = wait.since is None, wait.since or case.opened_at
    match shown.sort:
        case "urgency":  # those a clinician has answered come after those who wait
            return -case.tier, answered, since, case.id
        case "wait":
            return answered, since, case.id
        case "due":
            return answered, wait.due_at or _FAR, -case.tier, case.id
        case "newest":
            return (-case.id,)


def _narrowed(query: Select[Case], shown: Filter) -> Select[Case]:
    if shown.tier is not None:
        query = query.where(Case.tier == int(shown.tier))
    if shown.reason:
        query = query.where(Case.reason == shown.reason)
    if shown.channel:
        query = query.join(Conversation.patient).where(Patient.channel == shown.channel)
    return query


def _conversations(console: Console, session: Session, member: Member, shown: Filter) -> tuple[list[Row], bool]:
    latest = (
        select(Message.conversation_id, func.max(Message.id).label("newest"))
        .group_by(Message.conversation_id)
        .subquery()
    )
    query = (
        select(Conversation)
        .join(latest, latest.c.conversation_id == Conversation.id)
        .options(joinedload(Conversation.patient), joinedload(Conversation.owner_staff))
        .order_by(latest.c.newest.desc())
    )
    if shown.channel:
        query = query.join(Conversation.patient).where(Patient.channel == shown.channel)
    found = session.scalars(query.offset((shown.page - 1) * PAGE).limit(PAGE + 1)).all()
    page = found[:PAGE]
    newest_case = select(func.max(Case.id)).where(Case.conversation_id.in_([one.id for one in page]))
    cases = session.scalars(_with_people(select(Case)).where(Case.id.in_(newest_case.group_by(Case.conversation_id))))
    by_conversation = {case.conversation_id: case for case in cases}
    pairs = [(one, by_conversation.get(one.id)) for one in page]
    live = [case for _, case in pairs if case is not None and case.state is not CaseState.CLOSED]
    wait = waits(session, console.services.clinic, live)
    return rows(console, session, member.staff, pairs, wait), len(found) > PAGE


def _with_people(query: Select[Case]) -> Select[Case]:
    return query.options(
        joinedload(Case.conversation).joinedload(Conversation.patient),
        joinedload(Case.conversation).joinedload(Conversation.owner_staff),
        joinedload(Case.assignee),
        joinedload(Case.returned_from),
    )
