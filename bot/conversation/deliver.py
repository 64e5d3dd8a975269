"""The outbox's way out: in order per conversation, retried when the fault passes, given up loudly when it does not."""

import asyncio
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import func, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot import measures
from bot.care.clinic import Clinic
from bot.clock import Clock
from bot.conversation.cases import raise_undelivered
from bot.conversation.events import Bell, audit, record
from bot.conversation.finishing import to_the_end
from bot.logs import CONVERSATION
from bot.store.claims import claim
from bot.store.database import Store
from bot.store.tables import PENDING, Conversation, Delivery, FollowUp, FollowUpState, Message, Patient

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 12  # with the waits below about an hour
LEASE = timedelta(seconds=60)  # a sender that died holds a message no longer than this
LONGEST_WAIT = 3600.0  # seconds until the next attempt, whatever the other side asks for
LAST_WORDS = 3.0  # seconds that messages under way are given when the process stops
AT_ONCE = 200  # messages under way at the same time, each of another conversation


class TransientFailure(Exception):
    """The channel could not deliver now. `retry_after`: seconds the other side asked for, if it did."""

    def __init__(self, reason: str, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class PermanentFailure(Exception):
    """The channel will never deliver this. `blocked`: the patient does not want messages from us any more."""

    def __init__(self, reason: str, *, blocked: bool = False) -> None:
        super().__init__(reason)
        self.blocked = blocked


class Sender(Protocol):
    """A channel's way of sending."""

    async def send(self, channel_key: str, message: Message) -> None:
        """Deliver one message. Raises TransientFailure or PermanentFailure."""
        ...


class Deliverer:
    """Delivers what the outbox holds for channels that must be sent to."""

    def __init__(self, store: Store, clinic: Clinic, clock: Clock, bell: Bell, senders: Mapping[str, Sender]) -> None:
        self._store = store
        self._clinic = clinic
        self._clock = clock
        self._bell = bell
        self._senders = senders

    async def run(self) -> None:
        """Deliver until cancelled. A message that takes long holds up its own conversation and no other."""
        if not self._senders:
            await asyncio.Event().wait()  # until cancelled: there is nobody to deliver to
        under_way: dict[int, asyncio.Task[None]] = {}
        try:
            with self._bell.listen() as listener:
                while True:
                    under_way = {key: task for key, task in under_way.items() if not task.done()}
                    if not await to_the_end(self._start(under_way)):
                        await listener.wait(1.0)
        finally:
            if under_way:  # what is half sent may finish, or a restart would repeat it
                await asyncio.wait(under_way.values(), timeout=LAST_WORDS)
            for task in under_way.values():
                task.cancel()
            await asyncio.gather(*under_way.values(), return_exceptions=True)

    async def _start(self, under_way: dict[int, asyncio.Task[None]]) -> bool:
        """Start what is due, as far as there is room. Out: whether there was anything."""
        if len(under_way) >= AT_ONCE:
            return False
        try:
            claimed = await asyncio.to_thread(self._claim)
        except SQLAlchemyError:
            log.exception("the outbox cannot be read")
            return False
        for message, patient in claimed:
            if message.id not in under_way:
                under_way[message.id] = asyncio.create_task(self._deliver_alone(message, patient))
        return bool(claimed)

    async def _deliver_alone(self, message: Message, patient: Patient) -> None:
        CONVERSATION.set(message.conversation_id)
        try:
            await self._deliver(message, patient)
        except SQLAlchemyError:
            log.exception("what became of message %s cannot be written; it may be sent twice", message.id)

    async def deliver_due(self) -> int:
        """Deliver the first waiting message of each conversation. Out: how many were tried."""
        claimed = await asyncio.to_thread(self._claim)
        await asyncio.gather(*(self._deliver(message, patient) for message, patient in claimed))
        return len(claimed)

    def _claim(self) -> list[tuple[Message, Patient]]:
        now = self._clock.now()
        # One message at a time in a conversation: the next waits until this one is sent or given up.
        first = (
            select(func.min(Message.id))
            .where(PENDING, Message.channel.in_(self._senders))
            .group_by(Message.conversation_id)
        )
        # One further ahead than any wait is from before the clock was put back.
        beyond = Message.next_attempt_at > now + timedelta(seconds=LONGEST_WAIT)
        due = Message.id.in_(first) & (Message.next_attempt_at.is_(None) | (Message.next_attempt_at <= now) | beyond)
        with self._store.read() as session:
            if session.scalar(select(Message.id).where(due).limit(1)) is None:
                return []
        with self._store.write() as session:
            for message_id in session.scalars(select(Message.id).where(due, Message.send_by < now)).all():
                self._miss(session, now, message_id)
        with self._store.claims() as session:
            again, attempt = now + LEASE, Message.attempts + 1
            keys = claim(session, Message, due, most=50, attempts=attempt, next_attempt_at=again)
            query = select(Message, Patient).join(Conversation, Conversation.id == Message.conversation_id)
            rows = session.execute(query.join(Conversation.patient).where(Message.id.in_(keys)).order_by(Message.id))
            return [(message, patient) for message, patient in rows]

    async def _deliver(self, message: Message, patient: Patient) -> None:
        try:
            if patient.blocked_at is not None:
                raise PermanentFailure("the patient has blocked the bot", blocked=True)  # noqa: TRY301
            await self._senders[message.channel].send(patient.channel_key, message)
        except TransientFailure as failure:
            await asyncio.to_thread(self._put_off, message, failure)
        except PermanentFailure as failure:
            await asyncio.to_thread(self._give_up, message, str(failure), failure.blocked)
        except Exception:
            # A fault of ours must not stop everybody else's messages; the row is retried and at last given up.
            log.exception("sending message %s failed", message.id)
            await asyncio.to_thread(self._put_off, message, TransientFailure("a fault of ours; see the log"))
        else:
            await asyncio.to_thread(self._finish, message)

    def _put_off(self, message: Message, failure: TransientFailure) -> None:
        if message.attempts >= MAX_ATTEMPTS:
            self._give_up(message, str(failure), blocked=False)
            return
        measures.DELIVERY_FAILURES.labels(message.channel, "retried").inc()
        wait = min(failure.retry_after or min(2.0**message.attempts, 600.0), LONGEST_WAIT)
        with self._store.write() as session:
            row = session.get_one(Message, message.id)
            row.next_attempt_at = self._clock.now() + timedelta(seconds=wait)
            row.failure = str(failure)[:200]

    def _give_up(self, message: Message, reason: str, blocked: bool) -> None:
        """Mark the message and give staff a case, so that somebody rings the patient."""
        log.error("message %s will not be delivered: %s", message.id, reason)
        measures.DELIVERY_FAILURES.labels(message.channel, "given_up").inc()
        now = self._clock.now()
        with self._store.write() as session:
            self._mark(session, now, message.id, Delivery.FAILED, reason)
            case = raise_undelivered(session, self._clinic, now, message.conversation_id)
            audit(
                session, now, "bot", "delivery_failed", conversation_id=message.conversation_id, case_id=case.id,
                message_id=message.id, blocked=blocked,
            )  # fmt: skip
            if blocked:
                mark_blocked(session.get_one(Conversation, message.conversation_id).patient, now)
        self._bell.ring(message.conversation_id)

    def _miss(self, session: Session, now: datetime, message_id: int) -> None:
        """A reminder that could not be sent in time: it says what holds no more, or would come at night."""
        log.warning("message %s is too late to be sent", message_id)
        self._mark(session, now, message_id, Delivery.FAILED, "too late")
        session.execute(update(FollowUp).where(FollowUp.message_id == message_id).values(state=FollowUpState.MISSED))

    def _finish(self, message: Message) -> None:
        with self._store.write() as session:
            self._mark(session, self._clock.now(), message.id, Delivery.SENT, None)
        self._bell.ring(message.conversation_id)

    def _mark(self, session: Session, now: datetime, message_id: int, delivery: Delivery, reason: str | None) -> None:
        row = session.get_one(Message, message_id)
        row.delivery, row.failure = delivery, reason and reason[:200]
        record(session, now, row.conversation_id, "delivery", message_id=row.id, delivery=delivery)


def mark_blocked(patient: Patient, now: datetime) -> None:
    """Remember that the patient's channel refuses our messages; a message from them lifts it."""
    patient.blocked_at = patient.blocked_at or now
