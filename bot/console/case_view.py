"""A conversation's page: everything its template shows."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from bot.care.treatment import Treatment
from bot.console.audit_view import Entry, audit_of
from bot.console.auth import Member
from bot.console.card_view import Card, card_of
from bot.console.case_banner import Banner, Colleague, May, banner_of, colleagues, may
from bot.console.console import Console
from bot.console.counts import Counts, counts
from bot.console.live import newest_event
from bot.console.notes import notes_of
from bot.console.plan_view import Step, timeline
from bot.console.reminders_view import Reminding, reminders_of
from bot.console.times import Times
from bot.console.told import Told, told
from bot.console.transcript import LATEST, MOST, Transcript, messages_of, transcript
from bot.console.why_view import Why, why
from bot.conversation.record import personal_of, row_in_force, treatment_of
from bot.conversation.snooze import is_answered
from bot.store.tables import Case, CaseState, Conversation, Enrolment


@dataclass(frozen=True)
class CasePage:
    """One conversation, as one member of staff sees it now."""

    id: str
    case_id: int | None
    banner: Banner
    may: May
    card: Card
    why: Why
    transcript: Transcript
    notes: int
    plan: tuple[Step, ...]
    treatment: Treatment | None
    told: tuple[Told, ...]
    wish: str
    reminders: tuple[Reminding, ...]
    record_id: int | None
    enrolment_id: int | None  # the newest of the record's
    audit: tuple[Entry, ...]
    closing: str
    colleagues: tuple[Colleague, ...]
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
    query = (
        select(Case)
        .where(Case.conversation_id == conversation_id)
        .options(joinedload(Case.assignee), joinedload(Case.returned_from))
        .order_by(Case.id.desc())
    )
    cases = session.scalars(query).all()
    case = cases[0] if cases else None
    times = console.times()
    most = MOST if whole else LATEST
    messages = messages_of(session, conversation_id, most)
    treatment = treatment_of(session, conversation.patient_id)
    personal = personal_of(session, conversation.patient, console.services.clinic)
    wish, reminders = reminders_of(session, conversation, times)
    banner = banner_of(console, session, member, times, conversation, cases, treatment)
    live = case if case is not None and case.state is not CaseState.CLOSED else None
    notes = notes_of(session, conversation_id, times)
    row = row_in_force(session, conversation.patient_id)
    return CasePage(
        id=conversation_id,
        case_id=live.id if live else None,
        banner=banner,
        may=may(member, conversation, live, answered=is_answered(session, conversation_id)),
        card=card_of(conversation.patient, row, treatment, personal, messages[-LATEST:], times),
        why=why(console.signs, case, messages),
        transcript=transcript(console, messages, banner.patient, most, notes),
        notes=len(notes),
        plan=timeline(console.services.clinic, treatment, personal, times),
        treatment=treatment,
        told=told(session, conversation.patient, times),
        wish=wish,
        reminders=reminders,
        record_id=conversation.patient.record_id,
        enrolment_id=_enrolment_of(session, conversation.patient.record_id),
        audit=audit_of(session, conversation_id, times),
        closing=case.closing_note if case is not None and live is None else "",
        colleagues=colleagues(session, live),
        counts=counts(session, member.staff),
        last_event=last_event,
        times=times,
    )


def _enrolment_of(session: Session, record_id: int | None) -> int | None:
    return session.scalar(select(func.max(Enrolment.id)).where(Enrolment.record_id == record_id))
