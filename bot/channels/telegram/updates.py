"""Reads an update: what it is to us, as a plain value. Pure; nothing is stored, fetched or sent here."""

import re
from dataclasses import dataclass
from datetime import datetime

from telegram import CallbackQuery, ChatMember, ChatMemberUpdated, InlineKeyboardMarkup, Message, PhotoSize, Update
from telegram.constants import ChatType

from bot.channels.telegram.buttons import press_of
from bot.channels.telegram.limits import MAX_DOWNLOAD
from bot.channels.telegram.wordless import said_without_words
from bot.conversation.inbound import Press
from bot.store.tables import Kind

ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
COMMANDS = frozenset({"start", "help", "settings", "today", "privacy", "stop", "delete"})
CONNECT = "connect"  # of groups alone: which chat id this group has

_COMMAND = re.compile(r"/([a-zA-Z0-9_]{1,32})(?:@\w+)?(?:\s+(\S.*))?\s*", re.DOTALL)
_LINK_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,64}")  # shorter ones could be a word the patient typed


@dataclass(frozen=True)
class FileRef:
    """A file Telegram keeps for us. `size` in bytes, where Telegram says it."""

    file_id: str
    size: int | None

    @property
    def too_big(self) -> bool:
        """Whether it is over what a bot may fetch."""
        return self.size is not None and self.size > MAX_DOWNLOAD


@dataclass(frozen=True)
class Incoming:
    """A patient's message. `command` is one of ours, given alone; words beside a command make it a plain message.

    `album` is Telegram's id of the group of photos it belongs to; `link_token` came with /start; `language` is what
    the patient's Telegram is set to, such as "es".
    """

    chat_id: int
    external_id: str
    sent_at: datetime
    text: str
    kind: Kind
    file: FileRef | None = None
    album: str | None = None
    command: str | None = None
    link_token: str | None = None
    language: str = ""


@dataclass(frozen=True)
class Pressed:
    """A button pressed in a private chat. `press` is None for data that is not ours, `title` where we cannot see it."""

    chat_id: int
    external_id: str
    callback_id: str
    carrier_id: int | None
    press: Press | None
    title: str


@dataclass(frozen=True)
class PressedElsewhere:
    """A button pressed where we have no conversation: it is answered, and that is all."""

    callback_id: str


@dataclass(frozen=True)
class Elsewhere:
    """A message in a group or channel, where nobody's health is discussed. `asks_id`: it asks for the chat's id."""

    chat_id: int
    asks_id: bool = False


@dataclass(frozen=True)
class Blocking:
    """The patient blocked us, or let us in again."""

    chat_id: int
    blocked: bool


@dataclass(frozen=True)
class Ignored:
    """Nothing to us: a kind of update we do not use, or a service line."""


What = Incoming | Pressed | PressedElsewhere | Elsewhere | Blocking | Ignored


def read(update: Update) -> What:
    """What an update is to us."""
    if update.callback_query:
        return _callback(update.callback_query)
    if update.my_chat_member:
        return _membership(update.my_chat_member)
    message = update.message or update.edited_message
    if message is None:
        return Ignored()
    if message.chat.type != ChatType.PRIVATE:
        return _elsewhere(message) if update.message else Ignored()
    if message.from_user is not None and message.from_user.is_bot:
        return Ignored()
    return _edited(message) if update.edited_message else _message(message)


def chat_of(update: Update) -> int:
    """What keeps its order: the chat, or 0 for updates of none."""
    chat = update.effective_chat
    return chat.id if chat else 0


def _elsewhere(message: Message) -> Elsewhere | Ignored:
    if not _says_something(message):
        return Ignored()
    match = _COMMAND.fullmatch(message.text or "")
    return Elsewhere(message.chat.id, asks_id=match is not None and match[1].lower() == CONNECT)


def _message(message: Message) -> Incoming | Ignored:
    if not _says_something(message):
        return Ignored()
    kind, file = _content(message)
    command, token = _command(message.text or "")
    return Incoming(
        chat_id=message.chat.id,
        external_id=f"{message.chat.id}:{message.message_id}",
        sent_at=message.date,
        text=message.text or message.caption or said_without_words(message),
        kind=kind,
        file=file,
        album=message.media_group_id,
        command=command,
        link_token=token,
        language=(message.from_user.language_code or "") if message.from_user else "",
    )


def _edited(message: Message) -> Incoming | Ignored:
    """An edit is a message of its own, so that new words are screened and the old ones stay; its file is here already.

    Edits without words are ignored: a live location "edits" itself every few seconds.
    """
    text = message.text or message.caption or ""
    if not text or message.edit_date is None:
        return Ignored()
    external_id = f"{message.chat.id}:{message.message_id}:e{int(message.edit_date.timestamp())}"
    return Incoming(message.chat.id, external_id, message.edit_date, text, Kind.TEXT)


def _says_something(message: Message) -> bool:
    # What this library does not know yet may be something a patient wants seen.
    return bool(message.text or message.caption or message.effective_attachment or message.api_kwargs)


def _content(message: Message) -> tuple[Kind, FileRef | None]:
    if message.photo:
        return Kind.PHOTO, _largest(message.photo)
    sound = message.voice or message.audio
    if sound:
        return Kind.VOICE, FileRef(sound.file_id, sound.file_size)
    document = message.document or message.video or message.video_note or message.animation
    if document:
        return Kind.DOCUMENT, FileRef(document.file_id, document.file_size)
    # A poll is words: they are screened and answered like any others.
    return (Kind.TEXT if message.text or message.poll else Kind.OTHER), None


def _largest(sizes: tuple[PhotoSize, ...]) -> FileRef:
    """The largest size we may fetch; the largest of all when none is."""
    refs = [FileRef(size.file_id, size.file_size) for size in sorted(sizes, key=lambda size: size.width * size.height)]
    return next((ref for ref in reversed(refs) if not ref.too_big), refs[-1])


def _command(text: str) -> tuple[str | None, str | None]:
    match = _COMMAND.fullmatch(text)
    name = match[1].lower() if match else ""
    if match is None or name not in COMMANDS:
        return None, None
    argument = (match[2] or "").strip()
    if not argument:
        return name, None
    if name == "start" and _LINK_TOKEN.fullmatch(argument):
        return name, argument
    return None, None


def _callback(query: CallbackQuery) -> Pressed | PressedElsewhere:
    carrier = query.message
    if carrier is None or carrier.chat.type != ChatType.PRIVATE:
        return PressedElsewhere(query.id)
    markup = carrier.reply_markup if isinstance(carrier, Message) else None
    return Pressed(
        chat_id=carrier.chat.id,
        external_id=f"{carrier.chat.id}:cb:{query.id}",
        callback_id=query.id,
        carrier_id=carrier.message_id,
        press=press_of(query.data),
        title=_title(markup, query.data),
    )


def _title(markup: InlineKeyboardMarkup | None, data: str | None) -> str:
    rows = markup.inline_keyboard if markup else ()
    return next((button.text for row in rows for button in row if data and button.callback_data == data), "")


def _membership(change: ChatMemberUpdated) -> Blocking | Ignored:
    if change.chat.type != ChatType.PRIVATE:
        return Ignored()
    return Blocking(change.chat.id, change.new_chat_member.status in (ChatMember.BANNED, ChatMember.LEFT))
