"""Bot, Rasa and actions come up in whichever order: messages are taken from the first moment, and ready means ready."""

import itertools
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from bot.conversation import brain
from bot.conversation.brain import Brain
from bot.processes import free_port
from bot.store.tables import Handling
from tests.doubles.rasa import RasaDouble
from tests.house import HARMLESS, URGENT, House, Shared, until
from tests.web.conftest import Served, served


@asynccontextmanager
async def taking(house: House) -> AsyncIterator[Served]:
    """The bot, which takes messages as soon as it is up, whoever else is."""
    async with served(house) as on:
        assert (await on.client.get("/healthz")).status_code == 200
        opened = (await on.client.post("/api/v1/conversations")).json()
        headers = {"Authorization": f"Bearer {opened['token']}"}
        for number, text in enumerate((HARMLESS, URGENT)):
            body = {"client_message_id": f"message-{number}", "text": text}
            assert (await on.client.post("/api/v1/messages", json=body, headers=headers)).status_code == 202
        assert house.case(opened["conversation_id"])
        yield on


@pytest.mark.parametrize("order", list(itertools.permutations(("bot", "rasa", "actions"))), ids=" ".join)
async def test_every_order_ends_ready_and_what_was_written_meanwhile_is_answered_or_marked(
    shared: Shared, tmp_path: Path, order: tuple[str, ...]
):
    ports = {"rasa": free_port(), "actions": free_port()}
    urls = {name: f"http://127.0.0.1:{port}" for name, port in ports.items()}
    house, on = House.build(shared, tmp_path, urls["rasa"], actions_url=urls["actions"]), None
    async with AsyncExitStack() as stack:
        for place, name in enumerate(order):
            if name == "bot":
                on = await stack.enter_async_context(taking(house))
            else:
                stack.enter_context(RasaDouble(ports[name]))
            if on is not None:
                answer = await on.client.get("/readyz")
                missing = [part for part, is_up in answer.json().items() if not is_up]
                assert sorted(missing) == sorted(order[place + 1 :])
                assert answer.status_code == (503 if missing else 200)
        await until(lambda: not [one for one in house.messages() if one.handling is Handling.RECEIVED])
    first = {one.handling for one in house.messages() if one.handling}
    assert first <= {Handling.HANDLED, Handling.UNANSWERED}
    assert len(house.replies()) >= 2
    await house.close()


async def test_ready_only_once_rasa_has_understood_a_message(house: House, rasa: RasaDouble):
    rasa.mode = "speechless"  # it listens, and its model still loads
    async with served(house) as on:
        answer = await on.client.get("/readyz")
        assert (answer.status_code, answer.json()["rasa"]) == (503, False)
        rasa.mode = "answers"
        assert (await on.client.get("/readyz")).status_code == 200


async def test_a_poll_each_second_does_not_cost_rasa_a_parse_each_second(house: House, rasa: RasaDouble):
    async with served(house) as on:
        for _ in range(20):
            assert (await on.client.get("/readyz")).status_code == 200
        assert rasa.parses == 1


@pytest.mark.parametrize("away", ["hangs", "500"])
async def test_rasa_that_dies_or_hangs_is_not_called_ready_for_having_been(house: House, rasa: RasaDouble, away: str):
    ask = house.services.brain
    assert await ask.ready()
    rasa.mode = away
    assert not await ask.ready()
    rasa.mode = "answers"
    assert await ask.ready()
    assert rasa.parses == 2, "it has to understand anew"


async def test_rasa_that_fails_a_patient_has_to_prove_itself_again(house: House, rasa: RasaDouble):
    ask = house.services.brain
    assert await ask.ready()
    rasa.mode = "speechless"
    assert await ask.ready()
    house.receive(HARMLESS)
    await house.services.worker.answer_waiting()
    assert not await ask.ready()


async def test_a_proof_runs_out(house: House, rasa: RasaDouble, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(brain, "PROVEN", 0.0)
    ask: Brain = house.services.brain
    assert await ask.ready()
    rasa.mode = "speechless"
    assert not await ask.ready()
