"""A conversation's page: everything its template shows."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from bot.care.treatment import Treatment
from bot.console.audit_view import Entry, audit_of
from bot.console.auth import Member
from bot.console.console import Console
from bot.console.live import newest_event
from bot.console.people import CERTAINTY, CHANNELS, day_label, patient_label, state_label
from bot.console.plan_view import Step, timeline
from bot.console.presence import Present
from bot.console.queue_view import Counts, counts, owner_words
from bot.console.reminders_view import Reminding, reminders_of
from bot.console.times import Times
from bot.console.told import Told, told
from bot.console.transcript import LATEST, MOST, Transcript, messages_of, transcript
from bot.console.waiting import waits
from bot.console.why_view import Why, why
from bot.conversation.record import personal_of, treatment_of
from bot.store.tables import Case, CaseState, Conversation, Owner, Role
from bot.triage.tier import Tier


@dataclass(frozen=True)
class Banner:
    """What stays in sight beside the composer."""

    patient: str
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
    present: tuple[Present, ...]


@dataclass(frozen=True)
class May:
    """Which verbs make sense for this member of staff as things stand."""

    acknowledge: bool
    take_over: bool
    reply: bool
    hand_back: bool
    close: bool


@dataclass(frozen=True)
class CasePage:
    """One conversation, as one member of staff sees it now."""

    id: str
    case_id: int | None
    banner: Banner
    may: May
    why: Why
    transcript: Transcript
    plan: tuple[Step, ...]
    treatment: Treatment | None
    told: tuple[Told, ...]
    wish: str
    reminders: tuple[Reminding, ...]
    record_id: int | None
    audit: tuple[Entry, ...]
    closing: str
    counts: Counts
    last_event: int
    times: Times


def case_page(
    console: Console, session: Session, member: Member, conversation_id: str, *, whole: bool = False
) -> CasePage | None:
    """Everything about one conversation; None when there is no such. `whole` shows earlier messages too."""
    last_event = newest_event(session)
    conversation = session.get(
        Conversation,
        conversation_id,
        options=[joinedload(Conversation.patient), joinedload(Conversation.owner_staff)],
    )
    if conversation is None:
        return None
    case = session.scalar(
        select(Case)
        .where(Case.conversation_id == conversation_id)
        .options(joinedload(Case.assignee))
        .order_by(Case.id.desc())
        .limit(1)
    )
    times = console.times()
    most = MOST if whole else LATEST
    messages = messages_of(session, conversation_id, most)
    treatment = treatment_of(session, conversation.patient_id)
    wish, reminders = reminders_of(session, conversation, times)
    label = patient_label(conversation.patient, conversation_id)
    live = case if case is not None and case.state is not CaseState.CLOSED else None
    return CasePage(
        id=conversation_id,
        case_id=live.id if live else None,
        banner=_banner(console, session, member, times, conversation, case, treatment),
        may=_may(member, conversation, live),
        why=why(console.signs, case, messages),
        transcript=transcript(console, messages, label, most),
        plan=timeline(console.services.clinic, treatment, personal_of(session, conversation.patient), times),
        treatment=treatment,
        told=told(session, conversation.patient, times),
        wish=wish,
        reminders=reminders,
        record_id=conversation.patient.record_id,
        audit=audit_of(session, conversation_id, times),
        closing=case.closing_note if case is not None and live is None else "",
        counts=counts(session, member.staff),
        last_event=last_event,
        times=times,
    )


def _banner(
    console: Console,
    session: Session,
    member: Member,
    times: Times,
    conversation: Conversation,
    case: Case | None,
    treatment: Treatment | None,
) -> Banner:
    waiting = due = ""
    overdue = False
    if case is not None and case.state is not CaseState.CLOSED:
        wait = waits(session, console.services.clinic, [case])[case.id]
        waiting = f"waiting {times.waited(wait.since)}" if wait.since else "answered, waiting for the patient"
        due = times.due(wait.due_at) if wait.since and wait.due_at else ""
        overdue = bool(wait.since and wait.due_at and wait.due_at < times.now)
    known = f"session ended {times.moment(treatment.ended_at)}, {CERTAINTY[treatment.certainty]}" if treatment else ""
    return Banner(
        patient=patient_label(conversation.patient, conversation.id),
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
        present=console.presence.others(conversation.id, member.staff.id, times.now),
    )


def _may(member: Member, conversation: Conversation, live: Case | None) -> May:
    mine = conversation.owner_staff_id == member.staff.id
    owned = conversation.owner is Owner.CLINICIAN
    admin = member.staff.role is Role.ADMIN
    return May(
        acknowledge=member.acts and live is not None and live.state is CaseState.OPEN,
        take_over=member.acts and not owned,
        reply=member.acts and mine,
        hand_back=member.acts and owned and (mine or admin),
        close=member.acts and live is not None and (not owned or mine or admin),
    )
