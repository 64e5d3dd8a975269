"""Sends the outbox's messages to Telegram."""

import asyncio
import logging

from telegram import Bot, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.error import BadRequest, RetryAfter, TelegramError

from bot.channels.telegram.buttons import keyboard
from bot.channels.telegram.failures import failure_of, seconds_asked
from bot.channels.telegram.limits import Pace
from bot.channels.telegram.splitting import split
from bot.conversation.deliver import PermanentFailure
from bot.conversation.desk import called
from bot.store.database import Store
from bot.store.tables import Author, Message, Staff

log = logging.getLogger(__name__)

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)  # Telegram would fetch the page and show it before the advice


class TelegramSender:
    """A `Sender`. Text goes out plain, so that nothing in it can be taken for markup.

    A long message is several of Telegram's. How many have gone is remembered in memory, so a retry goes on where it
    stopped; a crash between sending and marking repeats what was sent (at least once, never lost).
    """

    def __init__(self, bot: Bot, store: Store, pace: Pace) -> None:
        self._bot = bot
        self._store = store
        self._pace = pace
        self._gone: dict[int, int] = {}  # message id -> parts that Telegram has taken

    async def send(self, channel_key: str, message: Message) -> None:
        """Deliver one message. Raises TransientFailure or PermanentFailure."""
        chat_id = int(channel_key)
        parts = split(await asyncio.to_thread(self._text, message))
        if not parts:
            raise PermanentFailure("the message is empty")
        try:
            for number in range(self._gone.get(message.id, 0), len(parts)):
                last = number == len(parts) - 1
                await self._send(chat_id, parts[number], keyboard(message.id, message.buttons) if last else None)
                self._gone[message.id] = number + 1
        except TelegramError as error:
            if isinstance(error, RetryAfter):
                self._pace.hold(chat_id, seconds_asked(error))
            failure = failure_of(error)
            if isinstance(failure, PermanentFailure):
                self._gone.pop(message.id, None)
            raise failure from error
        self._gone.pop(message.id, None)

    async def _send(self, chat_id: int, text: str, markup: InlineKeyboardMarkup | None) -> None:
        await self._pace.turn(chat_id)
        try:
            await self._bot.send_message(chat_id, text, reply_markup=markup, link_preview_options=_NO_PREVIEW)
        except BadRequest:
            if markup is None:
                raise
            # Should Telegram dislike a keyboard, the words must still arrive; the patient can type the answer.
            log.warning("a message was refused with its buttons; sending it without")
            await self._bot.send_message(chat_id, text, link_preview_options=_NO_PREVIEW)

    def _text(self, message: Message) -> str:
        """The text with who it is from: on Telegram everything else looks like the bot speaking."""
        if message.author is not Author.CLINICIAN or message.staff_id is None:
            return message.text
        with self._store.read() as session:
            staff = session.get(Staff, message.staff_id)
            return f"{called(staff)}: {message.text}" if staff else message.text
