"""The real application over real parts: called in process, or served on loopback where a stream has to flow."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.testclient import TestClient

from bot.app import create_app
from bot.channels.web import routes
from bot.channels.web.limits import Pace
from tests.house import House

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


@dataclass
class Visitor:
    """A patient's browser with its own conversation."""

    client: TestClient
    token: str
    conversation_id: str
    sent: int = 0

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def say(self, text: str = "hello", **body) -> httpx.Response:
        self.sent += 1
        whole = {"client_message_id": f"message-{self.sent}", "text": text, **body}
        return self.client.post("/api/v1/messages", json=whole, headers=self.headers)

    def photo(self, content: bytes = PNG, text: str = "", client_id: str = "photo-0001") -> httpx.Response:
        return self.client.post(
            "/api/v1/attachments",
            files={"file": ("photo.png", content, "image/png")},
            data={"client_message_id": client_id, "text": text},
            headers=self.headers,
        )


@dataclass
class Served:
    """The application on loopback, with its background work."""

    app: FastAPI
    client: httpx.AsyncClient


@dataclass
class Line:
    """One server-sent event."""

    event: str = "message"
    data: str = ""
    id: str | None = None
    more: dict[str, str] = field(default_factory=dict)


@pytest.fixture(autouse=True)
def _no_refill(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the machine, what is over the burst is refused."""
    monkeypatch.setattr(routes, "_opening", Pace("opening", burst=30, per_second=0.001))
    monkeypatch.setattr(routes, "_sending", Pace("sending", burst=20, per_second=0.001))


@pytest.fixture
def client(house: House) -> TestClient:
    """A browser somewhere; the background work does not run."""
    return TestClient(create_app(house.services), raise_server_exceptions=False)


@pytest.fixture
def visitor(client: TestClient) -> Visitor:
    return enter(client)


def enter(client: TestClient) -> Visitor:
    """Open a conversation."""
    opened = client.post("/api/v1/conversations")
    assert opened.status_code == 201
    return Visitor(client, **opened.json())


@asynccontextmanager
async def served(house: House) -> AsyncIterator[Served]:
    """The whole process on a free port."""
    app = create_app(house.services)
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=0, log_level="critical", timeout_graceful_shutdown=1)
    )
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn offers nothing to wait for
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=30) as client:
        try:
            yield Served(app, client)
        finally:
            server.should_exit = True
            await task
