"""Fetches updates by long polling. An update is confirmed to Telegram only when it is stored."""

import asyncio
import logging
import random
from collections.abc import Sequence
from typing import Any

from telegram import Bot, Update
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.channels.telegram.failures import seconds_asked
from bot.channels.telegram.health import Health
from bot.channels.telegram.intake import Intake
from bot.channels.telegram.limits import LONG_POLL
from bot.channels.telegram.unreadable import update_from
from bot.channels.telegram.updates import ALLOWED_UPDATES

log = logging.getLogger(__name__)

FIRST_WAIT = 0.5  # seconds, doubled with each failure in a row
LONGEST_WAIT = 60.0
LOOK_AGAIN = 0.5  # seconds until new updates are looked for while one is still being stored


class Polling:
    """The loop. One slow or failing chat holds up neither the others nor what comes in next.

    `getUpdates` confirms all updates below its offset, so the offset stays at the oldest one that is not stored yet;
    those after it come again meanwhile, and are known by their ids. An offset is sent until it has been heard and not
    longer: after a quiet week Telegram may number updates from anywhere, and an old offset would confirm them unseen.
    """

    def __init__(self, bot: Bot, intake: Intake, health: Health) -> None:
        self._bot = bot
        self._intake = intake
        self._health = health
        self._begun: dict[int, asyncio.Task[None]] = {}
        self._failures = 0

    async def run(self) -> None:
        """Fetch until cancelled. Nothing but that ends it; what is not stored by then is delivered again."""
        offset = 0
        try:
            while True:
                updates = await self._fetch(offset)
                if updates is None:
                    continue
                offset = 0
                self._begin(updates)
                tasks = list(self._begun.values())
                if tasks:
                    await asyncio.wait(tasks, timeout=LOOK_AGAIN)
                    offset = self._first_open()
                    self._begun = {update_id: task for update_id, task in self._begun.items() if update_id >= offset}
        finally:
            for task in self._begun.values():
                task.cancel()
            await asyncio.gather(*self._begun.values(), return_exceptions=True)

    async def _fetch(self, offset: int) -> Sequence[Update] | None:
        """New updates; None, after a wait, when there was no answer."""
        try:
            updates = await self._bot.get_updates(
                offset=offset or None,
                timeout=0 if offset or self._begun else LONG_POLL,
                allowed_updates=ALLOWED_UPDATES,
            )
        except RetryAfter as error:
            await self._wait(error, seconds_asked(error))
        except TelegramError as error:
            await self._wait(error)
        except Exception:
            # One update that the library cannot read makes all of them fail: read them one by one.
            return await self._fetch_singly(offset)
        else:
            self._reached()
            return updates
        return None

    async def _fetch_singly(self, offset: int) -> Sequence[Update] | None:
        try:
            raw: Any = await self._bot.do_api_request(
                "getUpdates", {"offset": offset or None, "allowed_updates": list(ALLOWED_UPDATES)}
            )
        except TelegramError as error:
            await self._wait(error)
            return None
        self._reached()
        updates = []
        for data in raw:
            update = None if data["update_id"] in self._begun else update_from(data, self._bot)
            if update is not None:
                updates.append(update)
            elif data["update_id"] not in self._begun:
                self._begun[data["update_id"]] = asyncio.create_task(asyncio.sleep(0))
        return updates

    def _reached(self) -> None:
        self._failures = 0
        self._health.reached()

    def _begin(self, updates: Sequence[Update]) -> None:
        for update in updates:
            if update.update_id not in self._begun:
                task = asyncio.create_task(self._intake.take(update, retry_after=FIRST_WAIT))
                self._begun[update.update_id] = task

    def _first_open(self) -> int:
        waiting = [update_id for update_id, task in self._begun.items() if not task.done()]
        return min(waiting) if waiting else max(self._begun) + 1

    async def _wait(self, error: Exception, asked: float | None = None) -> None:
        self._failures += 1
        name = type(error).__name__
        self._health.failed(name)
        if isinstance(error, Conflict):
            log.error("Telegram says another program polls with this token, or a webhook is set: stop that one")
        elif isinstance(error, InvalidToken):
            log.error("Telegram refuses AFTERCARE_TELEGRAM_TOKEN: set the one @BotFather gave")
        elif self._failures in (1, 10):
            log.warning("Telegram cannot be polled: %s; trying again", name)
        back_off = min(FIRST_WAIT * 2.0 ** min(self._failures - 1, 10), LONGEST_WAIT)
        await asyncio.sleep(asked if asked is not None else back_off * random.uniform(0.5, 1.0))  # noqa: S311
