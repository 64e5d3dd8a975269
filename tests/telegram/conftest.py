"""The real channel, worker and outbox over a fresh database, against our own Bot API server. Rasa is stood in for."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI
from sqlalchemy import select
from telegram.request import HTTPXRequest

from bot.care.clinic import Clinic, load_clinic
from bot.care.wording import Wording
from bot.channels.telegram import channel, polling
from bot.channels.telegram.channel import open_telegram
from bot.channels.telegram.limits import Pace
from bot.clock import SystemClock
from bot.conversation.brain import BrainUnavailable, Reply, Turn
from bot.conversation.deliver import Deliverer, Sender
from bot.services import DOMAIN, Services
from bot.settings import ROOT, Settings
from bot.store.database import Store
from bot.store.tables import Attachment, Author, Case, Message, Staff
from bot.triage.verdict import NO_RISK
from tests.doubles.bot_api import TelegramDouble
from tests.house import KEY, KEYS


class Parrot:
    """Stands in for Rasa: says what it was told; asks with buttons when asked to; slow or away on demand."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.pause = 0.0

    async def turn(self, conversation_id: str, text: str, metadata: dict[str, Any], _slots: dict[str, Any]) -> Turn:
        self.heard.append(text)
        await asyncio.sleep(self.pause)
        if text == "fail":
            raise BrainUnavailable("as asked")
        if text == "ask me":
            buttons = ({"title": "Yes", "payload": "/affirm"}, {"title": "No", "payload": "/deny"})
            return Turn((Reply("Is it spreading?", buttons),), (), NO_RISK)
        if text == "long":
            paragraphs = "\n\n".join(f"Paragraph {number}. " + "word " * 150 for number in range(8))
            return Turn((Reply(paragraphs),), (), NO_RISK)
        return Turn((Reply(f"heard: {text}"),), (), NO_RISK)

    async def close(self) -> None:
        pass


@dataclass
class House:
    """One running bot process, as far as Telegram goes."""

    services: Services
    app: FastAPI
    brain: Parrot
    sender: Sender | None = None

    def from_patient(self) -> list[Message]:
        """What patients have sent, as stored."""
        return self.stored(Author.PATIENT)

    def stored(self, author: Author) -> list[Message]:
        """Messages of an author, oldest first."""
        with self.services.store.read() as session:
            return list(session.scalars(select(Message).where(Message.author == author).order_by(Message.id)))

    def cases(self) -> list[Case]:
        """All cases, oldest first."""
        with self.services.store.read() as session:
            return list(session.scalars(select(Case).order_by(Case.id)))

    def attachments(self) -> list[Attachment]:
        """All files' rows."""
        with self.services.store.read() as session:
            return list(session.scalars(select(Attachment).order_by(Attachment.id)))

    def add_staff(self, **fields: Any) -> Staff:
        """A member of staff."""
        with self.services.store.write() as session:
            staff = Staff(created_at=self.services.clock.now(), **fields)
            session.add(staff)
        return staff


@pytest.fixture(autouse=True)
def _quick_and_local(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(channel, "Pace", lambda: Pace(0.0, 0.0, 0.0))
    # Reading the system's certificates takes longer than most of these tests, and the double speaks plain http.
    monkeypatch.setattr(channel, "HTTPXRequest", partial(HTTPXRequest, httpx_kwargs={"verify": False}))
    monkeypatch.setattr(polling, "FIRST_WAIT", 0.05)
    monkeypatch.setattr(polling, "LOOK_AGAIN", 0.1)
    monkeypatch.setattr(channel, "LONGEST_WAIT", 0.1)


@pytest.fixture(scope="session")
def _server() -> Iterator[TelegramDouble]:
    with TelegramDouble() as server:
        yield server


@pytest.fixture
def double(_server: TelegramDouble) -> TelegramDouble:
    _server.reset()
    return _server


@pytest.fixture(scope="session")
def clinic() -> Clinic:
    return load_clinic(ROOT / "clinic.yml")


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("database") / "empty.db"
    store = Store(f"sqlite:///{path}", KEYS)
    store.migrate()
    with store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    store.close()
    return path


@pytest.fixture(scope="session")
def wording() -> Wording:
    return Wording.load(DOMAIN)


@pytest.fixture
def services(
    double: TelegramDouble, tmp_path: Path, empty_database: Path, wording: Wording, clinic: Clinic
) -> Iterator[Services]:
    settings = Settings(
        _env_file=None,
        data_dir=tmp_path,
        telegram_token=double.token,
        telegram_api_base=double.base_url,
        secret_key="k" * 32,
        encryption_keys=KEY,
    )
    shutil.copy(empty_database, tmp_path / "aftercare.db")
    store = Store(settings.database, KEYS)
    yield Services.join(settings, clinic, wording, lambda *_: NO_RISK, store, Parrot(), SystemClock())
    store.close()


@asynccontextmanager
async def running(services: Services) -> AsyncIterator[House]:
    """The process: channel, worker and outbox."""
    house = House(services, FastAPI(), services.brain)
    async with AsyncExitStack() as stack:
        if services.settings.public_url.startswith("http://127.0.0.1"):
            await stack.enter_async_context(_served(house.app, services.settings.port))
        telegram = await stack.enter_async_context(open_telegram(services, house.app))
        house.sender = telegram.sender
        deliverer = Deliverer(
            services.store, services.clinic, services.clock, services.bell, {"telegram": house.sender}
        )
        tasks = [asyncio.create_task(services.worker.run()), asyncio.create_task(deliverer.run())]
        try:
            yield house
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


@asynccontextmanager
async def _served(app: FastAPI, port: int) -> AsyncIterator[None]:
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="critical", lifespan="off"))
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn offers nothing to wait for
        await asyncio.sleep(0.01)
    try:
        yield
    finally:
        server.should_exit = True
        await task


@pytest.fixture
async def house(services: Services) -> AsyncIterator[House]:
    async with running(services) as it:
        yield it


@pytest.fixture
async def webhook_house(services: Services, unused_tcp_port: int) -> AsyncIterator[House]:
    address = f"http://127.0.0.1:{unused_tcp_port}"
    by_webhook = services.settings.model_copy(
        update={"telegram_mode": "webhook", "public_url": address, "port": unused_tcp_port}
    )
    async with running(replace(services, settings=by_webhook)) as it:
        yield it


@pytest.fixture
def run() -> Callable[[Services], Any]:
    """For tests that start the process themselves."""
    return running
