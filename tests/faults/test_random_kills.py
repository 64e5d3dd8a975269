"""Bot, actions, Rasa and the database are killed at random while patients write: nothing is lost, doubled or mixed up.

FAULT_KILLS sets how often (4; `make faults` 25, and on PostgreSQL too), FAULT_SEED repeats a run's choices.
"""

import asyncio
import os
import random
import secrets
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from bot.processes import MODEL, RASA_PYTHON
from bot.store.database import Store
from tests.doubles.bot_api import TelegramDouble
from tests.e2e.stack import build
from tests.faults.household import Household, wait_until
from tests.faults.postgres import Postgres
from tests.faults.reckoning import reckon, settled
from tests.faults.writing import Phone, Widget, questions, questions_and_flag
from tests.house import Shared

FEW, MANY = 4, 25
KILLS = int(os.environ.get("FAULT_KILLS", FEW))
SEED = os.environ.get("FAULT_SEED") or secrets.token_hex(4)
WRITERS = 5  # patients at a time with the widget, and two with Telegram
PAUSE = 3.0 if KILLS > FEW else 1.0  # seconds between two kills, on average
HEALED = 0.5  # share of kills that wait until everything works again; the others hit what is half up
PHONES = (9001, 9002)

pytestmark = [pytest.mark.e2e, pytest.mark.rasa]
DATABASES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.skipif(KILLS < MANY, reason="see `make faults`"))]


@pytest.fixture(params=DATABASES)
def household(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Household]:
    """Nothing is started yet, but for a PostgreSQL. At the end everybody has to stop when asked."""
    for needed in (RASA_PYTHON, MODEL):
        if not needed.exists():
            pytest.fail(f"{needed} is missing: run `make setup`", pytrace=False)
    with ExitStack() as stack:
        telegram = stack.enter_context(TelegramDouble())
        database = stack.enter_context(Postgres()) if request.param == "postgresql" else None
        it = Household(build(tmp_path, telegram, database_url=database.url if database else ""), database)
        try:
            yield it
        finally:
            ended = it.stack.stop()
        assert None not in ended.values(), f"had to be killed: {ended}"


class Storm:
    """Patients who write until it is over, each in one conversation after the other."""

    def __init__(self, household: Household, chance: random.Random) -> None:
        self.household = household
        self.chance = chance
        self.over = asyncio.Event()
        self.widgets: list[Widget] = []
        self.phones = [Phone(household.stack.telegram.patient(chat_id)) for chat_id in PHONES]

    async def blow(self, kills: int) -> None:
        """Let patients write, start what is not started yet, and kill so many times."""
        async with asyncio.TaskGroup() as writers:
            for _ in range(WRITERS):
                writers.create_task(self._writes())
            for phone in self.phones:
                writers.create_task(self._texts(phone))
            try:
                await self._starts()
                for number, name in enumerate(self._victims(kills), 1):
                    if self.chance.random() < HEALED:
                        await wait_until(self.household.is_ready)
                    await self.household.kill(name)
                    print(f"kill {number} of {kills}: {name}", flush=True)
                    await asyncio.sleep(self.chance.expovariate(1 / PAUSE))
                await wait_until(self.household.is_ready)
            finally:
                self.over.set()

    async def _starts(self) -> None:
        """The bot is up first, and takes what is written; it is ready once the others are."""
        household = self.household
        household.launch("bot")
        await wait_until(lambda: any(widget.talk.accepted for widget in self.widgets))
        assert not await asyncio.to_thread(household.is_ready)
        household.launch("rasa", "actions")
        await wait_until(household.is_ready)

    def _victims(self, kills: int) -> list[str]:
        """Everybody in turn, in chance's order; the bot, which holds what is under way, twice as often."""
        names = ["bot", *self.household.names]
        return [name for _ in range(kills // len(names) + 1) for name in self.chance.sample(names, len(names))][:kills]

    async def _writes(self) -> None:
        while not self.over.is_set():
            widget = Widget(self.household.stack.url, self.chance)
            self.widgets.append(widget)
            await widget.opens()
            async with widget.reading():
                for text in questions_and_flag(self.chance):
                    await widget.says(text)
                    await asyncio.sleep(self.chance.uniform(0.2, 2.0))

    async def _texts(self, phone: Phone) -> None:
        texts = questions_and_flag(self.chance)
        while not self.over.is_set():
            for text in texts:
                phone.says(text)
                await asyncio.sleep(self.chance.uniform(4.0, 8.0))  # Telegram takes a reply a second in a chat
            texts = questions(self.chance)

    async def settles(self, store: Store) -> None:
        """One patient more writes; then wait until all have their answers, and every widget has seen them."""
        after = Widget(self.household.stack.url, self.chance)
        self.widgets.append(after)
        await after.opens()
        for text in questions_and_flag(self.chance):
            await after.says(text)
        await wait_until(lambda: settled(store))
        for widget in self.widgets:
            async with widget.reading():
                await wait_until(lambda talk=widget.talk: talk.is_shown(store))  # type: ignore[misc]
            await widget.close()


async def test_whatever_is_killed_nothing_is_lost_doubled_or_mixed_up(household: Household, shared: Shared) -> None:
    print(f"\nFAULT_SEED={SEED} FAULT_KILLS={KILLS}")
    storm = Storm(household, random.Random(SEED))
    if "database" in household.names:
        household.launch("database")
        await wait_until(lambda: household.is_up("database"))
    async with household.kept():
        await storm.blow(KILLS)
        settings = household.stack.settings
        store = Store(settings.database, settings.key_ring())
        await storm.settles(store)
        found = reckon(store, shared.screen, [*storm.widgets, *storm.phones])
        store.close()
    print(f"killed {dict(household.killed)}; {len(storm.widgets)} conversations; {found.line()}")
    assert found.faults == [], f"FAULT_SEED={SEED}"
    assert found.answered, "nothing was answered, so this shows little"
    assert found.flagged
    assert sum(household.killed.values()) == KILLS
