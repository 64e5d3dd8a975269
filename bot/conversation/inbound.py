"""What a channel hands in: one patient message, whatever it came through."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.store.tables import Attachment, Kind

MAX_TEXT = 4096  # characters; Telegram's own limit, kept for every channel


@dataclass(frozen=True)
class Upload:
    """A file already stored in the uploads folder under `stored_name`; `size` in bytes.

    `external_id` is unique where a message's files come one by one: photos of an album.
    """

    stored_name: str
    content_type: str
    size: int
    external_id: str | None = None

    def row(self) -> Attachment:
        """The file as a message has it in the database."""
        return Attachment(
            content_type=self.content_type,
            size=self.size,
            stored_name=self.stored_name,
            external_id=self.external_id,
        )


@dataclass(frozen=True)
class Press:
    """A button of ours that was pressed: which message carried it, and its place there."""

    message_id: int
    index: int


@dataclass(frozen=True)
class Inbound:
    """One message as a channel received it. `external_id` is unique in its channel, so that a redelivery is known."""

    channel: str
    patient_key: str
    external_id: str
    sent_at: datetime
    text: str = ""
    kind: Kind = Kind.TEXT
    press: Press | None = None
    uploads: tuple[Upload, ...] = field(default=())


def clean(text: str) -> str:
    """A patient's text without control characters (line breaks stay) and without space at its ends.

    A space of any other kind (one that does not break, a thin one) is a space: without it words would run together.
    """
    spaced = (" " if char.isspace() and char not in "\n\t" else char for char in text.replace("\r\n", "\n"))
    return "".join(char for char in spaced if char in "\n\t" or char.isprintable() or _joins(char)).strip()


def _joins(char: str) -> bool:
    return char in "\u200d\u200c\ufe0f"  # what holds emoji and some scripts together
