"""The one way in. A message is stored with its verdict and its case in one transaction, before it is acknowledged."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, contains_eager

from bot.care.advice import escalation_keys
from bot.care.answered import pressed_verdict
from bot.care.clinic import Clinic
from bot.care.wording import Wording
from bot.clock import Clock
from bot.conversation.cases import apply_verdict
from bot.conversation.check import await_again
from bot.conversation.choices import Choice, typed_choice
from bot.conversation.events import Bell, record
from bot.conversation.inbound import Inbound, clean
from bot.conversation.known import as_kept, context_of, remember_risks
from bot.conversation.outbox import Line, enqueue
from bot.conversation.own_buttons import OwnButtons
from bot.store.database import Store
from bot.store.files import SealedFiles
from bot.store.tables import Author, Conversation, Handling, Kind, Message, Owner, Patient
from bot.triage.screen import Screen
from bot.triage.support import needs_support
from bot.triage.tier import Tier
from bot.triage.verdict import Verdict


@dataclass(frozen=True)
class Received:
    """What became of an inbound message. `duplicate`: it was here before, and nothing was done."""

    message_id: int
    conversation_id: str
    duplicate: bool
    tier: Tier


class Reception:
    """Takes messages in, for every channel."""

    def __init__(
        self,
        store: Store,
        screen: Screen,
        clinic: Clinic,
        wording: Wording,
        clock: Clock,
        bell: Bell,
        files: SealedFiles,
        own_buttons: OwnButtons,
    ) -> None:
        self._store = store
        self._screen = screen
        self._clinic = clinic
        self._wording = wording
        self._clock = clock
        self._bell = bell
        self._files = files
        self._own_buttons = own_buttons

    def receive(self, inbound: Inbound) -> Received:
        """Store one message; when this returns it is safe, screened, and a red flag has its case.

        A redelivery gives back the first one's ids. The files of a duplicate are removed, and
        those of a message that cannot be stored.
        """
        try:
            received = self._stored(inbound)
        except Exception:
            self._drop(inbound)
            raise
        if received.duplicate:
            self._drop(inbound)
        self._bell.ring(received.conversation_id)
        return received

    def _stored(self, inbound: Inbound) -> Received:
        try:
            with self._store.write() as session:
                return self._take(session, inbound)
        except IntegrityError:  # it was delivered before
            with self._store.read() as session:
                known = self._known(session, inbound)
            if known is None:
                raise
            return known

    def _drop(self, inbound: Inbound) -> None:
        for upload in inbound.uploads:
            self._files.drop(upload.stored_name)

    def _known(self, session: Session, inbound: Inbound) -> Received | None:
        message = session.scalar(
            select(Message).where(Message.channel == inbound.channel, Message.external_id == inbound.external_id)
        )
        if message is None:
            return None
        return Received(message.id, message.conversation_id, True, Tier(message.tier))

    def _take(self, session: Session, inbound: Inbound) -> Received:
        now = self._clock.now()
        conversation = conversation_of(session, inbound.channel, inbound.patient_key, now)
        conversation.patient.blocked_at = None
        text, payload, carrier = _said(session, conversation, inbound)
        choice = Choice.read(payload)
        verdict, kept = self._judged(session, conversation, text, payload, now)
        message = Message(
            conversation_id=conversation.id,
            channel=inbound.channel,
            external_id=inbound.external_id,
            author=Author.PATIENT,
            kind=Kind.BUTTON if payload else inbound.kind,
            text=text,
            payload=payload,
            verdict=kept,
            tier=int(verdict.tier),
            handling=_handling(conversation),
            created_at=now,
            attachments=[upload.row() for upload in inbound.uploads],
        )
        session.add(message)
        session.flush()
        record(session, now, conversation.id, "message", message_id=message.id)
        await_again(session, conversation, self._clinic, now)
        answers = self._own_answers(session, now, conversation, message, choice, carrier)
        if answers is not None:
            message.handling = Handling.HANDLED
            for reply, buttons in answers:
                enqueue(session, now, conversation, Author.BOT, reply, buttons=buttons)
            return Received(message.id, conversation.id, False, verdict.tier)
        owned = conversation.owner is Owner.CLINICIAN
        # What needs the classifier's support waits a moment for it; where a clinician owns, nobody asks the classifier.
        if verdict.tier >= Tier.URGENT and (owned or not needs_support(verdict, text)):
            apply_verdict(session, self._clinic, now, conversation.id, message.id, verdict)
        if owned and verdict.tier is Tier.EMERGENCY:
            # The clinician may not be looking this minute; the number to call must not wait for them.
            # The last line says that nobody reads along, and here somebody does.
            for key, values in escalation_keys(verdict, self._clinic, now)[:-1]:
                enqueue(session, now, conversation, Author.BOT, self._wording.render(key, **values))
        return Received(message.id, conversation.id, False, verdict.tier)

    def _own_answers(
        self,
        session: Session,
        now: datetime,
        conversation: Conversation,
        message: Message,
        choice: Choice | None,
        carrier: int,
    ) -> list[Line] | None:
        """What we answer without Rasa; None where the message is not for us. A sign of anything is never for us."""
        if choice is not None:
            return self._own_buttons.answer(session, now, conversation, message, choice, carrier)
        if message.tier or message.payload or message.attachments:
            return None
        return self._own_buttons.typed(session, now, conversation, message)

    def _judged(
        self, session: Session, conversation: Conversation, text: str, payload: str | None, now: datetime
    ) -> tuple[Verdict, dict[str, Any]]:
        """The verdict, and how it is kept: of words with what it counts with, so that Rasa need not screen them."""
        if payload:
            pressed = pressed_verdict(payload)
            return pressed, pressed.as_dict()
        context = context_of(session, self._clinic, conversation, now)
        verdict = self._screen(text, context)
        remember_risks(conversation, verdict)
        return verdict, as_kept(verdict, context)


_THEIRS = (
    select(Conversation)
    .join(Conversation.patient)
    .where(Patient.channel == bindparam("channel"), Patient.channel_key == bindparam("patient_key"))
    .options(contains_eager(Conversation.patient))
)


def conversation_of(session: Session, channel: str, patient_key: str, now: datetime) -> Conversation:
    """The patient's conversation, made on their first message."""
    conversation = session.scalar(_THEIRS, {"channel": channel, "patient_key": patient_key})
    if conversation is None:
        patient = Patient(channel=channel, channel_key=patient_key, created_at=now, personal={})
        conversation = Conversation(id=secrets.token_hex(12), patient=patient, owner=Owner.BOT, created_at=now)
        session.add(conversation)
        session.flush()
    return conversation


def _handling(conversation: Conversation) -> Handling:
    return Handling.HELD if conversation.owner is Owner.CLINICIAN else Handling.RECEIVED


def _said(session: Session, conversation: Conversation, inbound: Inbound) -> tuple[str, str | None, int]:
    """The text, and the payload and message of the button it stands for. One that is not ours counts as its title."""
    text, press = clean(inbound.text), inbound.press
    if press is None:
        typed = typed_choice(session, conversation.id, text) if text and not inbound.uploads else None
        return (text, typed[1], typed[0]) if typed else (text, None, 0)
    carrier = session.get(Message, press.message_id)
    if carrier is None or carrier.conversation_id != conversation.id or not 0 <= press.index < len(carrier.buttons):
        return text, None, 0
    button = carrier.buttons[press.index]
    return button["title"], button["payload"], carrier.id
