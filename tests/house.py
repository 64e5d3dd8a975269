"""The bot's parts over a database of their own, as `Services.build` joins them: what most tests of the core drive."""

import asyncio
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bot.care.clinic import Clinic, load_clinic
from bot.care.wording import Wording
from bot.clock import SetClock
from bot.conversation.brain import Brain
from bot.conversation.cases import open_case
from bot.conversation.events import Bell
from bot.conversation.inbound import Inbound
from bot.conversation.outbox import enqueue
from bot.conversation.receive import Received, conversation_of
from bot.conversation.typing import Typing
from bot.conversation.worker import Worker
from bot.services import DOMAIN, RED_FLAGS, Services
from bot.settings import ROOT, Settings
from bot.store.database import Store
from bot.store.keys import KeyRing
from bot.store.tables import Audit, Author, Case, Conversation, Event, Message, Role, Staff
from bot.triage.catalogue import load_catalogue
from bot.triage.screen import Screen
from tests.databases import Databases, migrated

TUESDAY_NOON = datetime(2026, 11, 17, 12, 0, tzinfo=UTC)  # the clinic is open
NOWHERE = "http://127.0.0.1:9"  # refuses connections
KEY = "07" * 32
KEYS = KeyRing.read(KEY)

URGENT = "green pus is coming out of my scalp and my temperature is 39.2"
EMERGENCY = "my throat is closing and i can't breathe"
HARMLESS = "when can i wash my hair"
ENDLESS = 30.0  # seconds: what has not happened by then on a busy machine never will


async def until(true: Callable[[], object], seconds: float = ENDLESS) -> None:
    """Wait for what another task, thread or process does."""
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110 - there is no event to wait for
            await asyncio.sleep(0.01)


@dataclass(frozen=True)
class Shared:
    """What is read once for all tests: the catalogue takes a second, migrating a part of one."""

    screen: Screen
    clinic: Clinic
    wording: Wording
    databases: Databases
    database: str

    @classmethod
    def prepare(cls, folder: Path, place: Databases) -> "Shared":
        """Read everything, and migrate a database to copy."""
        return cls(
            Screen(load_catalogue(RED_FLAGS)),
            load_clinic(ROOT / "clinic.yml"),
            Wording.load(DOMAIN),
            place,
            migrated(place, folder, KEYS),
        )


@dataclass
class House:
    """Real services, a clock that stands, and shortcuts for patients and staff."""

    services: Services
    clock: SetClock
    shared: Shared
    numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    @classmethod
    def build(cls, shared: Shared, folder: Path, rasa_url: str = NOWHERE, **settings: Any) -> "House":
        """A house over a copy of the empty database. `settings` go over the defaults."""
        given = {
            "data_dir": folder,
            "database_url": shared.databases.copy(shared.database, folder),
            "rasa_url": rasa_url,
            "rasa_timeout": 2.0,
            "actions_url": NOWHERE,
            "encryption_keys": KEY,
            **settings,
        }
        config = Settings(_env_file=None, **given)
        clock, brain = SetClock(TUESDAY_NOON), Brain(config.rasa_url, config.rasa_timeout, config.rasa_pass())
        services = Services.join(
            config, shared.clinic, shared.wording, shared.screen, Store(config.database, KEYS), brain, clock
        )
        return cls(services, clock, shared)

    @property
    def store(self) -> Store:
        """The database."""
        return self.services.store

    def another_worker(self, store: Store | None = None, timeout: float = 2.0) -> Worker:
        """A second worker, as another process would run it."""
        parts = self.services
        brain = Brain(parts.settings.rasa_url, timeout, parts.settings.rasa_pass())
        return Worker(store or parts.store, brain, parts.clinic, parts.wording, self.clock, Bell(), Typing())

    def inbound(self, text: str = "", key: str = "ana", channel: str = "web", **given: Any) -> Inbound:
        """A message as a channel hands it in; `external_id` is new unless given."""
        external = given.pop("external_id", None) or f"{channel}-{next(self.numbers)}"
        return Inbound(channel, key, external, self.clock.now(), text, **given)

    def receive(self, text: str = "", key: str = "ana", channel: str = "web", **given: Any) -> Received:
        """A patient writes."""
        return self.services.reception.receive(self.inbound(text, key, channel, **given))

    def send(self, text: str, key: str = "ana", channel: str = "telegram", **given: Any) -> Message:
        """The bot writes to a patient."""
        with self.store.write() as session:
            conversation = conversation_of(session, channel, key, self.clock.now())
            return enqueue(session, self.clock.now(), conversation, Author.BOT, text, **given)

    def staff(self, name: str = "Ben Ito", role: Role = Role.CLINICIAN, title: str = "Dr") -> Staff:
        """A member of staff, without a password."""
        email = f"s{next(self.numbers)}@clinic.example"
        with self.store.write() as session:
            person = Staff(email=email, name=name, title=title, role=role, created_at=self.clock.now())
            session.add(person)
        return person

    def conversation(self, conversation_id: str) -> Conversation:
        """A conversation's row as it is now."""
        with self.store.read() as session:
            return session.get_one(Conversation, conversation_id)

    def message(self, message_id: int) -> Message:
        """A message's row as it is now."""
        with self.store.read() as session:
            return session.get_one(Message, message_id)

    def messages(self, conversation_id: str | None = None, author: Author | None = None) -> list[Message]:
        """Messages, oldest first: of one conversation and one author, where given."""
        query = select(Message).order_by(Message.id)
        if conversation_id:
            query = query.where(Message.conversation_id == conversation_id)
        if author:
            query = query.where(Message.author == author)
        with self.store.read() as session:
            return list(session.scalars(query))

    def replies(self, conversation_id: str | None = None) -> list[str]:
        """What the bot said, oldest first."""
        return [message.text for message in self.messages(conversation_id, Author.BOT)]

    def case(self, conversation_id: str) -> Case | None:
        """The conversation's open case."""
        with self.store.read() as session:
            return open_case(session, conversation_id)

    def cases(self) -> list[Case]:
        """All cases, oldest first."""
        with self.store.read() as session:
            return list(session.scalars(select(Case).order_by(Case.id)))

    def audit(self) -> list[Audit]:
        """The audit log, oldest first."""
        with self.store.read() as session:
            return list(session.scalars(select(Audit).order_by(Audit.id)))

    def events(self, kind: str | None = None) -> list[Event]:
        """What happened, oldest first."""
        with self.store.read() as session:
            found = list(session.scalars(select(Event).order_by(Event.id)))
        return [event for event in found if kind in (None, event.kind)]

    async def close(self) -> None:
        """Let go of connections and of the database."""
        await self.services.close()
        self.shared.databases.drop(self.store.url)
