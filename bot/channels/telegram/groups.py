"""Groups and channels: nobody's health is discussed there. One line a day asks to write in private."""

import logging
from datetime import date

from telegram import Bot
from telegram.error import TelegramError

from bot.channels.telegram import phrases
from bot.channels.telegram.limits import Pace
from bot.channels.telegram.phrases import Phrases
from bot.services import Services

log = logging.getLogger(__name__)


class Groups:
    """Declines. Nothing of what was written is kept; when a group was told is remembered in memory."""

    def __init__(self, services: Services, bot: Bot, say: Phrases, pace: Pace) -> None:
        self._services = services
        self._bot = bot
        self._say = say
        self._pace = pace
        self._told: dict[int, date] = {}

    async def decline(self, chat_id: int) -> None:
        """Ask to write in private, at most once a day in each group. Best effort."""
        today = self._services.clock.now().astimezone(self._services.clinic.tz).date()
        if self._told.get(chat_id) == today:
            return
        self._told = {chat: day for chat, day in self._told.items() if day == today}
        self._told[chat_id] = today
        try:
            await self._pace.turn(chat_id)
            await self._bot.send_message(chat_id, self._say.text(phrases.PRIVATE_ONLY))
        except TelegramError as error:
            log.warning("a group could not be told to write in private: %s", type(error).__name__)
