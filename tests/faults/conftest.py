"""What these tests share: how the database is made to fail, for real, and a bot process beside doubles."""

import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from bot.store import database
from tests.doubles.bot_api import TelegramDouble
from tests.doubles.rasa import RasaDouble
from tests.e2e.stack import Stack, build
from tests.house import ENDLESS, House, Shared

Fault = Callable[[House], AbstractContextManager[None]]


@contextmanager
def full_disk(house: House) -> Iterator[None]:
    """SQLite may not grow by one page more while the block lasts: SQLITE_FULL, as on a disk without room."""
    engine = house.store.engine
    with closing(_beside(house)) as connection:
        connection.execute("VACUUM")  # no page is left free

    def no_more(connection: Any, _record: Any) -> None:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages}")

    event.listen(engine, "connect", no_more)
    engine.dispose()
    try:
        yield
    finally:
        event.remove(engine, "connect", no_more)
        engine.dispose()


@contextmanager
def locked(house: House) -> Iterator[None]:
    """Another program holds the database for itself while the block lasts, longer than any writer waits."""
    with closing(_beside(house)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        yield


def _beside(house: House) -> sqlite3.Connection:
    path = house.services.settings.data_dir / "aftercare.db"
    return sqlite3.connect(path, timeout=ENDLESS, isolation_level=None)


@pytest.fixture
async def house(
    shared: Shared, rasa: RasaDouble, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[House]:
    """The bot's parts, where a writer waits for its place for a moment and not for half a minute."""
    monkeypatch.setattr(database, "PATIENCE", 0.05)
    built = House.build(shared, tmp_path, rasa.url, actions_url=rasa.url)
    yield built
    await built.close()


@pytest.fixture(scope="module")
def telegram() -> Iterator[TelegramDouble]:
    """Telegram's double."""
    with TelegramDouble() as double:
        yield double


@pytest.fixture(scope="module")
def brain() -> Iterator[RasaDouble]:
    """Rasa's double, which answers for the action server too."""
    with RasaDouble() as double:
        yield double


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory, telegram: TelegramDouble, brain: RasaDouble) -> Iterator[Stack]:
    """The real bot process alone."""
    it = build(tmp_path_factory.mktemp("bot"), telegram, rasa_url=brain.url, actions_url=brain.url)
    try:
        it.start("bot")
        yield it
    finally:
        it.stop()
