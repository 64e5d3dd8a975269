"""The transcript: messages as the console shows them, with the words that made them a concern marked."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from bot.console.console import Console
from bot.console.marks import marked, spans_of
from bot.console.notes import ShownNote
from bot.console.review_words import review_words
from bot.console.times import Times
from bot.conversation.desk import called
from bot.store.tables import Attachment, Author, Delivery, Handling, Kind, Message, Review
from bot.triage.tier import Tier

LATEST = 200
MOST = 5_000
SHOWN_INLINE = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})
KINDS = {Kind.VOICE: "Voice message", Kind.DOCUMENT: "File", Kind.PHOTO: "Photo", Kind.OTHER: "Something else"}
DELIVERY = {Delivery.PENDING: "Sending", Delivery.SENT: "Sent", Delivery.FAILED: "Not delivered"}
HANDLING = {Handling.HELD: "waits for a clinician", Handling.UNANSWERED: "the assistant could not answer"}


@dataclass(frozen=True)
class File:
    """A patient's file."""

    id: int
    is_image: bool
    label: str


@dataclass(frozen=True)
class Line:
    """One message of the transcript. `day` is set on the first of a local day."""

    id: int
    day: str
    side: str
    author: str
    time: str
    full_time: str
    iso: str
    html: Markup
    tier: Tier
    topics: tuple[str, ...]
    kind: str
    pressed: bool
    buttons: tuple[str, ...]
    files: tuple[File, ...]
    delivery: str
    failure: str
    handling: str
    reviews: tuple[str, ...]  # what colleagues found about how it was understood
    notes: tuple[ShownNote, ...] = ()  # private notes written after this message and before the next


@dataclass(frozen=True)
class Transcript:
    """The newest messages. `earlier` says that there are more; `newest_patient` is the id a reply has to have seen."""

    lines: Sequence[Line]
    earlier: bool
    newest_patient: int
    first_notes: tuple[ShownNote, ...]  # those before the first message shown


def messages_of(session: Session, conversation_id: str, most: int) -> list[Message]:
    """The newest messages of a conversation, oldest first."""
    query = (
        select(Message)
        .where(Message.conversation_id == conversation_id)
        .options(
            selectinload(Message.attachments),
            joinedload(Message.staff),
            selectinload(Message.reviews).joinedload(Review.staff),
        )
        .order_by(Message.id.desc())
        .limit(most)
    )
    return list(reversed(session.scalars(query).all()))


def transcript(
    console: Console, messages: Sequence[Message], label: str, most: int, notes: Sequence[ShownNote] = ()
) -> Transcript:
    """What the console shows of messages, with private notes in between; `label` is what the patient is called."""
    times, lines, shown_day = console.times(), [], None
    earlier = len(messages) == most
    ends = [message.created_at for message in messages[1:]] + [None]
    start = messages[0].created_at if messages else None
    for message, end in zip(messages, ends, strict=False):
        day = times.date(message.created_at)
        line = _line(console, times, message, label, times.day(message.created_at) if day != shown_day else "")
        own = tuple(one for one in notes if message.created_at <= one.at and (end is None or one.at < end))
        lines.append(replace(line, notes=own))
        shown_day = day
    newest = max((message.id for message in messages if message.author is Author.PATIENT), default=0)
    first = () if earlier else tuple(one for one in notes if start is None or one.at < start)
    return Transcript(lines, earlier, newest, first)


def _line(console: Console, times: Times, message: Message, label: str, day: str) -> Line:
    found = (message.verdict or {}).get("signs", [])
    patient = message.author is Author.PATIENT
    return Line(
        id=message.id,
        day=day,
        side=str(message.author),
        author=_author(console, message, label),
        time=times.clock(message.created_at),
        full_time=times.full(message.created_at),
        iso=message.created_at.isoformat(timespec="seconds"),
        html=marked(message.text, spans_of(message.text, found, console.signs)),
        tier=Tier(message.tier),
        topics=_topics(message) if patient and message.tier < Tier.URGENT else (),
        kind=KINDS.get(message.kind, ""),
        pressed=message.kind is Kind.BUTTON,
        buttons=tuple(str(button.get("title", "")) for button in message.buttons),
        files=tuple(_file(one) for one in message.attachments),
        delivery=DELIVERY[message.delivery] if message.delivery else "",
        failure=message.failure or "" if message.delivery is not Delivery.SENT else "",
        handling=HANDLING.get(message.handling, "") if message.handling else "",
        reviews=tuple(review_words(console.signs, one, times) for one in message.reviews),
    )


def _topics(message: Message) -> tuple[str, ...]:
    return tuple(str(topic).replace("_", " ") for topic in message.topics)


def _author(console: Console, message: Message, label: str) -> str:
    match message.author:
        case Author.PATIENT:
            return label
        case Author.BOT:
            return f"{console.services.clinic.tone.bot_name} (automated assistant)"
        case Author.CLINICIAN:
            return called(message.staff) if message.staff else "Clinician"
        case Author.SYSTEM:
            return "Notice to both"


def _file(attachment: Attachment) -> File:
    size = attachment.size / 1024
    shown = f"{size / 1024:.1f} MB" if size >= 1024 else f"{max(1, round(size))} kB"
    return File(attachment.id, attachment.content_type in SHOWN_INLINE, f"{attachment.content_type}, {shown}")
