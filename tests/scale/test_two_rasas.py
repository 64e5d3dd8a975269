"""Two real Rasas, which share nothing: a dialogue goes on at whichever is asked."""

import asyncio
import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.conversation.brain import Brain
from bot.conversation.worker import Worker
from bot.processes import actions_part, free_port, rasa_part, running
from bot.settings import Settings
from bot.store.tables import Handling
from tests.databases import postgresql
from tests.house import House, Shared

WROTE = ("hello", "when can i go to the pool", "why")
CHLORINE = "hlorin"  # in the reason why a pool has to wait, and nowhere else


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A house on PostgreSQL."""
    server = postgresql()
    shared = Shared.prepare(tmp_path, server)
    given = {"actions_url": f"http://127.0.0.1:{free_port()}", "rasa_timeout": 15}
    yield House.build(shared, tmp_path, f"http://127.0.0.1:{free_port()}", **given)
    server.close()


@pytest.mark.rasa
async def test_a_dialogue_goes_on_at_the_other_rasa(house: House, tmp_path: Path):
    one = house.services.settings
    two: Settings = one.model_copy(update={"rasa_url": f"http://127.0.0.1:{free_port()}"})
    parts = [actions_part(one), rasa_part(one), dataclasses.replace(rasa_part(two), name="rasa-two")]
    starting = running(parts, tmp_path / "log", 300)
    await asyncio.to_thread(starting.__enter__)
    try:
        there = house.services
        other = Worker(
            there.store,
            Brain(two.rasa_url, 15, two.rasa_pass()),
            there.clinic,
            there.wording,
            house.clock,
            there.bell,
            there.typing,
        )
        for number, text in enumerate(WROTE):
            received = house.receive(text)
            await (there.worker, other)[number % 2].answer_waiting()
            assert house.message(received.message_id).handling is Handling.HANDLED, text
        # The pool was asked about at the other Rasa.
        assert CHLORINE in house.replies()[-1]
    finally:
        await asyncio.to_thread(starting.__exit__, None, None, None)
        await house.services.close()
