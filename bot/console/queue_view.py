"""The queue: what its rows say, and in which order they stand."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, joinedload

from bot.care.treatment import Treatment
from bot.console import signs as words
from bot.console.console import Console
from bot.console.live import newest_event
from bot.console.people import day_label, patient_label, state_label
from bot.console.presence import Present
from bot.console.times import Times
from bot.console.waiting import Wait, waits
from bot.conversation.record import treatments_of
from bot.store.tables import Case, CaseState, Conversation, Message, Owner, Staff
from bot.triage.tier import Tier

Tab = Literal["open", "mine", "all", "closed"]
TABS: Mapping[Tab, str] = {"open": "Open", "mine": "Mine", "all": "All conversations", "closed": "Closed"}
PAGE = 50
MOST_OPEN = 500  # more open cases than this are a disaster that a list does not help with


@dataclass(frozen=True)
class Row:
    """One line of the queue."""

    id: str
    patient: str
    tier: Tier
    day: str
    why: tuple[str, ...]
    waiting: str
    due: str
    overdue: bool
    state: str
    state_key: str
    assignee: str
    mine: bool
    present: tuple[Present, ...]
    unseen: bool


@dataclass(frozen=True)
class Counts:
    """What the tabs and the page's title say."""

    open: int
    mine: int
    by_tier: Mapping[Tier, int]
    alarms: int  # urgent or worse, not acknowledged by anybody


@dataclass(frozen=True)
class Queue:
    """One page of rows. `hidden` counts what the tier filter leaves out."""

    tab: Tab
    tier: Tier | None
    rows: Sequence[Row]
    counts: Counts
    hidden: int
    page: int
    more: bool
    last_event: int


def counts(session: Session, staff: Staff) -> Counts:
    """The counts of open cases, for one member of staff."""
    live = select(Case.tier, Case.state, func.count(Case.id)).where(Case.state != CaseState.CLOSED)
    tiers: dict[Tier, int] = dict.fromkeys(reversed(Tier), 0)
    alarms = 0
    for tier, state, number in session.execute(live.group_by(Case.tier, Case.state)):
        tiers[Tier(tier)] += number
        if tier >= Tier.URGENT and state is CaseState.OPEN:
            alarms += number
    mine = session.scalar(
        select(func.count(Case.id)).join(Case.conversation).where(Case.state != CaseState.CLOSED, _is_mine(staff))
    )
    return Counts(sum(tiers.values()), mine or 0, tiers, alarms)


def queue(console: Console, session: Session, staff: Staff, tab: Tab, tier: Tier | None, page: int) -> Queue:
    """One tab of the queue."""
    last_event = newest_event(session)
    total = counts(session, staff)
    rows, more = _rows_of(console, session, staff, tab, tier, page)
    hidden = 0
    if tier is not None and tab in ("open", "mine"):
        hidden = (total.open if tab == "open" else total.mine) - len(rows)
    return Queue(tab, tier, rows, total, hidden, page, more, last_event)


def _rows_of(
    console: Console, session: Session, staff: Staff, tab: Tab, tier: Tier | None, page: int
) -> tuple[list[Row], bool]:
    if tab == "all":
        return _conversations(console, session, staff, page)
    query = _with_people(select(Case).join(Case.conversation))
    if tier is not None:
        query = query.where(Case.tier == int(tier))
    if tab == "closed":
        query = query.where(Case.state == CaseState.CLOSED).order_by(Case.closed_at.desc(), Case.id.desc())
        found = session.scalars(query.offset((page - 1) * PAGE).limit(PAGE + 1)).all()
        return _rows(console, session, staff, [(case.conversation, case) for case in found[:PAGE]]), len(found) > PAGE
    query = query.where(Case.state != CaseState.CLOSED)
    if tab == "mine":
        query = query.where(_is_mine(staff))
    cases = session.scalars(query.order_by(Case.tier.desc(), Case.id).limit(MOST_OPEN)).all()
    wait = waits(session, console.services.clinic, cases)
    ordered = sorted(cases, key=lambda case: _urgency(case, wait[case.id]))
    return _rows(console, session, staff, [(case.conversation, case) for case in ordered], wait), False


def _urgency(case: Case, wait: Wait) -> tuple[int, bool, datetime, int]:
    """Tier, then the longest wait; those a clinician has answered come after those who wait."""
    return -case.tier, wait.since is None, wait.since or case.opened_at, case.id


