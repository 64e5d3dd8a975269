"""Answers what was received: one conversation at a time by one worker, its messages in order."""

import asyncio
import logging
import secrets
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session, joinedload

from bot.care.clinic import Clinic
from bot.care.wording import Wording
from bot.clock import Clock
from bot.conversation.brain import Brain, BrainUnavailable
from bot.conversation.cases import case_before, open_case
from bot.conversation.check import check_facts
from bot.conversation.committing import write_down
from bot.conversation.drafting import Draft, Drafting
from bot.conversation.events import Bell, Listener
from bot.conversation.limited import Limits
from bot.conversation.record import facts
from bot.conversation.reminders import reminder_facts
from bot.conversation.typing import Typing
from bot.logs import CONVERSATION
from bot.store.claims import claim
from bot.store.database import Store
from bot.store.tables import Conversation, Handling, Message

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=20)  # a worker that died holds a conversation no longer than this; renewed with each message
MAX_FAULTS = 5  # tries at one message before the patient is told
AT_ONCE = 16  # conversations answered at the same time by one process


@dataclass(frozen=True)
class Asked:
    """A message to answer: what Rasa's actions are told beside it, and the slots of the dialogue so far."""

    message: Message
    metadata: dict[str, Any]
    slots: dict[str, Any]


class Worker:
    """Takes received messages to Rasa and puts its replies into the outbox.

    A message costs two transactions: one that takes it, where the one before it did not, and one that writes down the
    answer and takes the next or lets go of the conversation.
    """

    def __init__(
        self,
        store: Store,
        brain: Brain,
        clinic: Clinic,
        wording: Wording,
        clock: Clock,
        bell: Bell,
        typing: Typing,
        web_chat: str = "",
    ) -> None:
        """`web_chat` is the address where patients are sent with what is personal; see bot/conversation/limited.py."""
        self._store = store
        self._brain = brain
        self._clinic = clinic
        self._clock = clock
        self._bell = bell
        self._typing = typing
        self._limits = Limits(clinic, wording, web_chat)
        self._drafting = Drafting(clinic, wording, clock, self._limits)
        self._name = secrets.token_hex(8)
        self._busy: set[str] = set()
        self._faults: Counter[int] = Counter()

    async def run(self) -> None:
        """Answer until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            with self._bell.listen() as listener:
                while True:
                    for conversation_id in await self._look():
                        if conversation_id not in self._busy and len(self._busy) < AT_ONCE:
                            self._busy.add(conversation_id)
                            tasks.create_task(self._attend(conversation_id, listener))
                    await listener.wait(1.0)

    async def _look(self) -> list[str]:
        try:
            return await asyncio.to_thread(self._waiting)
        except Exception:
            log.exception("what waits for an answer cannot be read; trying again")
            return []

    async def answer_waiting(self) -> None:
        """Answer everything that waits now, then return: replays and tests."""
        for conversation_id in await asyncio.to_thread(self._waiting):
            await self._answer_all(conversation_id)

    def _waiting(self) -> list[str]:
        """Conversations with something to answer that no other worker has."""
        query = select(Message.conversation_id).join(Conversation, Conversation.id == Message.conversation_id)
        with self._store.read() as session:
            return list(session.scalars(query.where(Message.handling == Handling.RECEIVED, self._is_free()).distinct()))

    async def _attend(self, conversation_id: str, listener: Listener) -> None:
        try:
            await self._answer_all(conversation_id)
        finally:
            self._busy.discard(conversation_id)
            listener.wake()  # what came for it at the last moment, or was passed over while all hands were full

    async def _answer_all(self, conversation_id: str) -> None:
        CONVERSATION.set(conversation_id)
        try:
            try:
                asked = await asyncio.to_thread(self._take, conversation_id)
                while asked is not None:
                    asked = await self._answer_or_give_up(asked)
            except BaseException:
                await asyncio.to_thread(self._let_go, conversation_id)
                raise
        except Exception:
            # One conversation's fault must not stop the others; its message stays received and is tried again.
            log.exception("answering conversation %s failed", conversation_id)
            await asyncio.sleep(1)

    def _take(self, conversation_id: str) -> Asked | None:
        """Claim a conversation. Out: its first waiting message; None where another worker was quicker."""
        until = self._clock.now() + LEASE
        with self._store.claims() as session:
            mine = Conversation.id == conversation_id
            if not claim(session, Conversation, mine, self._is_free(), claimed_by=self._name, claimed_until=until):
                return None
            message = self._waits(session, conversation_id)
            if message is None:
                self._hold(session, conversation_id, on=False)
                return None
            return self._asked(session, message)

    def _is_free(self) -> ColumnElement[bool]:
        now = self._clock.now()
        return (
            Conversation.claimed_until.is_(None)
            | (Conversation.claimed_until < now)
            | (Conversation.claimed_until > now + 2 * LEASE)  # longer than any lasts: the clock was put back
            | (Conversation.claimed_by == self._name)
        )

    def _waits(self, session: Session, conversation_id: str) -> Message | None:
        """The first message of a conversation that is to be answered."""
        waiting = (Message.conversation_id == conversation_id) & (Message.handling == Handling.RECEIVED)
        return session.scalar(select(Message).where(waiting).order_by(Message.id).limit(1))

    def _hold(self, session: Session, conversation_id: str, *, on: bool) -> bool:
        """Begin our lease anew, or end it. Out: whether the conversation was still ours."""
        until = self._clock.now() + LEASE if on else None
        ours = (Conversation.id == conversation_id) & (Conversation.claimed_by == self._name)
        lease = update(Conversation).where(ours).values(claimed_by=self._name if on else None, claimed_until=until)
        return session.execute(lease.returning(Conversation.id)).first() is not None

    def _let_go(self, conversation_id: str) -> None:
        with self._store.claims() as session:
            self._hold(session, conversation_id, on=False)

    def _asked(self, session: Session, message: Message) -> Asked:
        conversation = session.get_one(
            Conversation, message.conversation_id, options=[joinedload(Conversation.patient)]
        )
        case = open_case(session, conversation.id)
        now = self._clock.now()
        metadata = {
            "now": now.isoformat(),
            "message_id": message.id,
            "channel": message.channel,
            "case": case_before(case, message) if case else None,
            **facts(session, conversation, now),
            **check_facts(conversation, message),
            **reminder_facts(session, conversation, message),
        }
        return Asked(message, self._limits.general(message.channel, metadata), conversation.slots)

    async def _answer_or_give_up(self, asked: Asked) -> Asked | None:
        """Answer; after some faults of ours say honestly that nobody can, so that what comes after is not held up."""
        message = asked.message
        try:
            following = await self._answer(asked)
        except Exception:
            self._faults[message.id] += 1
            if self._faults[message.id] < MAX_FAULTS:
                raise
            log.exception("message %s cannot be answered", message.id)
            following = await self._finish(message, self._drafting.fallback(message))
        self._faults.pop(message.id, None)
        return following

    async def _answer(self, asked: Asked) -> Asked | None:
        """Answer one message. Out: the next of its conversation, which is then ours."""
        draft = self._drafting.unread(asked.message) or await self._ask_rasa(asked)
        return await self._finish(asked.message, draft)

    async def _ask_rasa(self, asked: Asked) -> Draft:
        message, thread = asked.message, asked.message.conversation_id
        self._typing.show(thread, on=True)
        try:
            turn = await self._brain.turn(thread, message.payload or _plain(message.text), asked.metadata, asked.slots)
            return self._drafting.of_turn(message, turn)
        except BrainUnavailable as failure:
            log.warning("no answer from Rasa for message %s: %s", message.id, failure)
            return self._drafting.fallback(message)
        finally:
            self._typing.show(thread, on=False)

    async def _finish(self, message: Message, draft: Draft) -> Asked | None:
        following = await asyncio.to_thread(self._commit, message.conversation_id, message.id, draft)
        self._bell.ring(message.conversation_id)
        return following

    def _commit(self, conversation_id: str, message_id: int, draft: Draft) -> Asked | None:
        with self._store.write() as session:
            conversation = session.get_one(Conversation, conversation_id, options=[joinedload(Conversation.patient)])
            message = session.get_one(Message, message_id)
            if message.handling is Handling.RECEIVED:  # else another worker was quicker after our lease ran out
                write_down(session, self._clinic, self._clock.now(), conversation, message, draft)
                session.flush()
            following = self._waits(session, conversation_id)
            kept = self._hold(session, conversation_id, on=following is not None)
            return self._asked(session, following) if following and kept else None


def _plain(text: str) -> str:
    """Text that Rasa cannot take for an intent: patients may begin with a slash."""
    return text.lstrip("/ ") or "?"
