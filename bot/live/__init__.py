"""What bots tell each other and what they forget within hours: in one process, or through Redis between several."""

from bot.live.memory import Memory, OwnMemory
from bot.live.redis_memory import RedisMemory
from bot.live.redis_wire import RedisWire
from bot.live.wire import Alone, Wire

__all__ = ["Alone", "Memory", "OwnMemory", "Wire", "open_live"]


def open_live(redis_url: str) -> tuple[Wire, Memory]:
    """Wire and memory of this bot: shared with the other bots through Redis, or its own where no address is given."""
    return (RedisWire(redis_url), RedisMemory(redis_url)) if redis_url else (Alone(), OwnMemory())
