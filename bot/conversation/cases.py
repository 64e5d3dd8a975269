"""Cases: opened and raised by verdicts and requests, worked by clinicians. At most one is open in a conversation."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from bot.care.clinic import Clinic
from bot.care.holding import held_activities
from bot.care.hours import due_at
from bot.conversation.events import audit, record
from bot.store.tables import Author, Case, CaseState, Conversation, Delivery, Message, Patient
from bot.triage.tier import Tier
from bot.triage.verdict import Verdict

_OPEN = select(Case).where(Case.conversation_id == bindparam("conversation_id"), Case.state != CaseState.CLOSED)


def open_case(session: Session, conversation_id: str) -> Case | None:
    """The conversation's case that is not closed, if there is one."""
    return session.scalar(_OPEN, {"conversation_id": conversation_id})


def cases_of_person(session: Session, conversation: Conversation) -> Sequence[Case]:
    """The open cases of whoever writes here: in all chats of their record, or in this one where there is no record."""
    record_id = conversation.patient.record_id
    if record_id is None:
        case = open_case(session, conversation.id)
        return [case] if case else []
    theirs = (Patient.record_id == record_id, Case.state != CaseState.CLOSED)
    return session.scalars(select(Case).join(Case.conversation).join(Conversation.patient).where(*theirs)).all()


def held_in(conversation: Conversation, cases: Iterable[Case]) -> frozenset[str]:
    """The activities of the care plan that a person's open cases, or their age, hold back."""
    signs = [sign["id"] for case in cases for sign in case.signs]
    return held_activities(signs, minor=bool(conversation.slots.get("minor")))


def case_before(session: Session, case: Case, message: Message) -> dict[str, Any] | None:
    """The open case as it stood before a message: its tier, its state, when it is due (ISO) and whether a clinician
    has answered its signs; None when that message opened it.

    The dialogue speaks differently of a sign it hears the first time and of one the clinic already has.
    """
    earlier = [Tier.from_label(sign["tier"]) for sign in case.signs if sign["message_id"] != message.id]
    raised_now = len(earlier) < len(case.signs)
    if raised_now and case.opened_at >= message.created_at:
        return None
    tier = max(earlier, default=Tier.ROUTINE) if raised_now else Tier(case.tier)
    return {
        "tier": tier.label,
        "state": str(case.state),
        "due": case.due_at.isoformat(),
        "answered": _answered(session, case, message),
    }


def open_or_raise(
    session: Session,
    clinic: Clinic,
    now: datetime,
    conversation_id: str,
    *,
    tier: Tier,
    reason: str,
    signs: Iterable[Mapping[str, Any]] = (),
    message_id: int | None = None,
) -> Case:
    """Open a case, or add to the open one: its tier only ever rises here, and then its due time comes nearer.

    `reason` is red_flag, asked_for_person, privacy_request, concern, unsure, attachment, no_answer, taken_over,
    undelivered, check_unanswered, link_ended or link_of_another; `signs` are the dicts of `Sign.as_dict`. Adding what
    is already there changes nothing.
    """
    found = [{"message_id": message_id, **sign} for sign in signs]
    due = due_at(clinic, tier.label, now) or now
    case = open_case(session, conversation_id)
    if case is None:
        case = Case(
            conversation_id=conversation_id, tier=int(tier), reason=reason, signs=found, opened_at=now, due_at=due
        )
        session.add(case)
        session.flush()
        _tell(session, now, case, "case_opened")
        return case
    new = [sign for sign in found if sign not in case.signs]
    again = case.state is CaseState.ACKNOWLEDGED and _is_another_alarm(session, case, new)
    if new:
        case.signs = [*case.signs, *new]
    if new or tier > case.tier:
        case.snoozed_until = None
    if tier > case.tier:
        case.tier, case.reason = int(tier), reason
        case.due_at = min(case.due_at, due)
        if case.state is CaseState.ACKNOWLEDGED:
            case.state, case.acknowledged_at = CaseState.OPEN, None  # what was seen was less than what it is now
        _tell(session, now, case, "case_raised", alarm=_alarms(case, new))
    elif again:
        case.state, case.acknowledged_at, case.due_at = CaseState.OPEN, None, due
        _tell(session, now, case, "case_reopened")
    elif new:
        _tell(session, now, case, "case_sign_added", alarm=_alarms(case, new))
    return case


def apply_verdict(
    session: Session, clinic: Clinic, now: datetime, conversation_id: str, message_id: int, verdict: Verdict
) -> Case | None:
    """Open or raise the case that a message's verdict calls for; None when its tier is `none`."""
    if verdict.tier is Tier.NONE:
        return None
    return open_or_raise(
        session,
        clinic,
        now,
        conversation_id,
        tier=verdict.tier,
        reason="red_flag" if verdict.tier >= Tier.URGENT else "concern",
        signs=[sign.as_dict() for sign in verdict.signs],
        message_id=message_id,
    )


def raise_undelivered(session: Session, clinic: Clinic, now: datetime, conversation_id: str) -> Case:
    """The case of a message that cannot be delivered: opened, or waiting again where staff had seen it."""
    known = open_case(session, conversation_id)
    if known is None:
        return open_or_raise(session, clinic, now, conversation_id, tier=Tier.ROUTINE, reason="undelivered")
    known.snoozed_until = None
    if known.state is CaseState.ACKNOWLEDGED:
        known.state, known.acknowledged_at = CaseState.OPEN, None  # seen, but the patient does not know what was said
        _tell(session, now, known, "case_reopened")
    return known


def _is_another_alarm(session: Session, case: Case, new: list[dict[str, Any]]) -> bool:
    """Whether signs that come to a case staff have seen are not what they saw: another sign, or after their answer."""
    alarms = [sign for sign in new if Tier.from_label(sign["tier"]) >= Tier.URGENT]
    known = {sign["id"] for sign in case.signs}
    if not alarms:
        return False
    last = max((sign.get("message_id") or 0 for sign in case.signs), default=0)
    return any(sign["id"] not in known for sign in alarms) or _has_written(session, case, last)


def _answered(session: Session, case: Case, message: Message) -> bool:
    """Whether a clinician has written to the patient since the case's last sign before `message`."""
    since = max((sign.get("message_id") or 0 for sign in case.signs if sign.get("message_id") != message.id), default=0)
    return _has_written(session, case, since)


def _has_written(session: Session, case: Case, since: int) -> bool:
    """Whether a clinician has written after a message (its id) what could be delivered."""
    written = select(Message.id).where(
        Message.conversation_id == case.conversation_id,
        Message.author == Author.CLINICIAN,
        Message.delivery != Delivery.FAILED,
        Message.id > since,
        Message.created_at >= case.opened_at,
    )
    return session.scalar(written.limit(1)) is not None


def _alarms(case: Case, new: Iterable[Mapping[str, Any]]) -> bool:
    """Whether whoever has the conversation, and may be looking elsewhere, must hear of new signs."""
    urgent = any(Tier.from_label(sign["tier"]) >= Tier.URGENT for sign in new)
    return urgent and case.state is CaseState.WITH_CLINICIAN


def _tell(session: Session, now: datetime, case: Case, action: str, *, alarm: bool = False) -> None:
    told = {"alarm": True} if alarm else {}
    tier = Tier(case.tier).label
    record(session, now, case.conversation_id, "case", case_id=case.id, state=case.state, tier=tier, **told)
    audit(
        session,
        now,
        "bot",
        action,
        conversation_id=case.conversation_id,
        case_id=case.id,
        tier=Tier(case.tier).label,
        reason=case.reason,
    )
