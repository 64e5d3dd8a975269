"""Buttons that were pressed: taken as a message, answered always, and removed from under the question."""

import asyncio
import logging

from telegram import Bot
from telegram.error import BadRequest, TelegramError

from bot.channels.telegram import phrases
from bot.channels.telegram.kept import CHANNEL, Keeper
from bot.channels.telegram.limits import MAX_CALLBACK_ANSWER
from bot.channels.telegram.phrases import Phrases
from bot.channels.telegram.updates import Pressed
from bot.conversation.inbound import Inbound
from bot.services import Services
from bot.store.tables import Kind

log = logging.getLogger(__name__)

DOUBLE_TAP = 5.0  # seconds in which the same button pressed again is the same press


class Presses:
    """Takes presses. Until one is answered, the patient's phone shows that it waits."""

    def __init__(self, services: Services, bot: Bot, say: Phrases) -> None:
        self._services = services
        self._bot = bot
        self._say = say
        self._keeper = Keeper(services)

    async def take(self, pressed: Pressed) -> str | None:
        """Store a press as the patient's message. Out: the conversation, when it was one to answer."""
        conversation_id, note = await self._store(pressed)
        await self.answer(pressed.callback_id, note)
        await self._remove_buttons(pressed)
        return conversation_id

    async def answer(self, callback_id: str, note: str | None = None) -> None:
        """Tell the patient's phone that the press arrived, with a line to show if there is one. Best effort."""
        try:
            await self._bot.answer_callback_query(callback_id, text=note and note[:MAX_CALLBACK_ANSWER])
        except BadRequest:
            pass  # too old, or answered before: the phone has stopped waiting
        except TelegramError as error:
            log.warning("a press could not be answered: %s", type(error).__name__)

    async def _store(self, pressed: Pressed) -> tuple[str | None, str | None]:
        """Where a press went, and the line to show on it."""
        press, key = pressed.press, str(pressed.chat_id)
        inbound = Inbound(CHANNEL, key, pressed.external_id, self._services.clock.now(), pressed.title, press=press)
        ours = press is not None and await asyncio.to_thread(self._keeper.carries, key, press.message_id, press.index)
        if press is not None and ours:
            # Another button of the same message is no double: whoever corrects "no" to "yes" must be heard.
            memory, place = self._services.memory, f"press:{pressed.chat_id}:{press.message_id}:{press.index}"
            if await asyncio.to_thread(memory.get, place) is not None:
                return None, None
            received = await asyncio.to_thread(self._services.reception.receive, inbound)
            await asyncio.to_thread(memory.put, place, "", DOUBLE_TAP)
            return received.conversation_id, None
        if pressed.title:
            # `Reception` takes a button it does not know as its title alone, screened like typed words.
            received = await asyncio.to_thread(self._services.reception.receive, inbound)
            return received.conversation_id, self._say.text(phrases.BUTTON_AS_TEXT)
        stale = self._say.line(phrases.BUTTON_STALE)
        lost = Inbound(CHANNEL, key, pressed.external_id, inbound.sent_at, kind=Kind.BUTTON)
        await asyncio.to_thread(self._keeper.keep, lost, lambda *_: [stale])
        return None, None

    async def _remove_buttons(self, pressed: Pressed) -> None:
        if pressed.carrier_id is None:
            return
        try:
            await self._bot.edit_message_reply_markup(pressed.chat_id, pressed.carrier_id, reply_markup=None)
        except BadRequest:
            pass  # removed already, or the message is too old to change
        except TelegramError as error:
            log.warning("buttons could not be removed: %s", type(error).__name__)
