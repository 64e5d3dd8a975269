"""Answers what was received: one conversation at a time by one worker, its messages in order."""

import asyncio
import logging
import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session, joinedload

from bot.care.advice import escalation_keys
from bot.care.clinic import Clinic
from bot.care.effects import (
    CaseEffect,
    CheckEffect,
    Effect,
    PersonalEffect,
    RemindersEffect,
    TopicEffect,
    TreatmentEffect,
    ZoneEffect,
)
from bot.care.treatment import Treatment
from bot.care.values import clinic_values
from bot.care.wording import Wording
from bot.clock import Clock
from bot.conversation.brain import Brain, BrainUnavailable, Turn
from bot.conversation.cases import apply_verdict, case_before, open_case, open_or_raise
from bot.conversation.check import check_facts, put_check
from bot.conversation.events import Bell
from bot.conversation.limited import Limits
from bot.conversation.outbox import enqueue
from bot.conversation.record import days_since, facts, remember_instruction, remember_treatment, treatment_of
from bot.conversation.reminders import reminder_facts, set_wish
from bot.conversation.typing import Typing
from bot.store.claims import claim
from bot.store.database import Store
from bot.store.tables import Author, Conversation, Handling, Kind, Message, Owner
from bot.triage.tier import Tier
from bot.triage.verdict import NO_RISK, Verdict

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=20)  # a worker that died holds a conversation no longer than this; renewed with each message
MAX_FAULTS = 5  # tries at one message before the patient is told
AT_ONCE = 16  # conversations answered at the same time by one process


@dataclass(frozen=True)
class Draft:
    """What a turn will write: replies as (text, buttons), effects, and the verdict of both layers."""

    replies: Sequence[tuple[str, Sequence[dict[str, Any]]]]
    effects: Sequence[Effect] = ()
    verdict: Verdict = NO_RISK
    topics: Sequence[str] = ()
    intent: str = ""
    doubtful: bool = False
    handling: Handling = Handling.HANDLED
    case: tuple[Tier, str] | None = None
    slots: dict[str, Any] | None = None  # None: the dialogue stands where it stood


