"""Patients as the servers see them: ours at the widget's API and its stream, stock's at the REST channel."""

import asyncio
import itertools
import json
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from types import TracebackType
from typing import Protocol, Self
from uuid import uuid4

import httpx

PATIENCE = 60.0  # seconds a patient waits for a reply
NEIGHBOURS = 5  # conversations opened from one address, so that they stay within what one address may send


class Unanswered(Exception):
    """A message was refused, or no reply came."""


class Patient(Protocol):
    """One conversation."""

    async def ask(self, text: str) -> float:
        """Send and wait for the reply. Out: milliseconds. Raises Unanswered."""
        ...

    async def close(self) -> None:
        """Leave."""
        ...


class Front(Protocol):
    """Where patients come in."""

    async def patient(self) -> Patient:
        """Somebody new, connected."""
        ...


@dataclass(frozen=True)
class Sent:
    """A message on its way: when (perf_counter, seconds), and its id there; None: it was refused."""

    text: str
    at: float
    message_id: int | None


@dataclass(frozen=True)
class Reply:
    """What came back: its id, its text, and when."""

    message_id: int
    text: str
    at: float


@dataclass
class WidgetPatient:
    """A browser with the widget open: it posts, and reads what comes on its stream."""

    client: httpx.AsyncClient
    token: str
    sent: list[Sent] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _reader: "asyncio.Task[None] | None" = None

    async def connect(self) -> None:
        """Open the stream; returns when it is open."""
        connected = asyncio.Event()
        self._reader = asyncio.create_task(self._read(connected))
        waiting = asyncio.create_task(connected.wait())
        await asyncio.wait({waiting, self._reader}, return_when=asyncio.FIRST_COMPLETED)
        if not connected.is_set():
            waiting.cancel()
            self._reader.result()

    async def send(self, text: str, at: float) -> int | None:
        """Post a message that was due at `at`. Out: its id, None when it was refused."""
        body = {"client_message_id": uuid4().hex, "text": text}
        response = await self.client.post("/api/v1/messages", json=body, headers=self._headers)
        message_id = response.json()["message_id"] if response.is_success else None
        self.sent.append(Sent(text, at, message_id))
        return message_id

    async def ask(self, text: str) -> float:
        """Send and wait for the first message of the reply. Out: milliseconds. A pace that is too quick is slowed."""
        while True:
            started = time.perf_counter()
            message_id = await self.send(text, started)
            if message_id is not None:
                break
            self.sent.pop()
            await asyncio.sleep(1)
        try:
            async with asyncio.timeout(PATIENCE):
                while not (self.replies and self.replies[-1].message_id > message_id):
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError as error:
            raise Unanswered(f"no reply within {PATIENCE:g} s") from error
        first = next(reply for reply in self.replies if reply.message_id > message_id)
        return (first.at - started) * 1000

    async def close(self) -> None:
        """Close the stream."""
        if self._reader is not None:
            self._reader.cancel()
            await asyncio.gather(self._reader, return_exceptions=True)

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    async def _read(self, connected: asyncio.Event) -> None:
        async with self.client.stream("GET", "/api/v1/events", headers=self._headers, timeout=None) as response:
            response.raise_for_status()
            connected.set()
            async for data in _messages(response.aiter_lines()):
                if data["author"] == "bot":
                    self.replies.append(Reply(data["id"], data["text"], time.perf_counter()))
                    self._news.set()


async def _messages(lines: AsyncIterator[str]) -> AsyncIterator[dict]:
    kind = ""
    async for line in lines:
        if line.startswith("event:"):
            kind = line[6:].strip()
        elif line.startswith("data:") and kind == "message":
            yield json.loads(line[5:])


class WidgetFront:
    """Our widget API. Each address of loopback opens no more conversations than its limit allows."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._open = AsyncExitStack()
        self._opened = 0
        self._addresses = (f"127.0.{high}.{low}" for high, low in itertools.product(range(1, 255), range(1, 255)))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ):
        await self._open.aclose()

    async def patient(self) -> WidgetPatient:
        """Somebody new, with the stream open."""
        if self._opened % NEIGHBOURS == 0:
            self._client = await self._open.enter_async_context(self._next_client())
        self._opened += 1
        client = self._client
        opened = await client.post("/api/v1/conversations")
        opened.raise_for_status()
        patient = WidgetPatient(client, opened.json()["token"])
        self._open.push_async_callback(patient.close)  # before the client it reads from
        await patient.connect()
        return patient

    def _next_client(self) -> httpx.AsyncClient:
        every = httpx.Limits(max_connections=None, max_keepalive_connections=NEIGHBOURS)
        transport = httpx.AsyncHTTPTransport(local_address=next(self._addresses), limits=every)
        return httpx.AsyncClient(base_url=self._url, transport=transport, trust_env=False, timeout=PATIENCE)


@dataclass(frozen=True)
class StockPatient:
    """A sender of the REST channel, which holds the request until the reply is there."""

    client: httpx.AsyncClient
    sender: str

    async def ask(self, text: str) -> float:
        """Send and wait for the reply. Out: milliseconds."""
        started = time.perf_counter()
        response = await self.client.post("/webhooks/rest/webhook", json={"sender": self.sender, "message": text})
        spent = (time.perf_counter() - started) * 1000
        if not response.is_success or not response.json():
            raise Unanswered(f"status {response.status_code} and no reply")
        return spent

    async def close(self) -> None:
        """There is nothing to leave."""


class StockFront:
    """Stock's REST channel."""

    def __init__(self, url: str) -> None:
        self._client = httpx.AsyncClient(base_url=url, trust_env=False, timeout=PATIENCE)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ):
        await self._client.aclose()

    async def patient(self) -> StockPatient:
        """Somebody new."""
        return StockPatient(self._client, uuid4().hex)
