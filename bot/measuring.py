"""Counts messages, verdicts and reply times as their rows are written, so that no path can forget to."""

from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Pool, event, inspect

from bot import measures
from bot.clock import Clock
from bot.store.database import Store
from bot.store.tables import Author, Handling, Message
from bot.triage.tier import Tier

_watched: "WeakKeyDictionary[Pool, Clock]" = WeakKeyDictionary()


def watch(store: Store, clock: Clock) -> None:
    """Count what is written to this database from now on."""
    _watched[store.engine.pool] = clock


@event.listens_for(Message, "after_insert")
def _stored(_mapper: Any, connection: Connection, message: Message) -> None:
    if connection.engine.pool not in _watched:
        return
    measures.MESSAGES.labels(message.channel, message.author).inc()
    if message.author is Author.PATIENT and message.handling is not Handling.RECEIVED:
        _judged(message)


@event.listens_for(Message, "after_update")
def _changed(_mapper: Any, connection: Connection, message: Message) -> None:
    clock = _watched.get(connection.engine.pool)
    if clock is None or not inspect(message).attrs.handling.history.has_changes():
        return
    if message.author is Author.PATIENT:
        _judged(message)
        if message.handling in (Handling.HANDLED, Handling.UNANSWERED):
            measures.REPLY_SECONDS.observe(max((clock.now() - message.created_at).total_seconds(), 0.0))


def _judged(message: Message) -> None:
    measures.VERDICTS.labels(Tier(message.tier).label).inc()
