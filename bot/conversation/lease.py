"""Work that one bot at a time may do. A bot that died loses its lease; then another goes on."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import update
from sqlalchemy.exc import SQLAlchemyError

from bot.clock import Clock
from bot.conversation.finishing import to_the_end
from bot.store.database import Store
from bot.store.tables import Lease

log = logging.getLogger(__name__)

LASTS = timedelta(seconds=30)
RENEW = 10.0  # seconds; also how often the others ask whether it is free
NAME = 40  # characters kept of a holder's name


@dataclass(frozen=True)
class OneAtATime:
    """The lease of one kind of work. `holder` names this bot; the same after a restart, which has its lease at once."""

    store: Store
    clock: Clock
    name: str
    holder: str

    async def run(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do the work whenever it is this bot's turn, until cancelled."""
        doing: asyncio.Task[None] | None = None
        try:
            while True:
                if await self._held():
                    if doing is None or doing.done():
                        doing = asyncio.ensure_future(work())
                elif doing is not None:
                    log.warning("another bot has taken over: %s", self.name)
                    await _stop(doing)
                    doing = None
                await asyncio.sleep(RENEW)
        finally:
            if doing is not None:
                await _stop(doing)
            await asyncio.to_thread(self._give_back)

    async def _held(self) -> bool:
        try:
            return await to_the_end(asyncio.to_thread(self._take))
        except SQLAlchemyError as error:
            log.error("the lease of %s cannot be renewed: %s", self.name, type(error).__name__)  # noqa: TRY400
            return False  # another bot may have it by now

    def _take(self) -> bool:
        """Take or renew the lease. Out: whether it is ours."""
        now, holder = self.clock.now(), self.holder[-NAME:]
        with self.store.write() as session:
            lease = session.get(Lease, self.name)
            if lease is None:
                lease = Lease(name=self.name)
                session.add(lease)
            elif lease.held_by != holder and now < lease.held_until <= now + 2 * LASTS:
                return False  # one that lasts longer than any can is from before the clock was put back
            lease.held_by, lease.held_until = holder, now + LASTS
            return True

    def _give_back(self) -> None:
        try:
            with self.store.write() as session:
                session.execute(
                    update(Lease)
                    .where(Lease.name == self.name, Lease.held_by == self.holder[-NAME:])
                    .values(held_until=self.clock.now())
                )
        except SQLAlchemyError:
            log.warning("the lease of %s could not be given back; it ends by itself", self.name)


async def _stop(task: "asyncio.Task[None]") -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