def _conversations(console: Console, session: Session, staff: Staff, page: int) -> tuple[list[Row], bool]:
    latest = (
        select(Message.conversation_id, func.max(Message.id).label("newest"))
        .group_by(Message.conversation_id)
        .subquery()
    )
    found = session.scalars(
        select(Conversation)
        .join(latest, latest.c.conversation_id == Conversation.id)
        .options(joinedload(Conversation.patient), joinedload(Conversation.owner_staff))
        .order_by(latest.c.newest.desc())
        .offset((page - 1) * PAGE)
        .limit(PAGE + 1)
    ).all()
    shown = found[:PAGE]
    newest_case = select(func.max(Case.id)).where(Case.conversation_id.in_([one.id for one in shown]))
    cases = session.scalars(_with_people(select(Case)).where(Case.id.in_(newest_case.group_by(Case.conversation_id))))
    by_conversation = {case.conversation_id: case for case in cases}
    pairs = [(one, by_conversation.get(one.id)) for one in shown]
    live = [case for _, case in pairs if case is not None and case.state is not CaseState.CLOSED]
    return _rows(console, session, staff, pairs, waits(session, console.services.clinic, live)), len(found) > PAGE


def _with_people(query: Select[Case]) -> Select[Case]:
    return query.options(
        joinedload(Case.conversation).joinedload(Conversation.patient),
        joinedload(Case.conversation).joinedload(Conversation.owner_staff),
        joinedload(Case.assignee),
    )


def _is_mine(staff: Staff) -> ColumnElement[bool]:
    return or_(Case.assignee_id == staff.id, Conversation.owner_staff_id == staff.id)


def _rows(
    console: Console,
    session: Session,
    staff: Staff,
    pairs: Iterable[tuple[Conversation, Case | None]],
    wait: Mapping[int, Wait] | None = None,
) -> list[Row]:
    pairs, times = list(pairs), console.times()
    known = treatments_of(session, [conversation.patient_id for conversation, _ in pairs])
    present = console.presence.snapshot(times.now)
    return [
        _row(
            console,
            staff,
            times,
            conversation,
            case,
            (wait or {}).get(case.id) if case else None,
            known.get(conversation.patient_id),
            tuple(one for one in present.get(conversation.id, ()) if one.staff_id != staff.id),
        )
        for conversation, case in pairs
    ]


def _row(
    console: Console,
    staff: Staff,
    times: Times,
    conversation: Conversation,
    case: Case | None,
    wait: Wait | None,
    treatment: Treatment | None,
    present: tuple[Present, ...],
) -> Row:
    owner = conversation.owner_staff or (case.assignee if case else None)
    closed = case is not None and case.state is CaseState.CLOSED
    waiting, due = _wait_words(times, case, wait)
    return Row(
        id=conversation.id,
        patient=patient_label(conversation.patient, conversation.id),
        tier=Tier(case.tier) if case else Tier.NONE,
        day=day_label(treatment, times),
        why=why(console, case),
        waiting=waiting,
        due=due,
        overdue=bool(wait and wait.due_at and wait.due_at < times.now),
        state=state_label(case),
        state_key="none" if case is None else str(case.state),
        assignee=_assignee(case, owner),
        mine=owner is not None and owner.id == staff.id and not closed,
        present=present,
        unseen=case is not None and case.state is CaseState.OPEN,
    )


def _assignee(case: Case | None, owner: Staff | None) -> str:
    if owner is not None:
        return owner.name
    if case is None:
        return "Assistant"
    return "" if case.state is CaseState.CLOSED else "Nobody yet"


def _wait_words(times: Times, case: Case | None, wait: Wait | None) -> tuple[str, str]:
    if case is None:
        return "", ""
    if case.state is CaseState.CLOSED:
        return "", f"closed {times.moment(case.closed_at)}" if case.closed_at else "closed"
    if wait is None or wait.since is None:
        return "waiting for the patient", "answered"
    return f"waiting {times.waited(wait.since)}", times.due(wait.due_at) if wait.due_at else ""


def why(console: Console, case: Case | None) -> tuple[str, ...]:
    """Why there is a case: the names of its signs, the most urgent first, or the reason it was opened."""
    if case is None:
        return ()
    found = sorted(case.signs, key=lambda sign: -Tier.from_label(sign["tier"]))
    names = [console.signs.name(sign["id"]) for sign in found]
    if all(sign.get("layer") == "silence" for sign in found):
        names = [words.reason(case.reason), *names]  # that somebody was silent hides nothing they asked for
    return tuple(dict.fromkeys(names))


def owner_words(conversation: Conversation, staff: Staff) -> str:
    """Who answers in a conversation, as seen by one member of staff."""
    if conversation.owner is Owner.BOT:
        return "The assistant answers"
    if conversation.owner_staff_id == staff.id:
        return "You have this conversation"
    owner = conversation.owner_staff
    return f"{owner.name if owner else 'Somebody'} has this conversation"
