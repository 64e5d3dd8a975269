"""Those who write while processes are killed: patients with the widget, who try again, and patients on Telegram."""

import asyncio
import json
import random
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx
from sqlalchemy import func, select

from bot.store.database import Store
from bot.store.tables import Message
from tests.doubles.telegram_people import Patient

TRY_AGAIN = 0.4  # seconds; the widget waits longer, and its patients less often
IMPATIENT = 15.0  # seconds until a call counts as failed, a little less than the widget's
LATER = frozenset({429, 502, 503})  # what tells a widget to keep the message and send it again

# What is asked, and what the answer to it has and no other answer, without and with a case open: so a reply can be told
# to belong to its question.
QUESTIONS = {
    "when can i wash my hair": ("first wash after", "leave washing until"),
    "can i go to the pool": ("no pool", "no sport, pool"),
    "can i drink wine tonight": ("no alcohol",),
    "when can i dye my hair": ("dye, bleach", "no styling products or dye"),
}
FLAGS = {
    "green pus is coming out of my scalp and my temperature is 39.2": ("i can't judge it by chat",),
    "my throat is closing and i can't breathe": ("adrenaline pen",),
}
NO_ANSWER = "i can't answer right now"
_numbers = count(1)


@dataclass(frozen=True)
class Accepted:
    """A message that a channel took: the widget with 2xx, or Telegram to deliver it."""

    text: str
    external_id: str
    message_id: int | None = None


@dataclass
class Conversation:
    """What was accepted in one conversation, in order, and what the widget's stream showed of it: message ids."""

    id: str = ""
    accepted: list[Accepted] = field(default_factory=list)
    shown: list[int] = field(default_factory=list)

    def is_shown(self, store: Store) -> bool:
        """Whether the stream has come to the newest message."""
        with store.read() as session:
            newest = session.scalar(select(func.max(Message.id)).where(Message.conversation_id == self.id))
        return newest is None or newest in self.shown


class Widget:
    """One conversation in one browser. A message that fails goes out again under the same id until it is taken."""

    def __init__(self, url: str, chance: random.Random) -> None:
        # New conversations of one address are paced; patients come from addresses of their own.
        number = next(_numbers)
        address = f"127.3.{number // 250}.{number % 250 + 1}" if sys.platform == "linux" else None
        transport = httpx.AsyncHTTPTransport(local_address=address)
        self._http = httpx.AsyncClient(base_url=url, transport=transport, timeout=IMPATIENT)
        self._chance = chance
        self._last = ""
        self.talk = Conversation()

    async def opens(self) -> None:
        """Open a conversation."""
        opened = await self._sent("/api/v1/conversations", {})
        self.talk.id = opened["conversation_id"]
        self._http.headers["Authorization"] = f"Bearer {opened['token']}"

    async def says(self, text: str) -> None:
        """Send a message until it is taken; now and then once more, as after an answer that got lost."""
        body = {"client_message_id": f"message-{len(self.talk.accepted):04}", "text": text}
        taken = await self._sent("/api/v1/messages", body)
        if self._chance.random() < 0.2:
            assert await self._sent("/api/v1/messages", body) == taken, "the same message got another id"
        external = f"{self.talk.id}:{body['client_message_id']}"
        self.talk.accepted.append(Accepted(text, external, taken["message_id"]))

    async def _sent(self, path: str, body: dict[str, str]) -> Any:
        while True:
            try:
                answer = await self._http.post(path, json=body)
            except httpx.HTTPError:  # refused, cut off or too slow
                await asyncio.sleep(TRY_AGAIN)
                continue
            if answer.is_success:
                return answer.json()
            assert answer.status_code in LATER, answer.text
            await asyncio.sleep(TRY_AGAIN)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[None]:
        """Read the stream while the block lasts, from where it stopped, over as many connections as it takes."""
        task = asyncio.create_task(self._read_on())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _read_on(self) -> None:
        while True:
            with suppress(httpx.HTTPError):  # cut off: go on from the last event
                await self._read()
            await asyncio.sleep(TRY_AGAIN)

    async def _read(self) -> None:
        headers = {"Last-Event-ID": self._last} if self._last else {}
        timeout = httpx.Timeout(IMPATIENT, read=60)
        event: dict[str, str] = {}
        async with self._http.stream("GET", "/api/v1/events", headers=headers, timeout=timeout) as answer:
            async for line in answer.aiter_lines():
                name, _, value = line.partition(": ")
                if name:
                    event[name] = value
                if line:
                    continue
                if "id" in event:
                    if event["event"] == "message":
                        self.talk.shown.append(json.loads(event["data"])["id"])
                    self._last = event["id"]
                event = {}

    async def close(self) -> None:
        """Let go of connections."""
        await self._http.aclose()


class Phone:
    """One conversation on Telegram, which keeps what the bot does not take yet."""

    def __init__(self, patient: Patient) -> None:
        self.patient = patient
        self.talk = Conversation()

    def says(self, text: str) -> None:
        """Write."""
        sent = self.patient.sends(text)
        self.talk.accepted.append(Accepted(text, f"{self.patient.chat_id}:{sent['message_id']}"))


def questions(chance: random.Random) -> list[str]:
    """Every question once, in chance's order."""
    return chance.sample(list(QUESTIONS), len(QUESTIONS))


def questions_and_flag(chance: random.Random) -> list[str]:
    """The same, with a red flag at some place."""
    asked = questions(chance)
    asked.insert(chance.randrange(len(asked) + 1), chance.choice(list(FLAGS)))
    return asked
