"""Reports about messages: how many, how urgent, about what, and which stayed unanswered."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.console.report_range import Range
from bot.console.report_table import Cell, Series, Stack, Table, share
from bot.learning.topics import topic_name
from bot.store.tables import Author, Case, Handling, Message
from bot.triage.tier import Tier

_TOP_TOPICS = 5
_NO_TOPIC = "(none)"
_FAULTS = {
    "down": "Assistant was down",
    "unsure": "Not understood",
    "foreign": "Not ours to answer",
}


@dataclass(frozen=True)
class Written:
    """A patient's message, without its words."""

    at: datetime
    conversation_id: str
    tier: Tier
    topic: str
    fault: str  # a key of _FAULTS, or empty


def written(session: Session, span: Range) -> list[Written]:
    """Every message of a patient in a range."""
    rows = session.execute(
        select(
            Message.created_at,
            Message.conversation_id,
            Message.tier,
            Message.topics,
            Message.intent,
            Message.handling,
        ).where(Message.author == Author.PATIENT, Message.created_at >= span.start, Message.created_at < span.end)
    )
    return [
        Written(
            row.created_at,
            row.conversation_id,
            Tier(row.tier),
            str(row.topics[0]) if row.topics else _NO_TOPIC,
            _fault(row.handling, row.intent),
        )
        for row in rows
    ]


def tiers(span: Range, messages: Sequence[Written]) -> Table:
    """Messages by tier and period."""
    counted = Counter((span.period_of(one.at), one.tier) for one in messages)
    names = {tier: "No flag" if tier is Tier.NONE else tier.label.capitalize() for tier in Tier}
    rows: list[Sequence[Cell]] = []
    for period in span.periods:
        numbers = [counted[period, tier] for tier in Tier]
        rows.append((span.label(period), *numbers, sum(numbers)))
    series = [
        Series(names[tier], f"c-{tier.label}", [counted[period, tier] for period in span.periods]) for tier in Tier
    ]
    return Table(
        "tiers",
        "Messages by urgency",
        f"Messages from patients by the tier the assistant gave them, by {span.step}.",
        (span.step.capitalize(), *names.values(), "All"),
        rows if messages else (),
        Stack([span.label(period) for period in span.periods], series),
    )


def topics(messages: Sequence[Written]) -> Table:
    """How often each topic was asked about."""
    counted = Counter(one.topic for one in messages if one.topic != _NO_TOPIC)
    total = counted.total()
    rows = [(topic_name(topic), number, share(number, total)) for topic, number in counted.most_common()]
    says = "Messages by their first topic, as the assistant understood it. Messages without one are left out."
    return Table("topics", "Topics", says, ("Topic", "Messages", "Share %"), rows, bar=2)


def topics_over_time(span: Range, messages: Sequence[Written]) -> Table:
    """The most frequent topics by period."""
    asked = [one for one in messages if one.topic != _NO_TOPIC]
    most = [topic for topic, _ in Counter(one.topic for one in asked).most_common(_TOP_TOPICS)]
    counted = Counter((span.period_of(one.at), one.topic if one.topic in most else "") for one in asked)
    names = {**{topic: topic_name(topic) for topic in most}, "": "All others"}
    series = [
        Series(name, f"c-{at}" if topic else "c-none", [counted[period, topic] for period in span.periods])
        for at, (topic, name) in enumerate(names.items())
    ]
    return Table(
        "topics_over_time",
        "Topics over time",
        f"The {_TOP_TOPICS} topics asked about most, by {span.step}.",
        (span.step.capitalize(), *names.values()),
        _by_period(span, counted, names) if asked else (),
        Stack([span.label(period) for period in span.periods], series),
    )


def unanswered(span: Range, messages: Sequence[Written]) -> Table:
    """Questions the assistant did not answer."""
    counted = Counter((span.period_of(one.at), one.fault) for one in messages)
    rows: list[Sequence[Cell]] = []
    for period in span.periods:
        faults = [counted[period, fault] for fault in _FAULTS]
        everything = sum(faults) + counted[period, ""]
        rows.append((span.label(period), everything, *faults, share(sum(faults), everything)))
    colours = dict(zip(_FAULTS, ("c-emergency", "c-urgent", "c-none"), strict=True))
    series = [
        Series(name, colours[fault], [counted[period, fault] for period in span.periods])
        for fault, name in _FAULTS.items()
    ]
    return Table(
        "unanswered",
        "Questions not answered",
        "The assistant was down and said so, did not understand, or had to say that it is not its subject.",
        (span.step.capitalize(), "Messages", *_FAULTS.values(), "Not answered %"),
        rows if messages else (),
        Stack([span.label(period) for period in span.periods], series),
    )


def alone(session: Session, span: Range, messages: Sequence[Written]) -> Table:
    """Conversations the assistant saw to without a person."""
    inside = (Case.opened_at >= span.start, Case.opened_at < span.end)
    helped = {
        (conversation_id, span.period_of(at))
        for conversation_id, at in session.execute(select(Case.conversation_id, Case.opened_at).where(*inside))
    }
    spoke = select(Message.conversation_id, Message.created_at).where(
        Message.author == Author.CLINICIAN, Message.created_at >= span.start, Message.created_at < span.end
    )
    helped |= {(conversation_id, span.period_of(at)) for conversation_id, at in session.execute(spoke)}
    active = {(one.conversation_id, span.period_of(one.at)) for one in messages}
    everybody, by_person = Counter(period for _, period in active), Counter(period for _, period in active & helped)
    rows = [
        (
            span.label(period),
            everybody[period],
            everybody[period] - by_person[period],
            by_person[period],
            share(everybody[period] - by_person[period], everybody[period]),
        )
        for period in span.periods
    ]
    return Table(
        "alone",
        "Seen to by the assistant alone",
        f"Conversations in which a patient wrote, by {span.step}: with no case opened and no word from staff in it.",
        (span.step.capitalize(), "Conversations", "Assistant alone", "With a person", "Alone %"),
        rows if messages else (),
        Stack(
            [span.label(period) for period in span.periods],
            [
                Series("Assistant alone", "c-0", [everybody[period] - by_person[period] for period in span.periods]),
                Series("With a person", "c-urgent", [by_person[period] for period in span.periods]),
            ],
        ),
    )


def _fault(handling: Handling | None, intent: str | None) -> str:
    if handling is Handling.UNANSWERED:
        return "down"
    return {"nlu_fallback": "unsure", "out_of_scope": "foreign"}.get(intent or "", "")


def _by_period(span: Range, counted: Mapping[tuple[date, str], int], names: Mapping[str, str]) -> list[Sequence[Cell]]:
    return [(span.label(period), *(counted.get((period, key), 0) for key in names)) for period in span.periods]
