"""What a message of ours consists of on Telegram: its words with who they are from, its files, what it answers."""

import mimetypes
import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.conversation.desk import called
from bot.store.database import Store
from bot.store.tables import Attachment, Author, Message, Staff

_PLACE = re.compile(r"-?[0-9]+:([0-9]+)(?::e[0-9]+)?")  # external ids of what was written, edited or not


@dataclass(frozen=True)
class OutgoingFile:
    """A clinician's file. `size` in bytes; `name` as the patient sees it."""

    stored_name: str
    content_type: str
    size: int
    name: str


@dataclass(frozen=True)
class Outgoing:
    """`answers` is Telegram's id of the patient's message that a clinician answers."""

    text: str
    files: Sequence[OutgoingFile]
    answers: int | None


def read_outgoing(store: Store, message: Message) -> Outgoing:
    """All of it in one look at the database."""
    with store.read() as session:
        rows = session.scalars(select(Attachment).where(Attachment.message_id == message.id).order_by(Attachment.id))
        files = [_file(number, row) for number, row in enumerate(rows, start=1)]
        if message.author is not Author.CLINICIAN:
            return Outgoing(message.text, files, None)
        return Outgoing(_signed(session, message), files, _question(session, message))


def _signed(session: Session, message: Message) -> str:
    """The text with who it is from: on Telegram everything else looks like the bot speaking."""
    staff = session.get(Staff, message.staff_id) if message.staff_id is not None else None
    return f"{called(staff)}: {message.text}".rstrip() if staff else message.text


def _question(session: Session, message: Message) -> int | None:
    """The patient's newest message before ours, where it is one that Telegram can quote."""
    external_id = session.scalar(
        select(Message.external_id)
        .where(
            Message.conversation_id == message.conversation_id,
            Message.author == Author.PATIENT,
            Message.id < message.id,
        )
        .order_by(Message.id.desc())
        .limit(1)
    )
    match = _PLACE.fullmatch(external_id or "")
    return int(match[1]) if match else None


def _file(number: int, row: Attachment) -> OutgoingFile:
    ending = mimetypes.guess_extension(row.content_type) or ""
    return OutgoingFile(row.stored_name, row.content_type, row.size, f"file-{number}{ending}")
