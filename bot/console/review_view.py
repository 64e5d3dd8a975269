"""The review page: messages, what the assistant understood and answered, why they are worth a look, what was found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, cast

from markupsafe import Markup
from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from bot.console.console import Console
from bot.console.marks import marked, spans_of
from bot.console.people import patient_label
from bot.console.review_query import REASONS, SHOWN, Reason, Worth
from bot.console.review_words import review_words
from bot.console.times import Times
from bot.learning.reviewing import signs_of
from bot.learning.topics import topic_name
from bot.store.tables import Author, Conversation, Handling, Message, Review
from bot.triage.tier import Tier

Show = Literal["open", "done"]
MOST_REPLIES = 6


@dataclass(frozen=True)
class Item:
    """One message under review."""

    id: int
    conversation_id: str
    patient: str
    when: str
    iso: str
    html: Markup
    tier: Tier
    why: tuple[str, ...]
    understood: tuple[str, ...]
    signs: tuple[tuple[str, str], ...]  # id and name of each sign that was seen
    answers: tuple[str, ...]
    reviews: tuple[str, ...]
    training: str  # since when we may learn from it; empty: we may not


@dataclass(frozen=True)
class ReviewPage:
    """One page of the list. `total` and `counts` are of what waits for a review."""

    show: Show
    reason: Reason | None
    items: tuple[Item, ...]
    total: int
    counts: Mapping[Reason, int]
    done: int
    older: int | None


def review_page(
    console: Console, session: Session, show: Show, reason: Reason | None, before: int | None
) -> ReviewPage:  # fmt: skip
    """The list of what waits, or of what was reviewed, newest first; `before` is the id where the last page ended."""
    worth = Worth.of(session, console.services.clock.now())
    total, counts = worth.counts(session)
    if show == "open":
        found, more = worth.open(session, reason, before)
        reasons = {one.message_id: one.reasons for one in found}
        ids = [one.message_id for one in found]
    else:
        ids, more = _reviewed(session, before)
        reasons = worth.reasons_of(session, ids)
    done = session.scalar(select(func.count(func.distinct(Review.message_id)))) or 0
    older = ids[-1] if more else None
    return ReviewPage(show, reason, items_of(console, session, ids, reasons), total, counts, done, older)


def items_of(
    console: Console, session: Session, ids: Sequence[int], reasons: Mapping[int, tuple[Reason, ...]]
) -> tuple[Item, ...]:
    """The messages of some ids, in their order."""
    times = console.times()
    query = select(Message).where(Message.id.in_(ids)).options(selectinload(Message.reviews).joinedload(Review.staff))
    messages = {message.id: message for message in session.scalars(query)}
    owners = select(Conversation).where(Conversation.id.in_({one.conversation_id for one in messages.values()}))
    people = {one.id: one for one in session.scalars(owners.options(joinedload(Conversation.patient)))}
    return tuple(
        _item(console, session, times, messages[number], people, reasons.get(number, ()))
        for number in ids
        if number in messages
    )


def _reviewed(session: Session, before: int | None) -> tuple[list[int], bool]:
    query = select(Review.message_id).group_by(Review.message_id).order_by(Review.message_id.desc())
    if before is not None:
        query = query.where(Review.message_id < before)
    ids = list(session.scalars(query.limit(SHOWN + 1)))
    return ids[:SHOWN], len(ids) > SHOWN


def _item(
    console: Console,
    session: Session,
    times: Times,
    message: Message,
    people: Mapping[str, Conversation],
    reasons: tuple[Reason, ...],
) -> Item:
    found = cast(list[dict[str, object]], (message.verdict or {}).get("signs", []))
    patient = people[message.conversation_id].patient
    return Item(
        id=message.id,
        conversation_id=message.conversation_id,
        patient=patient_label(patient, message.conversation_id),
        when=times.moment(message.created_at),
        iso=message.created_at.isoformat(timespec="seconds"),
        html=marked(message.text, spans_of(message.text, found, console.signs)),
        tier=Tier(message.tier),
        why=tuple(REASONS[one] for one in reasons),
        understood=tuple(topic_name(str(topic)) for topic in message.topics),
        signs=tuple((one, console.signs.name(one)) for one in signs_of(message)),
        answers=_answers(session, message),
        reviews=tuple(review_words(console.signs, one, times) for one in message.reviews),
        training=times.moment(patient.training_at) if patient.training_at else "",
    )


def _answers(session: Session, message: Message) -> tuple[str, ...]:
    """What the assistant said to it: everything until the patient wrote again."""
    if message.handling is Handling.HELD:
        return ()
    later = select(Message).where(Message.conversation_id == message.conversation_id, Message.id > message.id)
    answers = []
    for one in session.scalars(later.order_by(Message.id).limit(MOST_REPLIES)):
        if one.author is not Author.BOT:
            break
        answers.append(one.text)
    return tuple(answers)
