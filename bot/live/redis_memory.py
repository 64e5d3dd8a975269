"""The memory that several bots share. While Redis is away each bot remembers for itself."""

import logging
import time
from collections.abc import Callable
from typing import Any, TypeVar

import redis
from redis.exceptions import RedisError

from bot.live.memory import ROUNDING, OwnMemory

log = logging.getLogger(__name__)

PREFIX = "aftercare:"
PATIENCE = 0.5  # seconds one call may take
AGAIN = 2.0  # seconds until a lost Redis is tried again
Found = TypeVar("Found")

# As OwnMemory.allows, with the clock of Redis. In: burst, passes a second, what rounding may have cost in seconds.
_ALLOWS = """
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local worked_off = math.max(tonumber(redis.call('GET', KEYS[1]) or 0), now) + 1 / ARGV[2]
if worked_off - now > ARGV[1] / ARGV[2] + ARGV[3] then return 0 end
redis.call('SET', KEYS[1], string.format('%.6f', worked_off), 'PX', math.ceil((worked_off - now) * 1000))
return 1
"""


class RedisMemory:
    """A bot's access to it."""

    def __init__(self, url: str) -> None:
        self._redis: Any = redis.Redis.from_url(
            url, decode_responses=True, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE
        )
        self._may_pass = self._redis.register_script(_ALLOWS)
        self._own = OwnMemory()
        self._lost_until = 0.0

    def put(self, key: str, value: str, seconds: float) -> None:
        """Remember a value for so long."""
        self._ask(
            lambda: self._redis.set(PREFIX + key, value, px=_milliseconds(seconds)),
            lambda own: own.put(key, value, seconds),
        )

    def get(self, key: str) -> str | None:
        """The value, while it is remembered."""
        found: str | None = self._ask(lambda: self._redis.get(PREFIX + key), lambda own: own.get(key))
        return found

    def take(self, key: str) -> str | None:
        """The value, which is forgotten with this."""
        found: str | None = self._ask(lambda: self._redis.getdel(PREFIX + key), lambda own: own.take(key))
        return found

    def forget(self, key: str) -> None:
        """Forget a value or a list."""
        self._ask(lambda: self._redis.delete(PREFIX + key), lambda own: own.forget(key))

    def first(self, key: str, seconds: float) -> bool:
        """Whether nobody asked this within so many seconds; whoever asks is remembered."""
        return self._ask(
            lambda: bool(self._redis.set(PREFIX + key, "", nx=True, px=_milliseconds(seconds))),
            lambda own: own.first(key, seconds),
        )

    def append(self, key: str, value: str, most: int, seconds: float) -> None:
        """Add to a list of at most so many, the newest; all of it is forgotten so long after the last."""
        self._ask(
            lambda: self._append(PREFIX + key, value, most, seconds), lambda own: own.append(key, value, most, seconds)
        )

    def listed(self, key: str) -> list[str]:
        """The list, oldest first."""
        return self._ask(lambda: self._redis.lrange(PREFIX + key, 0, -1), lambda own: own.listed(key))

    def allows(self, key: str, burst: int, per_second: float) -> bool:
        """Whether one more may pass: so many at once, then so many a second. Counts it when it may."""
        return self._ask(
            lambda: bool(self._may_pass(keys=[PREFIX + key], args=[burst, per_second, ROUNDING])),
            lambda own: own.allows(key, burst, per_second),
        )

    def _append(self, name: str, value: str, most: int, seconds: float) -> None:
        pipe = self._redis.pipeline()
        pipe.rpush(name, value).ltrim(name, -most, -1).pexpire(name, _milliseconds(seconds)).execute()

    def _ask(self, shared: Callable[[], Found], own: Callable[[OwnMemory], Found]) -> Found:
        if time.monotonic() < self._lost_until:
            return own(self._own)
        try:
            found = shared()
        except RedisError as error:
            if not self._lost_until:
                log.error(  # noqa: TRY400 - one line, and no addresses
                    "Redis cannot be reached (%s): each bot counts for itself until it is back; see"
                    " AFTERCARE_REDIS_URL",
                    type(error).__name__,
                )
            self._lost_until = time.monotonic() + AGAIN
            return own(self._own)
        if self._lost_until:
            self._lost_until = 0.0
            log.warning("Redis is back: bots count together again")
        return found


def _milliseconds(seconds: float) -> int:
    return max(1, round(seconds * 1000))
