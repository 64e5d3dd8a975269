"""How the connection to Telegram fares, for the health page and for the alarm: updates are kept for 24 hours only."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx
from telegram import Bot, WebhookInfo
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
    answered: bool = False  # when it was last asked

    @contextmanager
    def asking(self) -> Iterator[None]:
        """This bot's turn to ask Telegram: the time it counts, and what it knows, begin and end with it."""
        self.last_reached, self.answered = self.clock.now(), False
        try:
            yield
        finally:
            self.last_error, self.alarmed, self.answered = "", False, False

    def away(self) -> bool | None:
        """Whether Telegram has not been reached for long; None where this bot does not know: another one may."""
        if self.alarmed:
            return True
        return False if self.answered else None

    def reached(self) -> None:
        """Telegram answered."""
        if self.alarmed:
            log.warning("Telegram is reached again")
        self.last_reached, self.last_error, self.alarmed, self.answered = self.clock.now(), "", False, True

    def failed(self, error: str) -> None:
        """Telegram did not answer, or with an error."""
        self.last_error = self.recent_error = error
        self.recent_error_at, self.answered = self.clock.now(), False
        since = self.clock.now() - self.last_reached
        if since > ALARM_AFTER and not self.alarmed:
            self.alarmed = True
            log.critical(
                "no updates from Telegram for %s minutes (%s): patients are not heard; after 24 hours they are lost",
                int(since.total_seconds() // 60),
                error,
            )


@dataclass
class OwnWebhook:
    """Our webhook: its address, and how Telegram is told it."""

    url: str
    set_up: Callable[[], Awaitable[object]]
    taken_away: bool = False

    async def take_back(self, there: str) -> str:
        """Set it again where another address is there (empty: none). Out: what is wrong, empty where nothing is.

        Raises TelegramError where it cannot be set.
        """
        if _same(there, self.url):
            self.taken_away = False
            return ""
        wrong = "another address has the webhook" if there else "the webhook is gone"
        if not self.taken_away:
            log.error("%s: does another program use AFTERCARE_TELEGRAM_TOKEN? Stop that one. Ours is set again", wrong)
        self.taken_away = True
        await self.set_up()
        return wrong


async def watch(bot: Bot, health: Health, own: OwnWebhook | None = None) -> None:
    """Ask Telegram every minute how many updates wait, and how its calls to our webhook fare, until cancelled.

    With polling the loop itself knows whether Telegram is reached; only the number is new.
    """
    while True:
        await asyncio.sleep(LOOK_EVERY)
        try:
            info = await bot.get_webhook_info()
            health.pending = info.pending_update_count
            wrong = await own.take_back(info.url) if own else ""
        except TelegramError as error:
            if health.mode == "webhook":
                health.failed(type(error).__name__)
            continue
        if health.mode == "polling":
            continue
        wrong = wrong or _problem(info, health.last_reached)
        if wrong:
            health.failed(wrong)
        else:
            health.reached()


def _same(one: str, other: str) -> bool:
    try:  # Telegram may write an address otherwise than it was given
        return httpx.URL(one) == httpx.URL(other)
    except httpx.InvalidURL:
        return one == other


def _problem(info: WebhookInfo, last_reached: datetime) -> str:
    recent = info.last_error_date and info.last_error_date > last_reached
    return (info.last_error_message or "webhook fails") if recent and info.pending_update_count else ""
