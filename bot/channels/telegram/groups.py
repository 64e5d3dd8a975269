"""Groups and channels: nobody's health is discussed there. One line a day asks to write in private."""

import asyncio
import logging

from telegram import Bot
from telegram.error import TelegramError

from bot.channels.telegram import phrases
from bot.channels.telegram.limits import Pace
from bot.channels.telegram.phrases import Phrases
from bot.services import Services

log = logging.getLogger(__name__)

A_DAY = 86_400.0  # seconds


class Groups:
    """Declines. Nothing of what was written is kept; that a group was told is remembered for a day, by all bots."""

    def __init__(self, services: Services, bot: Bot, say: Phrases, pace: Pace) -> None:
        self._services = services
        self._bot = bot
        self._say = say
        self._pace = pace

    async def answer(self, chat_id: int, *, asks_id: bool) -> None:
        """Say which id the group has, where asked; else decline. In the staff's own group nothing is declined."""
        if asks_id:
            await self._send(chat_id, self._say.text(phrases.GROUP_ID, {"chat_id": chat_id}))
        elif chat_id != self._services.settings.telegram_staff_group:
            await self._decline(chat_id)

    async def _decline(self, chat_id: int) -> None:
        """Ask to write in private, at most once a day in each group. Best effort."""
        today = self._services.clock.now().astimezone(self._services.clinic.tz).date()
        if await asyncio.to_thread(self._services.memory.first, f"group:{chat_id}:{today}", A_DAY):
            await self._send(chat_id, self._say.text(phrases.PRIVATE_ONLY))

    async def _send(self, chat_id: int, text: str) -> None:
        try:
            await self._pace.turn(chat_id)
            await self._bot.send_message(chat_id, text)
        except TelegramError as error:
            log.warning("a group could not be answered: %s", type(error).__name__)
