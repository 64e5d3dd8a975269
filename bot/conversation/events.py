"""What happened in a conversation, written in the transaction it happened in, and the bell that wakes who waits."""

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from bot.live import Alone, Wire
from bot.store.tables import Audit, Event

_ADD = insert(Event.__table__)  # type: ignore[arg-type]


def record(session: Session, now: datetime, conversation_id: str, kind: str, **data: Any) -> None:
    """Add an event: kind is message, handoff, case, delivery, seen or treatment; data holds ids and states."""
    session.connection().execute(_ADD, {"conversation_id": conversation_id, "kind": kind, "data": data, "at": now})


def audit(
    session: Session,
    now: datetime,
    actor: str,
    action: str,
    *,
    conversation_id: str | None,
    case_id: int | None,
    **detail: Any,
) -> None:
    """Add a line to the audit log: who (bot, patient or staff:ID) did what; detail holds no text of patients."""
    session.add(
        Audit(at=now, actor=actor, action=action, conversation_id=conversation_id, case_id=case_id, detail=detail)
    )


class Bell:
    """Wakes who waits for new rows, in this bot and the others. Rung after commits, from any thread."""

    def __init__(self, wire: Wire | None = None) -> None:
        self._listeners: dict[str | None, set[Listener]] = {}  # by the conversation they listen to; None: to all
        self._wire = wire or Alone()
        self._wire.hear("bell", lambda news: self._wake(news.get("conversation_id")))

    def ring(self, conversation_id: str | None = None, *, but: "Listener | None" = None) -> None:
        """Wake who listens to this conversation or to all, `but` who rings; everybody, where it is not said which has
        news."""
        self._wake(conversation_id, but)
        self._wire.tell("bell", conversation_id=conversation_id)

    def _wake(self, conversation_id: str | None, but: "Listener | None" = None) -> None:
        called = tuple(self._listeners) if conversation_id is None else (conversation_id, None)
        for key in called:
            for listener in tuple(self._listeners.get(key, ())):
                if listener is not but:
                    listener.wake(conversation_id)

    @contextmanager
    def listen(self, conversation_id: str | None = None) -> Iterator["Listener"]:
        """Listen to one conversation, or to all, while the block lasts; a ring between two waits is not missed."""
        listener = Listener()
        listeners = self._listeners.setdefault(conversation_id, set())
        listeners.add(listener)
        try:
            yield listener
        finally:
            listeners.discard(listener)
            if not listeners:
                self._listeners.pop(conversation_id, None)


class Listener:
    """One who listens to the bell, on the event loop it was made on.

    `heard`: the conversations with news that the last wait told of; None among them, where it was not said which.
    """

    def __init__(self) -> None:
        self.heard: frozenset[str | None] = frozenset()
        self._loop = asyncio.get_running_loop()
        self._stirred = asyncio.Event()
        self._news: set[str | None] = set()

    def wake(self, *conversation_ids: str | None) -> None:
        """Ring for this one alone. From any thread."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._ring, conversation_ids or (None,))

    def stir(self) -> None:
        """End the wait, or the next one, as if its time were over: there is something else to see to than new rows."""
        self._stirred.set()

    async def wait(self, seconds: float) -> bool:
        """Wait for a ring, at most so many seconds. True when it rang."""
        self.heard = frozenset()
        try:
            # Not wait_for: on Python 3.11 it swallows a cancellation that comes together with a ring (bpo-37658).
            async with asyncio.timeout(seconds):
                await self._stirred.wait()
        except TimeoutError:
            return False
        self._stirred.clear()
        self.heard, self._news = frozenset(self._news), set()
        return bool(self.heard)

    def _ring(self, conversation_ids: Iterable[str | None]) -> None:
        self._news.update(conversation_ids)
        self._stirred.set()