class Worker:
    """Takes received messages to Rasa and puts its replies into the outbox."""

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
        self._wording = wording
        self._clock = clock
        self._bell = bell
        self._typing = typing
        self._limits = Limits(clinic, wording, web_chat)
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
                            tasks.create_task(self._answer_all(conversation_id))
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

    async def _answer_all(self, conversation_id: str) -> None:
        try:
            if not await asyncio.to_thread(self._claim, conversation_id):
                return  # another worker was quicker
            try:
                while (message_id := await asyncio.to_thread(self._next, conversation_id)) is not None:
                    await self._answer_or_give_up(conversation_id, message_id)
                    if not await asyncio.to_thread(self._claim, conversation_id):  # a long queue outlasts one lease
                        return
            finally:
                await asyncio.to_thread(self._release, conversation_id)
                self._bell.ring(conversation_id)
        except Exception:
            # One conversation's fault must not stop the others; its message stays received and is tried again.
            log.exception("answering conversation %s failed", conversation_id)
            await asyncio.sleep(1)
        finally:
            self._busy.discard(conversation_id)

    def _claim(self, conversation_id: str) -> bool:
        until = self._clock.now() + LEASE
        with self._store.claims() as session:
            mine = Conversation.id == conversation_id
            return bool(claim(session, Conversation, mine, self._is_free(), claimed_by=self._name, claimed_until=until))

    def _is_free(self) -> ColumnElement[bool]:
        return (
            Conversation.claimed_until.is_(None)
            | (Conversation.claimed_until < self._clock.now())
            | (Conversation.claimed_by == self._name)
        )

    def _release(self, conversation_id: str) -> None:
        with self._store.claims() as session:
            session.execute(
                update(Conversation)
                .where(Conversation.id == conversation_id, Conversation.claimed_by == self._name)
                .values(claimed_by=None, claimed_until=None)
            )

    def _next(self, conversation_id: str) -> int | None:
        with self._store.read() as session:
            return session.scalar(
                select(Message.id)
                .where(Message.conversation_id == conversation_id, Message.handling == Handling.RECEIVED)
                .order_by(Message.id)
                .limit(1)
            )

    async def _answer_or_give_up(self, conversation_id: str, message_id: int) -> None:
        """Answer; after some faults of ours say honestly that nobody can, so that what comes after is not held up."""
        try:
            await self._answer(conversation_id, message_id)
        except Exception:
            self._faults[message_id] += 1
            if self._faults[message_id] < MAX_FAULTS:
                raise
            log.exception("message %s cannot be answered", message_id)
            message, *_ = await asyncio.to_thread(self._load, conversation_id, message_id)
            await asyncio.to_thread(self._commit, conversation_id, message_id, self._fallback(message))
        self._faults.pop(message_id, None)

    async def _answer(self, conversation_id: str, message_id: int) -> None:
        message, metadata, slots = await asyncio.to_thread(self._load, conversation_id, message_id)
        said = message.text.strip()
        if message.kind is Kind.OTHER or (message.kind not in (Kind.TEXT, Kind.BUTTON) and not said):
            draft = self._attachment_reply(message)
        elif not said:
            draft = Draft([self._say("utter_empty_message")])
        else:
            self._typing.show(conversation_id, on=True)
            try:
                asked = message.payload or _plain(message.text)
                turn = await self._brain.turn(conversation_id, asked, metadata, slots)
            except BrainUnavailable as failure:
                log.warning("no answer from Rasa for message %s: %s", message_id, failure)
                draft = self._fallback(message)
            else:
                draft = self._limited(message, self._draft(message, turn))
            finally:
                self._typing.show(conversation_id, on=False)
        await asyncio.to_thread(self._commit, conversation_id, message_id, draft)
        self._bell.ring(conversation_id)

    def _load(self, conversation_id: str, message_id: int) -> tuple[Message, dict[str, Any], dict[str, Any]]:
        with self._store.read() as session:
            conversation = session.get_one(Conversation, conversation_id, options=[joinedload(Conversation.patient)])
            message = session.get_one(Message, message_id)
            case = open_case(session, conversation_id)
            now = self._clock.now()
            metadata = {
                "now": now.isoformat(),
                "day": days_since(treatment_of(session, conversation.patient_id), now),
                "message_id": message_id,
                "channel": message.channel,
                "case": case_before(case, message) if case else None,
                **facts(session, conversation),
                **check_facts(conversation, message),
                **reminder_facts(session, conversation, message),
            }
            return message, self._limits.general(message.channel, metadata), conversation.slots

    def _draft(self, message: Message, turn: Turn) -> Draft:
        replies = [(reply.text, [dict(button) for button in reply.buttons]) for reply in turn.replies]
        # The gate runs the same screen as reception, and the classifier beside it: its verdict is the whole one. What
        # a button says needs no reading, and reception has its verdict.
        verdict = _known_verdict(message) if message.payload else turn.verdict
        draft = Draft(replies, turn.effects, verdict, turn.topics, turn.intent, turn.doubtful, slots=dict(turn.slots))
        if message.kind not in (Kind.TEXT, Kind.BUTTON):
            return self._with_attachment(draft, message)
        return draft

    def _limited(self, message: Message, draft: Draft) -> Draft:
        if not self._limits.hold(message.channel):
            return draft
        replies, effects = self._limits.apply(self._clock.now(), draft.replies, draft.effects, draft.verdict.tier)
        return replace(draft, replies=replies, effects=effects)

    def _attachment_reply(self, message: Message) -> Draft:
        known = {Kind.PHOTO: "utter_photo", Kind.VOICE: "utter_voice"}
        key = known.get(message.kind, "utter_attachment")
        # What is neither words nor a file has a line that says what it is; a caption below it has been screened.
        verdict = _known_verdict(message)
        advice = escalation_keys(verdict, self._clinic, self._clock.now()) if verdict.tier >= Tier.URGENT else []
        replies = [*(self._say(key, **values) for key, values in advice), self._say(key)]
        if message.kind is not Kind.PHOTO or message.text.strip() or verdict.tier > Tier.NONE:
            return Draft(replies, verdict=verdict, case=(Tier.ROUTINE, "attachment"))
        # A photo alone says nothing of the signs, so they are asked about.
        check, _ = self._say("utter_check")
        text = f"{replies[-1][0]}\n\n{check}"
        replies[-1] = (text, list(self._wording.buttons("utter_button_check")))
        return Draft(replies, [CheckEffect("asked")], verdict, case=(Tier.ROUTINE, "attachment"))

    def _with_attachment(self, draft: Draft, message: Message) -> Draft:
        attachment = self._attachment_reply(message)
        return replace(draft, replies=[*draft.replies, *attachment.replies], case=attachment.case)

    def _fallback(self, message: Message) -> Draft:
        """An honest reply when Rasa does not answer; with the safety advice where the screen flagged the message."""
        verdict = _known_verdict(message)
        keys = escalation_keys(verdict, self._clinic, self._clock.now()) if verdict.tier >= Tier.URGENT else []
        advice = [self._say(key, **values) for key, values in keys]
        tier = max(verdict.tier, Tier.ROUTINE)
        return Draft(
            [*advice, self._say("utter_no_answer")],
            verdict=verdict,
            handling=Handling.UNANSWERED,
            case=(tier, "no_answer"),
        )

    def _say(self, key: str, **values: Any) -> tuple[str, list[dict[str, Any]]]:
        text = self._wording.render(key, **{**clinic_values(self._clinic, self._clock.now()), **values})
        return text, list(self._wording.buttons(key))

    def _commit(self, conversation_id: str, message_id: int, draft: Draft) -> None:
        now = self._clock.now()
        with self._store.write() as session:
            conversation = session.get_one(Conversation, conversation_id, options=[joinedload(Conversation.patient)])
            message = session.get_one(Message, message_id)
            if message.handling is not Handling.RECEIVED:
                return  # another worker was quicker after our lease ran out
            message.verdict, message.tier = draft.verdict.as_dict(), int(draft.verdict.tier)
            message.topics, message.intent, message.doubtful = list(draft.topics), draft.intent or None, draft.doubtful
            if draft.verdict.tier > Tier.NONE:
                apply_verdict(session, self._clinic, now, conversation_id, message_id, draft.verdict)
                put_check(conversation, None, self._clinic, now)
            if draft.case:
                tier, reason = draft.case
                open_or_raise(
                    session, self._clinic, now, conversation_id, tier=tier, reason=reason, message_id=message_id
                )
            for effect in draft.effects:
                self._apply(session, now, conversation, message_id, effect)
            if conversation.owner is Owner.CLINICIAN and draft.verdict.tier < Tier.EMERGENCY:
                message.handling = Handling.HELD  # a clinician took over while Rasa was thinking: the bot stays silent
                return
            for text, buttons in draft.replies:
                enqueue(session, now, conversation, Author.BOT, text, buttons=buttons)
            message.handling = draft.handling
            if draft.slots is not None:
                conversation.slots = draft.slots

    def _apply(
        self, session: Session, now: datetime, conversation: Conversation, message_id: int, effect: Effect
    ) -> None:
        match effect:
            case CaseEffect():
                open_or_raise(
                    session,
                    self._clinic,
                    now,
                    conversation.id,
                    tier=Tier.from_label(effect.tier),
                    reason=effect.reason,
                    signs=effect.signs,
                    message_id=message_id,
                )
            case TreatmentEffect():
                said = Treatment(effect.ended_at, effect.certainty)
                remember_treatment(session, self._clinic, now, conversation, said, "patient")
            case PersonalEffect():
                remember_instruction(conversation, effect.key, effect.value)
            case CheckEffect():
                if conversation.owner is Owner.BOT:  # else the patient never reads the check
                    put_check(conversation, effect.step, self._clinic, now)
            case RemindersEffect():
                set_wish(session, now, conversation, wanted=effect.wanted)
            case ZoneEffect():
                conversation.patient.zone = effect.zone
            case TopicEffect():
                pass  # the turn's own topics are kept with the message


def _known_verdict(message: Message) -> Verdict:
    return Verdict.from_dict(message.verdict) if message.verdict else NO_RISK


def _plain(text: str) -> str:
    """Text that Rasa cannot take for an intent: patients may begin with a slash."""
    return text.lstrip("/ ") or "?"
