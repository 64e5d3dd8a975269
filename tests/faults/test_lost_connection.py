"""PostgreSQL cuts every connection off: what was not committed is said so and comes again, and nothing is doubled."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import create_engine, event, make_url

from bot.store.tables import Handling
from tests.databases import SERVER, postgresql
from tests.doubles.rasa import RasaDouble
from tests.house import HARMLESS, URGENT, House, Shared, until
from tests.web.conftest import served


@pytest.fixture
def house(rasa: RasaDouble, tmp_path: Path) -> Iterator[House]:
    """A house on PostgreSQL."""
    server = postgresql()
    built = House.build(Shared.prepare(tmp_path, server), tmp_path, rasa.url, actions_url=rasa.url)
    yield built
    built.store.close()
    server.close()


def cut_off(house: House) -> None:
    """End every connection to the house's database, as a restart of the server or a lost network does."""
    name = make_url(house.store.url).database
    engine = create_engine(make_url(SERVER).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %(name)s", {"name": name}
        )
    engine.dispose()


@contextmanager
def cut_off_at(house: House, statement: str) -> Iterator[list[str]]:
    """Cut everybody off right before the next statement that begins so. Out: where that was done, once it was."""
    done: list[str] = []

    def listen(_connection: Any, _cursor: Any, said: str, *_: Any) -> None:
        if said.startswith(statement) and not done:
            cut_off(house)
            done.append(said)

    event.listen(house.store.engine, "before_cursor_execute", listen)
    try:
        yield done
    finally:
        event.remove(house.store.engine, "before_cursor_execute", listen)


async def send(client: httpx.AsyncClient, token: str, text: str) -> httpx.Response:
    body = {"client_message_id": "message-0001", "text": text}
    return await client.post("/api/v1/messages", json=body, headers={"Authorization": f"Bearer {token}"})


@pytest.mark.parametrize("statement", ["INSERT INTO messages", "INSERT INTO events", "INSERT INTO cases"])
async def test_a_message_whose_transaction_is_cut_off_is_not_half_stored_and_is_taken_again(
    house: House, statement: str
):
    async with served(house) as on:
        token = (await on.client.post("/api/v1/conversations")).json()["token"]
        with cut_off_at(house, statement) as done:
            answer = await send(on.client, token, URGENT)
        assert done
        assert (answer.status_code, answer.json()["error"]["code"]) == (503, "unavailable")
        assert (house.messages(), house.cases()) == ([], [])
        assert (await send(on.client, token, URGENT)).status_code == 202
        await until(lambda: len(house.replies()) == 1)
        await until(lambda: not [one for one in house.messages() if one.handling is Handling.RECEIVED])
    assert len(house.messages()) == 2
    assert len(house.cases()) == 1


async def test_idle_connections_that_were_cut_off_are_nobodys_business(house: House):
    async with served(house) as on:
        token = (await on.client.post("/api/v1/conversations")).json()["token"]
        cut_off(house)
        assert (await send(on.client, token, HARMLESS)).status_code == 202
        await until(lambda: house.replies() == [f"heard: {HARMLESS}"])
        await until(lambda: not [task for task in on.app.state.background.values() if task.done()])
        assert (await on.client.get("/readyz")).status_code == 200


async def test_an_answer_whose_transaction_is_cut_off_is_written_once(house: House, rasa: RasaDouble):
    rasa.mode, rasa.pause = "slow", 0.3
    async with served(house):
        received = house.receive(HARMLESS)
        await until(lambda: rasa.heard)
        with cut_off_at(house, "INSERT INTO messages") as done:
            await until(lambda: done)  # a look at the replies now would be cut off itself
        await until(lambda: house.replies())
    assert house.replies() == [f"heard: {HARMLESS}"]
    assert house.message(received.message_id).handling is Handling.HANDLED
