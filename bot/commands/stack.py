"""The real stack in one process with Rasa and the actions beside it, for talking to the bot without a channel."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import SecretStr
from rich.console import Console
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.care.clinic import Clinic
from bot.clock import Clock
from bot.conversation.cases import open_case
from bot.conversation.inbound import Inbound, Press
from bot.processes import Part, actions_part, free_port, rasa_part, running
from bot.services import Services
from bot.settings import Settings
from bot.store.tables import Author, Case, Conversation, Kind, Message, Patient


@contextmanager
def private_stack(settings: Settings, *, with_actions: bool = True) -> Iterator[Settings]:
    """Rasa (and the actions) on free ports, with a database of their own that is gone at the end."""
    with tempfile.TemporaryDirectory(prefix="aftercare-") as folder:
        own = settings.model_copy(
            update={
                "data_dir": Path(folder),
                "database_url": "",
                "redis_url": SecretStr(""),
                "rasa_url": f"http://127.0.0.1:{free_port()}",
                "actions_url": f"http://127.0.0.1:{free_port()}",
            }
        )
        parts = [actions_part(own)] if with_actions else []
        with started([*parts, rasa_part(own)], settings, "Starting Rasa and the actions (about half a minute)"):
            yield own


@contextmanager
def started(parts: list[Part], settings: Settings, told: str) -> Iterator[None]:
    """Processes for as long as the block lasts; while they start, the person at the terminal is told so."""
    with ExitStack() as stack:
        with Console(stderr=True).status(told):
            stack.enter_context(running(parts, settings.data_dir / "log"))
        yield


@dataclass
class Talk:
    """One patient's conversation with the bot, driven from here."""

    services: Services
    patient_key: str
    channel: str = "terminal"
    sent: int = 0

    async def say(self, text: str, kind: Kind = Kind.TEXT, press: Press | None = None) -> list[Message]:
        """Send one message through reception and worker. Out: our new messages, in order."""
        self.sent += 1
        before = self.newest()
        inbound = Inbound(
            self.channel,
            self.patient_key,
            f"{self.patient_key}:{self.sent}",
            self.services.clock.now(),
            text,
            kind,
            press,
        )
        await asyncio.to_thread(self.services.reception.receive, inbound)
        await self.services.worker.answer_waiting()
        with self.services.store.read() as session:
            conversation = self.conversation(session)
            query = select(Message).where(
                Message.conversation_id == conversation.id, Message.id > before, Message.author != Author.PATIENT
            )
            return list(session.scalars(query.order_by(Message.id)))

    def case(self) -> Case | None:
        """The open case, if there is one."""
        with self.services.store.read() as session:
            return open_case(session, self.conversation(session).id)

    def last_patient_message(self) -> Message:
        """What the patient wrote last, with its verdict."""
        with self.services.store.read() as session:
            query = (
                select(Message)
                .where(Message.conversation_id == self.conversation(session).id, Message.author == Author.PATIENT)
                .order_by(Message.id.desc())
                .limit(1)
            )
            return session.scalars(query).one()

    def conversation(self, session: Session) -> Conversation:
        """The conversation's row."""
        mine = (Patient.channel == self.channel, Patient.channel_key == self.patient_key)
        return session.scalars(select(Conversation).join(Patient).where(*mine)).one()

    def offered(self) -> list[Message]:
        """Our messages that carry buttons, oldest first."""
        with self.services.store.read() as session:
            mine = (Message.conversation_id == self.conversation(session).id, Message.author == Author.BOT)
            return [one for one in session.scalars(select(Message).where(*mine).order_by(Message.id)) if one.buttons]

    def newest(self) -> int:
        """The id of the newest message of all."""
        with self.services.store.read() as session:
            return session.scalar(select(Message.id).order_by(Message.id.desc()).limit(1)) or 0


@asynccontextmanager
async def services_for(
    settings: Settings, clock: Clock | None = None, clinic: Clinic | None = None
) -> AsyncIterator[Services]:
    """Services over the settings, closed at the end."""
    services = Services.build(settings, clock, clinic)
    try:
        yield services
    finally:
        await services.close()


def local(at: datetime, clinic: Clinic) -> str:
    """A time in the clinic's zone, to the minute."""
    return at.astimezone(clinic.tz).strftime("%a %d %b %H:%M")
