"""The processes as a machine keeps them: whichever ends is started again, and a test may kill any."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from bot.processes import answers
from tests.e2e.stack import Stack
from tests.faults.postgres import Postgres

LOOK_EVERY = 0.3  # seconds
ENDLESS = 600.0  # seconds: Rasa starts in twenty, in minutes where everything else is busy too


async def wait_until(true: Callable[[], bool]) -> None:
    """Wait for what other processes do. `true` is called in a thread."""
    async with asyncio.timeout(ENDLESS):
        while not await asyncio.to_thread(true):  # noqa: ASYNC110 - processes set no event
            await asyncio.sleep(LOOK_EVERY)


class Household:
    """Bot, actions, Rasa and, where there is one, PostgreSQL. As under systemd, nobody waits for anybody's start."""

    def __init__(self, stack: Stack, database: Postgres | None = None) -> None:
        self.stack = stack
        self.killed: Counter[str] = Counter()
        self._database = database
        self._kept: set[str] = set()

    @property
    def names(self) -> tuple[str, ...]:
        """Everybody who may be killed."""
        return ("bot", "actions", "rasa", *(["database"] if self._database else []))

    def launch(self, *names: str) -> None:
        """Start processes, and from now on again whenever they end."""
        for name in names:
            if name == "database" and self._database:
                self.stack.processes[name] = self._database.launch()
            else:
                self.stack.launch(name)
            self._kept.add(name)

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        """Start again what ends, while the block lasts."""
        task = asyncio.create_task(self._keep())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _keep(self) -> None:
        while True:
            for name in sorted(self._kept):
                if self.stack.processes[name].poll() is not None:
                    self.launch(name)
            await asyncio.sleep(LOOK_EVERY)

    async def kill(self, name: str) -> None:
        """Kill a process with SIGKILL once it is up."""
        await wait_until(lambda: self.is_up(name))
        self.stack.kill(name)
        self.killed[name] += 1

    def is_ready(self) -> bool:
        """Whether the bot says that it is ready."""
        return answers(f"{self.stack.url}/readyz")

    def is_up(self, name: str) -> bool:
        """Whether a process answers."""
        if name == "database":
            return self._database is not None and self._database.answers()
        # The bot is ready only where Rasa is, and it is to be killed while Rasa is away too.
        address = f"{self.stack.url}/healthz" if name == "bot" else self.stack.part(name).ready_url
        return answers(address)
