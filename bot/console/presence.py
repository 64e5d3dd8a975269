"""Who looks at which conversation, and who writes there. Known to every bot for seconds; never stored."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.live import Alone, Wire

SEEN_FOR = timedelta(seconds=40)  # pages say every 15 s that they are still there
TYPING_FOR = timedelta(seconds=6)  # and every 3 s while somebody writes


@dataclass(frozen=True)
class Present:
    """A member of staff at a conversation."""

    staff_id: int
    name: str
    typing: bool


@dataclass(frozen=True)
class _Mark:
    name: str
    seen: datetime
    typed: datetime | None


class Presence:
    """The members of staff at each conversation."""

    def __init__(self, wire: Wire | None = None) -> None:
        self._marks: dict[str, dict[int, _Mark]] = {}
        self._lock = threading.Lock()
        self._listeners: set[Callable[[], None]] = set()
        self._wire = wire or Alone()
        self._wire.hear("here", lambda news: self._here(**{**news, "now": datetime.fromisoformat(news["now"])}))
        self._wire.hear("gone", lambda news: self._gone(**news))

    def here(self, conversation_id: str, staff_id: int, name: str, now: datetime, *, typing: bool) -> None:
        """Say that somebody is at a conversation."""
        news: dict[str, Any] = {"conversation_id": conversation_id, "staff_id": staff_id, "name": name}
        self._here(**news, now=now, typing=typing)
        self._wire.tell("here", **news, now=now.isoformat(), typing=typing)

    def gone(self, conversation_id: str, staff_id: int) -> None:
        """Say that somebody has left."""
        self._gone(conversation_id, staff_id)
        self._wire.tell("gone", conversation_id=conversation_id, staff_id=staff_id)

    @contextmanager
    def listen(self, call: Callable[[], None]) -> Iterator[None]:
        """Have `call` called, from any thread, whenever somebody says something while the block lasts."""
        self._listeners.add(call)
        try:
            yield
        finally:
            self._listeners.discard(call)

    def _here(self, conversation_id: str, staff_id: int, name: str, now: datetime, typing: bool) -> None:
        with self._lock:
            self._marks.setdefault(conversation_id, {})[staff_id] = _Mark(name, now, now if typing else None)
        self._tell()

    def _gone(self, conversation_id: str, staff_id: int) -> None:
        with self._lock:
            self._marks.get(conversation_id, {}).pop(staff_id, None)
        self._tell()

    def _tell(self) -> None:
        for call in tuple(self._listeners):
            call()

    def snapshot(self, now: datetime) -> dict[str, tuple[Present, ...]]:
        """Everybody who is anywhere now, by conversation; those who fell silent are forgotten."""
        with self._lock:
            for conversation_id, marks in list(self._marks.items()):
                kept = {staff: mark for staff, mark in marks.items() if abs(now - mark.seen) < SEEN_FOR}
                if kept:
                    self._marks[conversation_id] = kept
                else:
                    del self._marks[conversation_id]
            return {
                conversation_id: tuple(
                    Present(staff, mark.name, mark.typed is not None and abs(now - mark.typed) < TYPING_FOR)
                    for staff, mark in sorted(marks.items())
                )
                for conversation_id, marks in self._marks.items()
            }

    def others(self, conversation_id: str, staff_id: int, now: datetime) -> tuple[Present, ...]:
        """Who else is at a conversation."""
        return tuple(one for one in self.snapshot(now).get(conversation_id, ()) if one.staff_id != staff_id)
