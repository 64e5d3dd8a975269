"""Keeps patient messages that need no answer from Rasa: commands, further photos of an album, buttons we lost.

Never for words of a patient: those go through `Reception`, which screens them.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.conversation.cases import open_case, raise_undelivered
from bot.conversation.deliver import mark_blocked
from bot.conversation.events import audit, record
from bot.conversation.inbound import Inbound, Upload
from bot.conversation.outbox import Line, enqueue
from bot.conversation.receive import conversation_of
from bot.services import Services
from bot.store.tables import Attachment, Author, Conversation, Handling, Message, Owner, Patient

CHANNEL = "telegram"
Then = Callable[[Session, datetime, Conversation, Message], list[Line]]


class Keeper:
    """Each verb is one transaction, and a no-op when it was done before."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def add_to(self, external_id: str, uploads: Sequence[Upload]) -> bool:
        """Add files to a patient's message that is here already. Out: whether it is."""
        with self._services.store.write() as session:
            message = session.scalar(
                select(Message).where(Message.channel == CHANNEL, Message.external_id == external_id)
            )
            if message is None:
                return False
            message.attachments.extend(upload.row() for upload in uploads)
            record(session, self._services.clock.now(), message.conversation_id, "message", message_id=message.id)
            conversation_id = message.conversation_id
        self._services.bell.ring(conversation_id)
        return True

    def known(self, external_id: str) -> bool:
        """Whether a message, or a photo of an album, is here already."""
        with self._services.store.read() as session:
            return _known(session, external_id)

    def keep(self, inbound: Inbound, then: Then | None = None) -> bool:
        """Store a message as handled, and do and say what `then` gives, in one transaction. False: known before."""
        try:
            with self._services.store.write() as session:
                if _known(session, inbound.external_id):
                    return False
                conversation_id = self._keep(session, inbound, then)
        except IntegrityError:  # another process got the same delivery
            if not self.known(inbound.external_id):
                raise
            return False
        self._services.bell.ring(conversation_id)
        return True

    def tell(self, inbound: Inbound, line: Line) -> None:
        """Say one line about a message, once however often the message is delivered."""
        key = f"tell:{inbound.external_id}"
        now = self._services.clock.now()
        with self._services.store.write() as session:
            if _known(session, key):
                return
            conversation = conversation_of(session, CHANNEL, inbound.patient_key, now)
            text, buttons = line
            enqueue(session, now, conversation, Author.BOT, text, buttons=buttons, key=key)
            conversation_id = conversation.id
        self._services.bell.ring(conversation_id)

    def carries(self, patient_key: str, message_id: int, index: int) -> bool:
        """Whether this button is there, in this patient's own conversation."""
        with self._services.store.read() as session:
            carrier = session.get(Message, message_id)
            if carrier is None or not 0 <= index < len(carrier.buttons):
                return False
            patient = session.get_one(Conversation, carrier.conversation_id).patient
            return (patient.channel, patient.channel_key) == (CHANNEL, patient_key)

    def set_blocked(self, patient_key: str, *, blocked: bool) -> None:
        """Remember that a patient blocked us or let us in again, where staff see it. Strangers are ignored.

        A case that staff have seen waits for them again: what they would write does not arrive.
        """
        now = self._services.clock.now()
        with self._services.store.write() as session:
            patient = session.scalar(
                select(Patient).where(Patient.channel == CHANNEL, Patient.channel_key == patient_key)
            )
            if patient is None or blocked == (patient.blocked_at is not None):
                return
            conversation = session.scalars(select(Conversation).where(Conversation.patient_id == patient.id)).one()
            if blocked:
                mark_blocked(patient, now)
                if open_case(session, conversation.id) is not None:
                    raise_undelivered(session, self._services.clinic, now, conversation.id)
            else:
                patient.blocked_at = None
            action = "blocked_bot" if blocked else "unblocked_bot"
            audit(session, now, "patient", action, conversation_id=conversation.id, case_id=None)
            record(session, now, conversation.id, "delivery", blocked=blocked)
            conversation_id = conversation.id
        self._services.bell.ring(conversation_id)

    def _keep(self, session: Session, inbound: Inbound, then: Then | None) -> str:
        """Out: the conversation's id."""
        now = self._services.clock.now()
        conversation = conversation_of(session, CHANNEL, inbound.patient_key, now)
        conversation.patient.blocked_at = None
        theirs = conversation.owner is Owner.CLINICIAN and then is None
        message = Message(
            conversation_id=conversation.id,
            channel=CHANNEL,
            external_id=inbound.external_id,
            author=Author.PATIENT,
            kind=inbound.kind,
            text=inbound.text,
            handling=Handling.HELD if theirs else Handling.HANDLED,
            created_at=now,
            attachments=[upload.row() for upload in inbound.uploads],
        )
        session.add(message)
        session.flush()
        record(session, now, conversation.id, "message", message_id=message.id)
        for text, buttons in then(session, now, conversation, message) if then else ():
            enqueue(session, now, conversation, Author.BOT, text, buttons=buttons)
        return conversation.id


def _known(session: Session, external_id: str) -> bool:
    message = select(Message.id).where(Message.channel == CHANNEL, Message.external_id == external_id)
    photo = select(Attachment.id).where(Attachment.external_id == external_id)
    return session.scalar(message) is not None or session.scalar(photo) is not None
