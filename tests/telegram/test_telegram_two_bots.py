"""Two bots behind one webhook, over one database: an update that reaches both at once is seen to once."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from bot.channels.telegram.channel import webhook_secret
from bot.channels.telegram.webhook import HEADER, PATH
from bot.services import Services
from bot.store.database import Store
from bot.triage.verdict import NO_RISK
from tests.doubles.bot_api import TelegramDouble
from tests.house import KEYS
from tests.telegram.conftest import House, Parrot

ANA = {"id": 1, "is_bot": False, "first_name": "Ana", "language_code": "en"}
CHAT = {"id": 1, "type": "private", "first_name": "Ana"}


@dataclass
class Pair:
    """Both bots, and Telegram's way to each."""

    houses: list[House]
    clients: list[httpx.AsyncClient]
    sent: int = 0

    def message(self, **content: Any) -> dict[str, Any]:
        """An update with a message of Ana's."""
        self.sent += 1
        message = {"message_id": self.sent, "from": ANA, "chat": CHAT, "date": int(time.time()), **content}
        return {"update_id": self.sent, "message": message}

    async def take(self, *updates: dict[str, Any]) -> None:
        """Each update goes to both bots at the same moment, and again until both have said that it is stored."""

        async def post(client: httpx.AsyncClient, update: dict[str, Any]) -> None:
            while (await client.post(PATH, json=update)).status_code != 200:  # noqa: ASYNC110 - as Telegram does it
                await asyncio.sleep(0.05)

        await asyncio.gather(*(post(client, update) for update in updates for client in self.clients))


@pytest.fixture
async def pair(services: Services, run, double: TelegramDouble) -> AsyncIterator[Pair]:
    """Two bots that only the test reaches, each with its own connections to the same database."""
    settings = services.settings.model_copy(update={"telegram_mode": "webhook", "public_url": "https://bot.example"})
    async with AsyncExitStack() as stack:
        pair = Pair([], [])
        for _ in range(2):
            store = Store(settings.database, KEYS)
            stack.callback(store.close)
            parts = (settings, services.clinic, services.wording, lambda *_: NO_RISK, store, Parrot(), services.clock)
            house = await stack.enter_async_context(run(Services.join(*parts)))
            client = httpx.AsyncClient(
                transport=httpx.ASGITransport(house.app),
                base_url="http://bot",
                headers={HEADER: webhook_secret(settings)},
            )
            pair.houses.append(house)
            pair.clients.append(await stack.enter_async_context(client))
        yield pair


async def test_words_are_stored_and_answered_once(pair: Pair, double: TelegramDouble):
    ana = double.patient(1).meets()
    await pair.take(*(pair.message(text=f"line {number}") for number in range(5)))
    await double.until(lambda: len(ana.texts) == 5)
    [house, _] = pair.houses
    assert sorted(message.text for message in house.from_patient()) == [f"line {number}" for number in range(5)]
    assert sorted(ana.texts) == [f"heard: line {number}" for number in range(5)]
    assert sorted(pair.houses[0].brain.heard + pair.houses[1].brain.heard) == [f"line {number}" for number in range(5)]


async def test_a_command_and_a_press_have_one_effect(pair: Pair, double: TelegramDouble):
    ana = double.patient(1).meets()
    await pair.take(pair.message(text="/settings", entities=[{"type": "bot_command", "offset": 0, "length": 9}]))
    await double.until(lambda: ana.messages)
    asked = ana.messages[-1]
    carrier = {"message_id": asked.message_id, "date": int(time.time()), "chat": CHAT, "text": asked.text}
    query = {"id": "77", "from": ANA, "chat_instance": "1", "message": carrier, "data": asked.data[0]}
    await pair.take({"update_id": 900, "callback_query": query})
    await double.until(lambda: len(ana.messages) == 2)
    house, _ = pair.houses
    assert [message.text for message in house.from_patient()] == ["/settings", asked.buttons[0]]


async def test_an_album_that_both_receive_is_one_message_with_each_photo_once(pair: Pair, double: TelegramDouble):
    photos = [
        {**double.state.add_file(b"\xff\xd8\xff" + bytes([number]) * 200), "width": 900, "height": 600}
        for number in range(3)
    ]
    album = [pair.message(photo=[photo], media_group_id="9") for photo in photos]
    await pair.take(*album)
    house, _ = pair.houses
    [message] = house.from_patient()
    kept = house.attachments()
    assert len(kept) == 3
    assert {one.message_id for one in kept} == {message.id}
    assert len(list(house.services.settings.uploads.iterdir())) == 3
