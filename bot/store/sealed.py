"""Columns whose values nobody reads without the key: what patients and staff write is sealed before it is stored.

The key ring hangs on the engine's dialect, which SQLAlchemy hands to every column: each Store has its own keys, and
nothing is global. In a query a sealed column can be fetched, never compared or sorted.
"""

import base64
import json
from typing import Any

from sqlalchemy import Text
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.types import TypeDecorator

from bot.store.keys import KEY_ID, KeyRing, SealingError

PREFIX = "sealed:"  # a value without it was stored before there was sealing
_RING = "aftercare_key_ring"


def give_keys(engine: Engine, keys: KeyRing) -> None:
    """Let the sealed columns of an engine use these keys."""
    setattr(engine.dialect, _RING, keys)


def seal_text(keys: KeyRing, plain: str) -> str:
    """Text as a sealed column holds it: `sealed:`, the key's id, and the rest in base64."""
    sealed = keys.seal(plain.encode("utf-8", "surrogatepass"))
    return prefix_of(keys) + base64.b64encode(sealed[KEY_ID:]).decode()


def open_text(keys: KeyRing, sealed: str) -> str:
    """The text of a sealed column's value. Raises SealingError where it is not sealed, or cannot be opened."""
    if not sealed.startswith(PREFIX):
        raise SealingError("a value is not sealed that should be: start the bot once, which seals what is there")
    key_id, _, rest = sealed[len(PREFIX) :].partition(":")
    return keys.open(bytes.fromhex(key_id) + base64.b64decode(rest)).decode("utf-8", "surrogatepass")


def prefix_of(keys: KeyRing) -> str:
    """How every value begins that the newest key has sealed."""
    return f"{PREFIX}{keys.newest.id.hex()}:"


class SealedText(TypeDecorator[str]):
    """Text, sealed at rest."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Seal on the way in."""
        return None if value is None else seal_text(_ring(dialect), value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Open on the way out. Raises SealingError."""
        return None if value is None else open_text(_ring(dialect), value)


class SealedJson(TypeDecorator[Any]):
    """Lists and dicts as JSON, sealed at rest. None is NULL."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Seal on the way in."""
        return None if value is None else seal_text(_ring(dialect), json.dumps(value, ensure_ascii=False))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Open on the way out. Raises SealingError."""
        return None if value is None else json.loads(open_text(_ring(dialect), value))


def _ring(dialect: Dialect) -> KeyRing:
    keys: KeyRing = getattr(dialect, _RING)
    return keys
