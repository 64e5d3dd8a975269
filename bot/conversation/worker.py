"""Answers what was received: one conversation at a time by one worker, its messages in order."""

import asyncio
import logging
import secrets
from collections import Counter
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from bot.care.clinic import Clinic
from bot.care.wording import Wording
from bot.clock import Clock
from bot.conversation.brain import Brain, BrainUnavailable
from bot.conversation.cases import case_before, cases_of_person, held_in, open_case
from bot.conversation.check import check_facts
from bot.conversation.committing import write_down
from bot.conversation.drafting import Draft, Drafting
from bot.conversation.events import Bell, Listener
from bot.conversation.finishing import to_the_end
from bot.conversation.limited import Limits
from bot.conversation.record import facts
from bot.conversation.reminders import reminder_facts
from bot.conversation.taking import Taking
from bot.conversation.typing import Typing
from bot.logs import CONVERSATION
from bot.store.database import Store
from bot.store.tables import Conversation, Handling, Message

log = logging.getLogger(__name__)

MAX_FAULTS = 5  # tries at one message before the patient is told
AT_ONCE = 16  # conversations answered at the same time by one process
LOOK_EVERY = 1.0  # seconds, for what rang no bell here


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
        self._taking = Taking(clock, secrets.token_hex(8))
        self._listener: Listener | None = None
        self._busy: set[str] = set()
        self._later: set[str] = set()  # rang while they were busy, or all hands were full
        self._faults: Counter[int] = Counter()

    async def run(self) -> None:
        """Answer until cancelled."""
        loop, look_at, heard = asyncio.get_running_loop(), 0.0, frozenset[str | None]()
        async with asyncio.TaskGroup() as tasks:
            with self._bell.listen() as self._listener:
                while True:
                    if None in heard or loop.time() >= look_at:
                        look_at, found = loop.time() + LOOK_EVERY, await self._look()
                        heard |= {one for one in found if one not in self._busy}
                    for conversation_id in heard:
                        if conversation_id is not None:
                            self._see_to(tasks, conversation_id)
                    await self._listener.wait(look_at - loop.time())
                    heard = self._listener.heard

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
        with self._store.read() as session:
            return self._taking.waiting(session)

    def _see_to(self, tasks: asyncio.TaskGroup, conversation_id: str) -> None:
        if conversation_id in self._busy or len(self._busy) >= AT_ONCE:
            self._later.add(conversation_id)
        else:
            self._busy.add(conversation_id)
            tasks.create_task(self._attend(conversation_id))

    async def _attend(self, conversation_id: str) -> None:
        try:
            await self._answer_all(conversation_id)
        finally:
            self._busy.discard(conversation_id)
            if self._listener and self._later:
                self._listener.wake(*self._later)
                self._later.clear()

    async def _answer_all(self, conversation_id: str) -> None:
        CONVERSATION.set(conversation_id)
        try:
            try:
                asked = await to_the_end(asyncio.to_thread(self._take, conversation_id))
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
        with self._store.claims() as session:
            found = self._taking.take(session, conversation_id)
            return self._asked(session, *found) if found else None

    def _let_go(self, conversation_id: str) -> None:
        with self._store.claims() as session:
            self._taking.hold(session, conversation_id, on=False)

    def _asked(self, session: Session, message: Message, conversation: Conversation) -> Asked:
        case = open_case(session, conversation.id)
        now = self._clock.now()
        metadata = {
            "now": now.isoformat(),
            "message_id": message.id,
            "channel": message.channel,
            "case": case_before(session, case, message) if case else None,
            "held": sorted(held_in(conversation, cases_of_person(session, conversation))),
            **facts(session, conversation, now, self._clinic),
            **check_facts(conversation, message),
            **reminder_facts(session, conversation, message),
            "screened": _screened(message),
            "known": (message.verdict or {}).get("known"),
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
        draft = self._drafting.unread(asked.message)
        if draft is not None:
            return await self._finish(asked.message, draft)
        self._typing.show(asked.message.conversation_id, on=True)
        try:
            return await self._finish(asked.message, await self._ask_rasa(asked))
        finally:
            self._typing.show(asked.message.conversation_id, on=False)

    async def _ask_rasa(self, asked: Asked) -> Draft:
        message, thread = asked.message, asked.message.conversation_id
        try:
            turn = await self._brain.turn(thread, message.payload or _plain(message.text), asked.metadata, asked.slots)
            return self._drafting.of_turn(message, turn)
        except BrainUnavailable as failure:
            log.warning("no answer from Rasa for message %s: %s", message.id, failure)
            return self._drafting.fallback(message)

    async def _finish(self, message: Message, draft: Draft) -> Asked | None:
        following = await to_the_end(asyncio.to_thread(self._commit, message.conversation_id, message.id, draft))
        self._bell.ring(message.conversation_id, but=self._listener)
        return following

    def _commit(self, conversation_id: str, message_id: int, draft: Draft) -> Asked | None:
        with self._store.write() as session:
            message, conversation = self._taking.one(session, message_id)
            # Held: a clinician took over while Rasa was thinking. Else another worker was quicker.
            if message.handling in (Handling.RECEIVED, Handling.HELD):
                write_down(session, self._clinic, self._clock.now(), conversation, message, draft)
                session.flush()
            following = self._taking.first(session, conversation_id)
            kept = self._taking.hold(session, conversation_id, on=following is not None)
            return self._asked(session, *following) if following and kept else None


def _screened(message: Message) -> dict[str, Any] | None:
    """Reception's verdict with the day it counts with, where Rasa is asked the very words that were screened."""
    given = message.verdict or {}
    return given if "day" in given and _plain(message.text) == message.text else None


def _plain(text: str) -> str:
    """Text that Rasa cannot take for an intent: patients may begin with a slash."""
    return text.lstrip("/ ") or "?"
