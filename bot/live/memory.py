"""What is known for seconds or hours and may be lost: counts of tries, paces, links shown to who made them."""

import threading
import time
from collections import OrderedDict
from typing import Any, Protocol

KNOWN = 10_000  # of each kind; beyond it the oldest are forgotten, so that a flood does not fill memory
ROUNDING = 0.00001  # seconds: an instant has lost its last digits, and the last of a burst must not be refused for that


class Memory(Protocol):
    """Keys are `kind:rest`. Every call is atomic, and may be made from any thread."""

    def put(self, key: str, value: str, seconds: float) -> None:
        """Remember a value for so long."""
        ...

    def get(self, key: str) -> str | None:
        """The value, while it is remembered."""
        ...

    def take(self, key: str) -> str | None:
        """The value, which is forgotten with this."""
        ...

    def forget(self, key: str) -> None:
        """Forget a value or a list."""
        ...

    def first(self, key: str, seconds: float) -> bool:
        """Whether nobody asked this within so many seconds; whoever asks is remembered."""
        ...

    def append(self, key: str, value: str, most: int, seconds: float) -> None:
        """Add to a list of at most so many, the newest; all of it is forgotten so long after the last."""
        ...

    def listed(self, key: str) -> list[str]:
        """The list, oldest first."""
        ...

    def allows(self, key: str, burst: int, per_second: float) -> bool:
        """Whether one more may pass: so many at once, then so many a second. Counts it when it may."""
        ...


class OwnMemory:
    """The memory of this process alone."""

    def __init__(self) -> None:
        self._kinds: dict[str, OrderedDict[str, tuple[Any, float]]] = {}
        self._lock = threading.Lock()

    def put(self, key: str, value: str, seconds: float) -> None:
        """Remember a value for so long."""
        with self._lock:
            self._put(key, value, seconds)

    def get(self, key: str) -> str | None:
        """The value, while it is remembered."""
        with self._lock:
            value: str | None = self._get(key)
            return value

    def take(self, key: str) -> str | None:
        """The value, which is forgotten with this."""
        with self._lock:
            value: str | None = self._get(key)
            self._kind(key).pop(key, None)
            return value

    def forget(self, key: str) -> None:
        """Forget a value or a list."""
        with self._lock:
            self._kind(key).pop(key, None)

    def first(self, key: str, seconds: float) -> bool:
        """Whether nobody asked this within so many seconds; whoever asks is remembered."""
        with self._lock:
            if self._get(key) is not None:
                return False
            self._put(key, "", seconds)
            return True

    def append(self, key: str, value: str, most: int, seconds: float) -> None:
        """Add to a list of at most so many, the newest; all of it is forgotten so long after the last."""
        with self._lock:
            self._put(key, [*(self._get(key) or []), value][-most:], seconds)

    def listed(self, key: str) -> list[str]:
        """The list, oldest first."""
        with self._lock:
            return list(self._get(key) or [])

    def allows(self, key: str, burst: int, per_second: float) -> bool:
        """Whether one more may pass: so many at once, then so many a second. Counts it when it may."""
        with self._lock:
            now = time.monotonic()
            # The instant at which everything that passed would be worked off at the steady rate.
            worked_off = max(self._get(key) or now, now) + 1 / per_second
            if worked_off - now > burst / per_second + ROUNDING:
                return False
            self._put(key, worked_off, worked_off - now)
            return True

    def _kind(self, key: str) -> OrderedDict[str, tuple[Any, float]]:
        return self._kinds.setdefault(key.partition(":")[0], OrderedDict())

    def _get(self, key: str) -> Any:
        value, until = self._kind(key).get(key, (None, 0.0))
        return value if until > time.monotonic() else None

    def _put(self, key: str, value: Any, seconds: float) -> None:
        kind = self._kind(key)
        kind[key] = (value, time.monotonic() + seconds)
        kind.move_to_end(key)
        if len(kind) > KNOWN:
            kind.popitem(last=False)
