"""What happened in a conversation, written in the transaction it happened in, and the bell that wakes who waits."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.store.tables import Audit, Event


def record(session: Session, now: datetime, conversation_id: str, kind: str, **data: Any) -> None:
    """Add an event: kind is `message`, `handoff`, `case`, `delivery` or `treatment`; data holds ids and states."""
    session.add(Event(conversation_id=conversation_id, kind=kind, data=data, at=now))


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
    """Wakes everyone in this process who waits for new rows. Rung after commits, from any thread."""

    def __init__(self) -> None:
        self._waiting: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()

    def ring(self) -> None:
        """Wake all who listen."""
        for loop, event in tuple(self._waiting):
            if not loop.is_closed():
                loop.call_soon_threadsafe(event.set)

    @contextmanager
    def listen(self) -> Iterator["Listener"]:
        """Listen for as long as the block lasts; a ring between two waits is not missed."""
        entry = (asyncio.get_running_loop(), asyncio.Event())
        self._waiting.add(entry)
        try:
            yield Listener(entry[1])
        finally:
            self._waiting.discard(entry)


class Listener:
    """One who listens to the bell."""

    def __init__(self, event: asyncio.Event) -> None:
        self._event = event

    async def wait(self, seconds: float) -> bool:
        """Wait for a ring, at most so many seconds. True when it rang."""
        try:
            # Not wait_for: on Python 3.11 it swallows a cancellation that comes together with a ring (bpo-37658).
            async with asyncio.timeout(seconds):
                await self._event.wait()
        except TimeoutError:
            return False
        self._event.clear()
        return True
