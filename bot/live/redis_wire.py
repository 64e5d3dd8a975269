"""The wire between several bots: Redis passes their news on. Lost, it is looked for again; nothing waits for it."""

import asyncio
import json
import logging
import secrets
from collections import defaultdict, deque
from collections.abc import Mapping
from typing import Any

import redis.asyncio
from redis.exceptions import RedisError

from bot.live.wire import Ear

log = logging.getLogger(__name__)

CHANNEL = "aftercare:news"
PATIENCE = 5.0  # seconds without a sign of life after which the connection is asked for one
AGAIN = 2.0  # seconds until a lost Redis is tried again
UNTOLD = 1000  # news that wait to be told; the oldest are dropped beyond


class RedisWire:
    """A bot's end of the wire."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._me = secrets.token_hex(8)
        self._ears: dict[str, list[Ear]] = defaultdict(list)
        self._untold: deque[str] = deque(maxlen=UNTOLD)
        self._more = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._lost = False
        self._carries = False

    def hear(self, topic: str, ear: Ear) -> None:
        """Be told, on the event loop, what other bots tell."""
        self._ears[topic].append(ear)

    def tell(self, topic: str, **news: Any) -> None:
        """Tell the other bots, soon and at most once. From any thread; never waits and never fails."""
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._queue, json.dumps({"from": self._me, "topic": topic, "news": news}))

    @property
    def carries(self) -> bool:
        """Whether what is told is heard by the others now."""
        return self._carries

    def _queue(self, line: str) -> None:
        if not self._untold or self._untold[-1] != line:  # two rings in a row say no more than one
            self._untold.append(line)
        self._more.set()

    async def run(self) -> None:
        """Carry news until cancelled."""
        self._loop = asyncio.get_running_loop()
        try:
            while True:
                try:
                    await self._carry()
                except (RedisError, OSError) as error:
                    self._complain(error)
                await asyncio.sleep(AGAIN)
        finally:
            self._loop = None

    async def _carry(self) -> None:
        client = redis.asyncio.from_url(
            self._url, decode_responses=True, socket_connect_timeout=PATIENCE, health_check_interval=PATIENCE
        )
        async with client, client.pubsub() as heard:
            await heard.subscribe(CHANNEL)
            self._carries = True
            if self._lost:
                log.warning("Redis is back: bots tell each other again")
                self._lost = False
            speaking = asyncio.create_task(self._speak(client))
            try:
                while not speaking.done():
                    message = await heard.get_message(ignore_subscribe_messages=True, timeout=PATIENCE)
                    if message is not None:
                        self._pass_on(json.loads(message["data"]))
                await speaking
            finally:
                self._carries = False
                speaking.cancel()
                await asyncio.gather(speaking, return_exceptions=True)

    def _pass_on(self, line: Mapping[str, Any]) -> None:
        if line["from"] != self._me:
            for ear in self._ears[line["topic"]]:
                ear(line["news"])

    async def _speak(self, client: Any) -> None:
        while True:
            await self._more.wait()
            self._more.clear()
            while self._untold:
                await client.publish(CHANNEL, self._untold.popleft())

    def _complain(self, error: BaseException) -> None:
        if not self._lost:
            self._lost = True
            log.error(
                "Redis cannot be reached (%s): new messages are looked for once a second, and typing and presence of"
                " other bots are not shown, until it is back; see AFTERCARE_REDIS_URL",
                type(error).__name__,
            )
