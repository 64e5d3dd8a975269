"""What stays in sight beside the composer, and which verbs make sense now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.care.treatment import Treatment
from bot.console.auth import Member
from bot.console.console import Console
from bot.console.people import CERTAINTY, CHANNELS, OUTCOMES, day_label, identity_of, patient_label, state_label
from bot.console.presence import Present
from bot.console.queue_rows import owner_words, remark
from bot.console.times import Times
from bot.console.waiting import waits
from bot.conversation.takeovers import answer_due
from bot.store.tables import Case, CaseState, Conversation, Owner, Role, Staff
from bot.triage.tier import Tier


@dataclass(frozen=True)
class Banner:
    """Who the patient is, and how things stand."""

    patient: str
    called: str
    identity: tuple[str, ...]  # the clinic's number and the birth date, where staff noted them
    channel: str
    day: str
    session: str
    tier: Tier
    state: str
    state_key: str
    owner: str
    waiting: str
    due: str
    overdue: bool
    blocked: bool
    remark: str
    back_at: str  # when a conversation that is yours goes back to the queue, because the patient waits
    earlier: str
    present: tuple[Present, ...]


@dataclass(frozen=True)
class May:
    """Which verbs make sense for this member of staff as things stand."""

    acknowledge: bool
    take_over: bool
    take_from: bool
    reply: bool
    hand_back: bool
    close: bool
    case: bool  # another tier, an assignee, a snooze
    snooze: bool
    wake: bool


@dataclass(frozen=True)
class Colleague:
    """Somebody a case may be passed on to."""

    id: int
    name: str
    chosen: bool


def banner_of(
    console: Console,
    session: Session,
    member: Member,
    times: Times,
    conversation: Conversation,
    cases: Sequence[Case],
    treatment: Treatment | None,
) -> Banner:
    """The banner. `cases` are all of the conversation, newest first."""
    case = cases[0] if cases else None
    waiting = due = ""
    overdue = False
    if case is not None and case.state is not CaseState.CLOSED:
        wait = waits(session, console.services.clinic, [case])[case.id]
        waiting = f"waiting {times.waited(wait.since)}" if wait.since else "answered, waiting for the patient"
        due = times.due(wait.due_at) if wait.since and wait.due_at else ""
        overdue = bool(wait.since and wait.due_at and wait.due_at < times.now)
    known = f"session ended {times.moment(treatment.ended_at)}, {CERTAINTY[treatment.certainty]}" if treatment else ""
    record = conversation.patient.record
    back = _back_at(console, session, member, times, conversation, case)
    return Banner(
        patient=patient_label(conversation.patient, conversation.id),
        called=record.called if record else "",
        identity=identity_of(record, times),
        channel=CHANNELS.get(conversation.patient.channel, conversation.patient.channel).split()[0],
        day=day_label(treatment, times),
        session=known or "session time not known yet",
        tier=Tier(case.tier) if case else Tier.NONE,
        state=state_label(case),
        state_key=str(case.state) if case else "none",
        owner=owner_words(conversation, member.staff),
        waiting=waiting,
        due=due,
        overdue=overdue,
        blocked=conversation.patient.blocked_at is not None,
        remark="snoozed" if back and case and case.snoozed_until else remark(times, case),
        back_at=times.moment(back).removeprefix("today ") if back else "",
        earlier=_earlier(times, case, cases),
        present=console.presence.others(conversation.id, member.staff.id, times.now),
    )


def _back_at(
    console: Console, session: Session, member: Member, times: Times, conversation: Conversation, case: Case | None
) -> datetime | None:
    """When a conversation of theirs goes back to the queue. None where the snooze ends before: one time is enough."""
    if conversation.owner_staff_id != member.staff.id:
        return None
    back = answer_due(session, console.services.clinic, conversation, times.now)
    snoozed = case.snoozed_until if case else None
    return None if back and snoozed and snoozed < back else back


def _earlier(times: Times, case: Case | None, cases: Sequence[Case]) -> str:
    before = next((one for one in cases[1:] if one.closed_at), None)
    if case is None or case.state is CaseState.CLOSED or before is None or before.closed_at is None:
        return ""
    outcome = f" as {OUTCOMES[before.outcome].lower()}" if before.outcome else ""
    return f"Opened again: the case before was closed {times.moment(before.closed_at)}{outcome}"


def may(member: Member, conversation: Conversation, live: Case | None, *, answered: bool) -> May:
    """The verbs. `live` is the case that is not closed; `answered`: a clinician wrote last."""
    mine = conversation.owner_staff_id == member.staff.id
    owned = conversation.owner is Owner.CLINICIAN
    admin = member.staff.role is Role.ADMIN
    works = member.acts and live is not None
    asleep = live is not None and live.snoozed_until is not None
    return May(
        acknowledge=works and live is not None and live.state is CaseState.OPEN,
        take_over=member.acts and not owned,
        take_from=member.acts and owned and not mine,
        reply=member.acts and mine,
        hand_back=member.acts and owned and (mine or admin),
        close=works and (not owned or mine or admin),
        case=works,
        snooze=works and not asleep and (answered or live is None or live.tier < int(Tier.EMERGENCY)),
        wake=works and asleep,
    )


def colleagues(session: Session, case: Case | None) -> tuple[Colleague, ...]:
    """Who may act on cases, by name."""
    query = select(Staff).where(
        Staff.disabled_at.is_(None), Staff.role != Role.REVIEWER, Staff.password_hash.is_not(None)
    )
    chosen = case.assignee_id if case else None
    return tuple(Colleague(one.id, one.name, one.id == chosen) for one in session.scalars(query.order_by(Staff.name)))
