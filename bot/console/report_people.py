"""Reports about people's work: how soon staff respond, which alarms were false, and whether check-ins are answered."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.console.report_range import Range
from bot.console.report_table import Series, Stack, Table, quantile, share
from bot.console.signs import Signs
from bot.store.tables import Author, Case, CaseState, FollowUp, FollowUpState, Message, Outcome
from bot.triage.tier import Tier

_ANSWERED_WITHIN = timedelta(hours=24)
CHECK_INS = {"check_in_1": "Day 1", "check_in_3": "Day 3", "check_in_7": "Day 7"}


@dataclass(frozen=True)
class Response:
    """A case, and when the first human word came: a message, or its closing. `late`: after it was due, or not yet."""

    tier: Tier
    opened_at: datetime
    answered_at: datetime | None
    late: bool

    @property
    def minutes(self) -> float | None:
        """How long the patient waited."""
        return None if self.answered_at is None else (self.answered_at - self.opened_at).total_seconds() / 60


def responses(session: Session, span: Range, now: datetime) -> list[Response]:
    """Every case opened in a range, with its first response so far."""
    spoke = (
        select(func.min(Message.created_at))
        .where(
            Message.conversation_id == Case.conversation_id,
            Message.author == Author.CLINICIAN,
            Message.created_at >= Case.opened_at,
        )
        .correlate(Case)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Case.tier, Case.opened_at, Case.due_at, Case.closed_at, spoke.label("spoke")).where(
            Case.opened_at >= span.start, Case.opened_at < span.end
        )
    )
    found = []
    for row in rows:
        answered = min((at for at in (row.spoke, row.closed_at) if at is not None), default=None)
        found.append(Response(Tier(row.tier), row.opened_at, answered, (answered or now) > row.due_at))
    return found


def response_times(found: Sequence[Response]) -> Table:
    """Time to the first human response, by tier."""
    rows = []
    for tier in reversed(Tier):
        cases = [one for one in found if one.tier is tier]
        if cases:
            waits = [one.minutes for one in cases if one.minutes is not None]
            late = sum(one.late for one in cases)
            rows.append(
                (
                    tier.label.capitalize(),
                    len(cases),
                    len(waits),
                    quantile(waits, 0.5),
                    quantile(waits, 0.9),
                    late,
                    share(late, len(cases)),
                )
            )
    return Table(
        "responses",
        "Time to the first human response",
        "Cases opened in these days, from opening to the first message of staff, or to closing where they rang. Late: "
        "after the target of clinic.yml, or past it and still waiting.",
        ("Urgency", "Cases", "Responded", "Half within, min", "Nine in ten within, min", "Late", "Late %"),
        rows,
        nothing="No case was opened in these days.",
    )


def late_by_hour(span: Range, found: Sequence[Response]) -> Table:
    """Late responses by the hour of day at which the case was opened."""
    hour = [one.opened_at.astimezone(span.zone).hour for one in found]
    everything = Counter(hour)
    late = Counter(at for at, one in zip(hour, found, strict=True) if one.late)
    names = [f"{at:02d}:00" for at in range(24)]
    return Table(
        "late_by_hour",
        "Late responses by hour of day",
        "By the hour at which the case was opened, in the clinic's zone.",
        ("Hour", "Cases", "Late"),
        [(names[at], everything[at], late[at]) for at in range(24)] if found else (),
        Stack(
            names,
            [
                Series("Late", "c-urgent", [late[at] for at in range(24)]),
                Series("On time", "c-none", [everything[at] - late[at] for at in range(24)]),
            ],
        ),
        nothing="No case was opened in these days.",
    )


def false_alarms(session: Session, span: Range, signs: Signs) -> Table:
    """How often each sign turned out to be nothing."""
    closed = session.execute(
        select(Case.signs, Case.outcome).where(
            Case.state == CaseState.CLOSED, Case.closed_at >= span.start, Case.closed_at < span.end
        )
    )
    total: Counter[str] = Counter()
    false: Counter[str] = Counter()
    for found, outcome in closed:
        ids = {str(sign["id"]) for sign in found}
        total.update(ids)
        false.update(ids if outcome is Outcome.FALSE_ALARM else ())
    order = sorted(total, key=lambda one: (-false[one], -total[one], signs.name(one)))
    return Table(
        "false_alarms",
        "False alarms by sign",
        "Cases closed in these days that had the sign, and how many were closed as a false alarm.",
        ("Sign", "Cases closed", "False alarms", "False %"),
        [(signs.name(one), total[one], false[one], share(false[one], total[one])) for one in order],
        bar=3,
        nothing="No case with a sign was closed in these days.",
    )


def check_ins(session: Session, span: Range) -> Table:
    """How many check-ins were answered."""
    rows = session.execute(
        select(FollowUp.kind, FollowUp.state, FollowUp.conversation_id, Message.created_at)
        .outerjoin(Message, Message.id == FollowUp.message_id)
        .where(FollowUp.kind.in_(CHECK_INS), FollowUp.due_at >= span.start, FollowUp.due_at < span.end)
    ).all()
    wrote = _wrote(session, span, {row.conversation_id for row in rows})
    states = Counter((row.kind, row.state) for row in rows)
    answered = Counter(
        row.kind
        for row in rows
        if row.created_at is not None
        and any(row.created_at < at <= row.created_at + _ANSWERED_WITHIN for at in wrote.get(row.conversation_id, ()))
    )
    sent = {kind: states[kind, FollowUpState.SENT] for kind in CHECK_INS}
    return Table(
        "check_ins",
        "Check-ins",
        "Check-ins due in these days. Answered: the patient wrote within 24 hours. Not sent: too late, or not wanted.",
        ("Check-in", "Sent", "Answered", "Answered %", "Not sent"),
        [
            (
                name,
                sent[kind],
                answered[kind],
                share(answered[kind], sent[kind]),
                states[kind, FollowUpState.MISSED] + states[kind, FollowUpState.DROPPED],
            )
            for kind, name in CHECK_INS.items()
        ]
        if rows
        else (),
        bar=3,
        nothing="No check-in was due in these days.",
    )


def _wrote(session: Session, span: Range, conversations: set[str]) -> dict[str, list[datetime]]:
    rows = session.execute(
        select(Message.conversation_id, Message.created_at).where(
            Message.author == Author.PATIENT,
            Message.conversation_id.in_(conversations),
            Message.created_at >= span.start,
        )
    )
    wrote: dict[str, list[datetime]] = {}
    for conversation_id, at in rows:
        wrote.setdefault(conversation_id, []).append(at)
    return wrote
