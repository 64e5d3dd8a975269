"""Everything the bot process is made of, put together once."""

from dataclasses import dataclass

from bot.care.clinic import Clinic
from bot.care.sign_off import load_in_force
from bot.care.wording import Wording
from bot.clock import Clock, SystemClock
from bot.conversation.brain import Brain
from bot.conversation.desk import Desk
from bot.conversation.enrolment import Enrolling
from bot.conversation.enrolment_token import Tokens
from bot.conversation.events import Bell
from bot.conversation.own_buttons import OwnButtons
from bot.conversation.receive import Reception
from bot.conversation.silence import Silence
from bot.conversation.typing import Typing
from bot.conversation.worker import Worker
from bot.settings import ROOT, Settings
from bot.store.database import Store
from bot.triage.catalogue import load_catalogue
from bot.triage.screen import Screen

RED_FLAGS = ROOT / "data" / "red_flags"
DOMAIN = ROOT / "domain.yml"


@dataclass(frozen=True)
class Services:
    """The parts that channels, console and commands call."""

    settings: Settings
    clinic: Clinic
    wording: Wording
    clock: Clock
    bell: Bell
    typing: Typing
    store: Store
    reception: Reception
    desk: Desk
    enrolling: Enrolling
    own_buttons: OwnButtons
    brain: Brain
    worker: Worker
    silence: Silence

    @classmethod
    def build(cls, settings: Settings, clock: Clock | None = None, clinic: Clinic | None = None) -> "Services":
        """Read the clinic's file and the catalogue, open and migrate the database, and join the parts.

        Raises ClinicError, CatalogueError or SettingsError, each naming the file, the key and the mend.
        """
        clinic = clinic or load_in_force(settings.clinic_file)
        wording = Wording.load(DOMAIN)
        screen = Screen(load_catalogue(RED_FLAGS))
        store = Store(settings.database)
        store.migrate()
        brain = Brain(settings.rasa_url, settings.rasa_timeout)
        return cls.join(settings, clinic, wording, screen, store, brain, clock or SystemClock())

    @classmethod
    def join(
        cls,
        settings: Settings,
        clinic: Clinic,
        wording: Wording,
        screen: Screen,
        store: Store,
        brain: Brain,
        clock: Clock,
    ) -> "Services":
        """Join parts that are there already; the store's tables must be."""
        bell, typing = Bell(), Typing()
        settings.uploads.mkdir(parents=True, exist_ok=True, mode=0o700)
        enrolling = Enrolling(store, clinic, wording, clock, bell, Tokens(settings.secret()))
        own_buttons = OwnButtons(enrolling, clinic, wording)
        return cls(
            settings=settings,
            clinic=clinic,
            wording=wording,
            clock=clock,
            bell=bell,
            typing=typing,
            store=store,
            reception=Reception(store, screen, clinic, wording, clock, bell, settings.uploads, own_buttons),
            desk=Desk(store, clinic, wording, clock, bell),
            enrolling=enrolling,
            own_buttons=own_buttons,
            brain=brain,
            worker=Worker(store, brain, clinic, wording, clock, bell, typing),
            silence=Silence(store, clinic, wording, clock, bell),
        )

    async def close(self) -> None:
        """Let go of connections."""
        await self.brain.close()
        self.store.close()
