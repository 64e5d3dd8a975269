"""The rows of the inbox: what each says."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.care.treatment import Treatment
from bot.console import signs as words
from bot.console.console import Console
from bot.console.people import day_label, patient_label, state_label
from bot.console.presence import Present
from bot.console.times import Times
from bot.console.waiting import Wait
from bot.conversation.record import treatments_of
from bot.store.tables import Case, CaseState, Conversation, Owner, Staff
from bot.triage.tier import Tier


@dataclass(frozen=True)
class Row:
    """One line of the inbox. `id` is the conversation's."""

    id: str
    case_id: int | None
    patient: str
    channel: str
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
    draft: bool
    remark: str


def rows(
    console: Console,
    session: Session,
    staff: Staff,
    pairs: Iterable[tuple[Conversation, Case | None]],
    wait: Mapping[int, Wait] | None = None,
) -> list[Row]:
    """The rows of conversations with their cases, in the order given."""
    pairs, times = list(pairs), console.times()
    known = treatments_of(session, [conversation.patient_id for conversation, _ in pairs])
    present = console.presence.snapshot(times.now)
    begun = console.drafts.begun(session, staff.id, [conversation.id for conversation, _ in pairs])
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
            conversation.id in begun,
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
    draft: bool,
) -> Row:
    owner = conversation.owner_staff or (case.assignee if case else None)
    closed = case is not None and case.state is CaseState.CLOSED
    waiting, due = _wait_words(times, case, wait)
    return Row(
        id=conversation.id,
        case_id=case.id if case else None,
        patient=patient_label(conversation.patient, conversation.id),
        channel=conversation.patient.channel,
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
        draft=draft,
        remark=remark(times, case),
    )


def remark(times: Times, case: Case | None) -> str:
    """What staff should know of a case beside its state: that it came back, or is put off."""
    if case is None or case.state is CaseState.CLOSED:
        return ""
    if case.snoozed_until is not None:
        return f"snoozed until {times.moment(case.snoozed_until)}"
    if case.returned_from is not None:
        return f"back in the queue: {case.returned_from.name} took over and did not answer"
    return ""


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
