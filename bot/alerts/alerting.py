"""The watch over alerts: plans and sends, from stored state, until it is stopped. No console needs to be open."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from bot.alerts.addresses import Address
from bot.alerts.pagers import GroupPager
from bot.alerts.planning import Planner
from bot.alerts.sending import Claimed, Sender
from bot.conversation.events import Bell
from bot.services import Services

log = logging.getLogger(__name__)

LOOK_EVERY = 2.0  # seconds, and whenever something happens
PAUSE = 0.3  # seconds between two looks, so that a busy hour does not have the cases read with every message
LAST_WORDS = 3.0  # seconds that pages under way are given when the process stops


@dataclass(frozen=True)
class Alerting:
    """Paging of the staff. `telegram_away` says whether Telegram has not been reached for long, or None where this bot
    does not know; there is none without Telegram."""

    planner: Planner
    sender: Sender
    bell: Bell
    telegram_away: Callable[[], bool | None] | None = None

    @classmethod
    def of(
        cls,
        services: Services,
        addresses: Sequence[Address],
        group: GroupPager | None = None,
        telegram_away: Callable[[], bool | None] | None = None,
    ) -> "Alerting":
        """Over the bot's parts."""
        store, clinic, clock = services.store, services.clinic, services.clock
        sender = Sender(store, clinic, clock, services.settings.public_url, addresses, group)
        return cls(Planner(store, clinic, clock, addresses), sender, services.bell, telegram_away)

    async def run(self) -> None:
        """Watch until cancelled. A slow address or group holds up nothing; a page half sent then may go out twice."""
        under_way: set[asyncio.Task[None]] = set()
        settling = asyncio.create_task(self._settle())
        try:
            with self.bell.listen() as listener:
                while True:
                    under_way = {task for task in under_way if not task.done()}
                    try:
                        under_way |= {asyncio.create_task(self.sender.send(page)) for page in await self._due()}
                    except SQLAlchemyError:
                        log.exception("alerts cannot be seen to; trying again")
                    if settling.done():
                        settling.result()
                        settling = asyncio.create_task(self._settle())
                    await asyncio.sleep(PAUSE)
                    await listener.wait(LOOK_EVERY - PAUSE)
        finally:
            settling.cancel()
            if under_way:
                await asyncio.wait(under_way, timeout=LAST_WORDS)
            for task in under_way:
                task.cancel()

    async def look(self) -> int:
        """Plan, send and settle what there is now, once. Out: how many pages were tried."""
        pages = await self._due()
        await asyncio.gather(*(self.sender.send(page) for page in pages))
        await self.sender.settle()
        return len(pages)

    async def _settle(self) -> None:
        try:
            await self.sender.settle()
        except SQLAlchemyError:
            log.exception("what stands in the staff's group cannot be changed; trying again")

    async def _due(self) -> list[Claimed]:
        await asyncio.to_thread(self._plan)
        return await asyncio.to_thread(self.sender.claim_due)

    def _plan(self) -> None:
        self.planner.keep_up()
        if self.telegram_away is not None:
            self.planner.outage(away=self.telegram_away())
