"""Sends the outbox's messages to Telegram."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from telegram import Bot, InlineKeyboardMarkup, LinkPreviewOptions, ReplyParameters
from telegram.error import BadRequest, RetryAfter, TelegramError

from bot.channels.telegram.buttons import keyboard
from bot.channels.telegram.failures import failure_of, seconds_asked
from bot.channels.telegram.limits import MAX_CAPTION, MAX_PHOTO, MAX_UPLOAD, Pace
from bot.channels.telegram.outgoing import Outgoing, OutgoingFile, read_outgoing
from bot.channels.telegram.splitting import split, utf16_length
from bot.conversation.deliver import PermanentFailure
from bot.live import Memory
from bot.store.database import Store
from bot.store.files import SealedFiles
from bot.store.tables import Message

log = logging.getLogger(__name__)

PHOTOS = frozenset({"image/jpeg", "image/png", "image/webp"})  # what Telegram shows as photos
UPLOAD_TIME = 60.0  # seconds to send a file
REMEMBERED = 2 * 3600.0  # seconds; longer than a message is retried

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)  # Telegram would fetch the page and show it before the advice

Part = Callable[[], Awaitable[object]]


class TelegramSender:
    """A `Sender`. Text goes out plain, so that nothing in it can be taken for markup.

    A long message, or one with files, is several of Telegram's. How many have gone is remembered for a while, so a
    retry goes on where it stopped; a crash between sending and marking repeats one (at least once, never lost).
    """

    def __init__(self, bot: Bot, store: Store, files: SealedFiles, pace: Pace, memory: Memory) -> None:
        self._bot = bot
        self._store = store
        self._files = files
        self._pace = pace
        self._memory = memory

    async def send(self, channel_key: str, message: Message) -> None:
        """Deliver one message. Raises TransientFailure or PermanentFailure."""
        chat_id = int(channel_key)
        outgoing = await asyncio.to_thread(read_outgoing, self._store, message)
        parts = self._parts(chat_id, message, outgoing)
        if not parts:
            raise PermanentFailure("the message is empty")
        try:
            for number in range(await self._gone(message), len(parts)):
                await self._pace.turn(chat_id)
                await parts[number]()
                if number + 1 < len(parts):
                    await asyncio.to_thread(self._memory.put, _key(message), str(number + 1), REMEMBERED)
        except TelegramError as error:
            if isinstance(error, RetryAfter):
                self._pace.hold(chat_id, seconds_asked(error))
            raise failure_of(error) from error

    async def _gone(self, message: Message) -> int:
        """How many parts Telegram has taken; of a first attempt none."""
        if message.attempts <= 1:
            return 0
        return int(await asyncio.to_thread(self._memory.get, _key(message)) or 0)

    def _parts(self, chat_id: int, message: Message, outgoing: Outgoing) -> list[Part]:
        """What is sent one after the other: files, the last with the words where they fit below it, then the words."""
        if any(file.size > MAX_UPLOAD for file in outgoing.files):
            raise PermanentFailure("a file is over 50 MB, more than Telegram takes")
        quote = _quote(outgoing)
        caption = bool(outgoing.files) and not message.buttons and utf16_length(outgoing.text) <= MAX_CAPTION
        last = len(outgoing.files) - 1
        parts = [
            self._file(chat_id, file, outgoing.text if caption and place == last else "", None if place else quote)
            for place, file in enumerate(outgoing.files)
        ]
        texts = [] if caption else split(outgoing.text)
        for place, text in enumerate(texts):
            markup = keyboard(message.id, message.buttons) if place == len(texts) - 1 else None
            parts.append(self._text(chat_id, text, markup, None if place or outgoing.files else quote))
        return parts

    def _text(
        self, chat_id: int, text: str, markup: InlineKeyboardMarkup | None, quote: ReplyParameters | None
    ) -> Part:
        async def send() -> None:
            try:
                await self._bot.send_message(
                    chat_id, text, reply_markup=markup, reply_parameters=quote, link_preview_options=_NO_PREVIEW
                )
            except BadRequest:
                if markup is None and quote is None:
                    raise
                # Should Telegram dislike a keyboard or a quotation, the words must still arrive; the patient can type.
                log.warning("a message was refused as it was; sending its words alone")
                await self._bot.send_message(chat_id, text, link_preview_options=_NO_PREVIEW)

        return send

    def _file(self, chat_id: int, file: OutgoingFile, caption: str, quote: ReplyParameters | None) -> Part:
        async def send() -> None:
            content = await asyncio.to_thread(self._files.read, file.stored_name)
            if file.content_type in PHOTOS and file.size <= MAX_PHOTO:
                try:
                    await self._bot.send_photo(
                        chat_id, content, caption=caption or None, reply_parameters=quote, write_timeout=UPLOAD_TIME
                    )
                except BadRequest:
                    log.warning("a photo was refused; sending it as a file")
                else:
                    return
            await self._bot.send_document(
                chat_id,
                content,
                caption=caption or None,
                filename=file.name,
                reply_parameters=quote,
                write_timeout=UPLOAD_TIME,
            )

        return send


def _key(message: Message) -> str:
    return f"parts:{message.id}"


def _quote(outgoing: Outgoing) -> ReplyParameters | None:
    """The patient's question above a clinician's answer; not where the patient has deleted it meanwhile."""
    if outgoing.answers is None:
        return None
    return ReplyParameters(outgoing.answers, allow_sending_without_reply=True)
