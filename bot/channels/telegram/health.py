"""How the connection to Telegram fares, for the health page and for the alarm: updates are kept for 24 hours only."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from telegram import Bot
from telegram.error import TelegramError

from bot.clock import Clock

log = logging.getLogger(__name__)

ALARM_AFTER = timedelta(minutes=15)
LOOK_EVERY = 60.0  # seconds


@dataclass
class Health:
    """When Telegram was last reached, and what went wrong since. Free of tokens and of text."""

    clock: Clock
    mode: str
    last_reached: datetime
    last_error: str = ""
    recent_error: str = ""  # the last there was, kept when Telegram is reached again
    recent_error_at: datetime | None = None
    username: str = ""  # the bot's own, for links to it; empty until Telegram was reached
    pending: int | None = None  # updates waiting at Telegram, as of the last minute
    alarmed: bool = False

    def reached(self) -> None:
        """Telegram answered."""
        if self.alarmed:
            log.warning("Telegram is reached again")
        self.last_reached, self.last_error, self.alarmed = self.clock.now(), "", False

    def failed(self, error: str) -> None:
        """Telegram did not answer, or with an error."""
        self.last_error = self.recent_error = error
        self.recent_error_at = self.clock.now()
        since = self.clock.now() - self.last_reached
        if since > ALARM_AFTER and not self.alarmed:
            self.alarmed = True
            log.critical(
                "no updates from Telegram for %s minutes (%s): patients are not heard; after 24 hours they are lost",
                int(since.total_seconds() // 60),
                error,
            )


async def watch(bot: Bot, health: Health) -> None:
    """Ask Telegram every minute how many updates wait, and how its calls to our webhook fare, until cancelled.

    With polling the loop itself knows whether Telegram is reached; only the number is new.
    """
    while True:
        await asyncio.sleep(LOOK_EVERY)
        try:
            info = await bot.get_webhook_info()
        except TelegramError as error:
            if health.mode == "webhook":
                health.failed(type(error).__name__)
            continue
        health.pending = info.pending_update_count
        if health.mode == "polling":
            continue
        recent = info.last_error_date and info.last_error_date > health.last_reached
        if recent and info.pending_update_count:
            health.failed(info.last_error_message or "webhook fails")
        else:
            health.reached()
