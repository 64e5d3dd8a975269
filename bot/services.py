"""Everything the bot process is made of, put together once."""

from dataclasses import dataclass

from bot.care.clinic import Clinic
from bot.care.sign_off import load_in_force
from bot.care.wording import Wording
from bot.clock import Clock, SystemClock
from bot.conversation.brain import Brain
from bot.conversation.case_work import CaseWork
from bot.conversation.desk import Desk
from bot.conversation.enrolment import Enrolling
from bot.conversation.enrolment_token import Tokens
from bot.conversation.events import Bell
from bot.conversation.own_buttons import OwnButtons
from bot.conversation.receive import Reception
from bot.conversation.silence import Silence
from bot.conversation.snooze import Snoozes
from bot.conversation.takeovers import Takeovers
from bot.conversation.typing import Typing
from bot.conversation.worker import Worker
from bot.live import Memory, Wire, open_live
from bot.settings import ROOT, Settings
from bot.store.database import Store
from bot.store.files import SealedFiles
from bot.triage.catalogue import catalogue_of
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
    wire: Wire
    memory: Memory
    bell: Bell
    typing: Typing
    store: Store
    files: SealedFiles
    reception: Reception
    desk: Desk
    case_work: CaseWork
    enrolling: Enrolling
    own_buttons: OwnButtons
    brain: Brain
    worker: Worker
    silence: Silence
    takeovers: Takeovers
    snoozes: Snoozes

    @classmethod
    def build(cls, settings: Settings, clock: Clock | None = None, clinic: Clinic | None = None) -> "Services":
        """Read the clinic's file and the catalogue, open and migrate the database, and join the parts.

        Raises ClinicError, CatalogueError or SettingsError, each naming the file, the key and the mend.
        """
        clinic = clinic or load_in_force(settings.clinic_file)
        wording = Wording.load(DOMAIN)
        screen = Screen(catalogue_of(RED_FLAGS))
        store = Store(settings.database, settings.key_ring())
        store.migrate()
        brain = Brain(settings.rasa_url, settings.rasa_timeout, settings.rasa_pass())
        services = cls.join(settings, clinic, wording, screen, store, brain, clock or SystemClock())
        services.files.reseal()
        return services

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
        wire, memory = open_live(settings.redis_url.get_secret_value())
        bell, typing = Bell(wire), Typing(wire)
        settings.uploads.mkdir(parents=True, exist_ok=True, mode=0o700)
        files = SealedFiles(settings.uploads, store.keys)
        enrolling = Enrolling(store, clinic, wording, clock, bell, Tokens(settings.secret()))
        own_buttons = OwnButtons(enrolling, clinic, wording)
        return cls(
            settings=settings,
            clinic=clinic,
            wording=wording,
            clock=clock,
            wire=wire,
            memory=memory,
            bell=bell,
            typing=typing,
            store=store,
            files=files,
            reception=Reception(store, screen, clinic, wording, clock, bell, files, own_buttons),
            desk=Desk(store, clinic, wording, clock, bell),
            case_work=CaseWork(store, clinic, clock, bell),
            enrolling=enrolling,
            own_buttons=own_buttons,
            brain=brain,
            worker=Worker(store, brain, clinic, wording, clock, bell, typing, settings.enrolment_page),
            silence=Silence(store, clinic, wording, clock, bell),
            takeovers=Takeovers(store, clinic, wording, clock, bell),
            snoozes=Snoozes(store, clock, bell),
        )

    async def close(self) -> None:
        """Let go of connections."""
        await self.brain.close()
        self.store.close()
