"""`aftercare demo`: the real thing with made-up patients, in a folder of its own."""

import asyncio
import signal
import sys
import threading
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from pydantic_settings import PydanticBaseSettingsSource
from sqlalchemy import select

from bot.clock import Clock, SetClock, SystemClock
from bot.commands.dialogues import STEP, Dialogue, Turn, read_dialogues
from bot.commands.serving import addresses, announce, check_ports, ports_of, serve
from bot.commands.stack import Talk, started
from bot.conversation.desk_rules import HandBackReason
from bot.conversation.enrolment import SessionNote
from bot.conversation.inbound import Press
from bot.conversation.outbox import enqueue
from bot.conversation.receive import conversation_of
from bot.processes import actions_part, answers, rasa_part, wait_until
from bot.services import Services
from bot.settings import ROOT, Settings
from bot.staff import add_staff, first_run_link
from bot.store.tables import Author, Conversation, Outcome, Role, Staff
from bot.yaml_file import read_yaml

FOLDER = ROOT / "var-demo"
PATIENTS = ROOT / "data" / "demo" / "patients.yml"
CHANNEL = "web"
READY_WITHIN = 120  # seconds


class DemoSettings(Settings):
    """Settings that neither the environment nor .env reaches: no database, bot or address of the clinic's own."""

    @classmethod
    def settings_customise_sources(
        cls, settings_cls: type[Any], init_settings: PydanticBaseSettingsSource, *_: Any, **__: Any
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What is given here, and the defaults."""
        return (init_settings,)


class MadeUp(Dialogue):
    """A made-up patient: who they are, when they write, and what is said."""

    minutes_ago: float
    called: str = ""
    session_hours_ago: float = 0
    depth_mm: float | None = None


def demonstrate(settings: Settings) -> None:
    """Run the demo until Ctrl-C. Raises ProcessError when it cannot be started."""
    own = demo_settings(settings, FOLDER)
    check_ports(ports_of(own))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # so that Rasa and the actions are stopped on the way out
    with started([actions_part(own), rasa_part(own)], own, "Starting Rasa and the actions (about half a minute)"):
        link = asyncio.run(_prepare(own))
        threading.Thread(target=_tell_when_ready, args=(own, link), daemon=True).start()
        serve(own)


def demo_settings(settings: Settings, folder: Path) -> Settings:
    """The demo's settings: the clinic's ports and protocol, and everything else its own in `folder`."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    written = read_yaml(settings.clinic_file)
    written |= {"name": f"{written['name']} (demo)", "require_approval": False}
    clinic_file = folder / "clinic.yml"
    clinic_file.write_text(yaml.safe_dump(written, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return DemoSettings(
        data_dir=folder,
        clinic_file=clinic_file,
        port=settings.port,
        rasa_url=settings.rasa_url,
        actions_url=settings.actions_url,
    )


async def _prepare(settings: Settings) -> str | None:
    """Fill the demo's database where it is empty. Out: the link of the first sign-in, until it was used."""
    clock = SetClock(SystemClock().now())
    services = Services.build(settings, clock)
    try:
        await fill(services, clock, SystemClock())
        clock.put(SystemClock().now())
        return first_run_link(services)
    finally:
        await services.close()


async def fill(services: Services, clock: SetClock, real: Clock) -> None:
    """Play the made-up patients through reception and worker, each at their time; nothing where there are some."""
    with services.store.read() as session:
        if session.scalar(select(Conversation.id).limit(1)):
            return
    now = real.now()
    patients = sorted(read_dialogues(PATIENTS, MadeUp), key=lambda one: -one.minutes_ago)
    clock.put(now - timedelta(minutes=patients[0].minutes_ago, hours=200))
    nurse = add_staff(services.store, clock, "ana@demo.example", "Ana Silva", "Nurse", Role.CLINICIAN)
    for patient in patients:
        clock.put(max(clock.now(), now - timedelta(minutes=patient.minutes_ago)))
        await _Played(services, clock, nurse, patient).play(now)


class _Played:
    """One made-up patient as they write."""

    def __init__(self, services: Services, clock: SetClock, nurse: Staff, patient: MadeUp) -> None:
        self._services = services
        self._clock = clock
        self._nurse = nurse
        self._patient = patient
        self._talk = Talk(services, patient.id, channel=CHANNEL)

    async def play(self, now: datetime) -> None:
        """Everything they and the clinic write, none of it later than `now`."""
        if self._patient.called:
            await self._enrol(now)
        for turn in self._patient.turns:
            self._clock.put(min(self._clock.now() + (turn.wait or STEP), now))
            await self._happens(turn)

    async def _enrol(self, now: datetime) -> None:
        """The clinic enters their session; they open its link and agree."""
        ended = now - timedelta(hours=self._patient.session_hours_ago)
        note = SessionNote(f"{self._patient.called} (made up)", ended, self._patient.depth_mm)
        made = self._services.enrolling.create(self._nurse, note)
        at = self._clock.now()
        with self._services.store.write() as session:
            conversation = conversation_of(session, CHANNEL, self._patient.id, at)
            lines = self._services.enrolling.open(session, at, conversation, made.token)
            shown = [enqueue(session, at, conversation, Author.BOT, text, buttons=buttons) for text, buttons in lines]
        await self._talk.say("", press=Press(shown[-1].id, 0))

    async def _happens(self, turn: Turn) -> None:
        if turn.patient is not None:
            await self._talk.say(turn.patient)
        elif turn.clinician is not None:
            await asyncio.to_thread(self._answer, turn.clinician)
        elif turn.clinician_does is not None:
            await asyncio.to_thread(self._act, turn.clinician_does)

    def _answer(self, text: str) -> None:
        desk, newest = self._services.desk, self._talk.newest()
        desk.take_over(self._nurse, self._id())
        desk.reply(self._nurse, self._id(), text, key=f"demo-{newest}", last_seen=self._talk.newest())

    def _act(self, verb: str) -> None:
        desk, case = self._services.desk, self._talk.case()
        if verb == "hands back":
            desk.hand_back(self._nurse, self._id(), HandBackReason.ANSWERED)
        elif case is not None:
            desk.close(self._nurse, case.id, Outcome.ADVICE_GIVEN)

    def _id(self) -> str:
        with self._services.store.read() as session:
            return self._talk.conversation(session).id


def _tell_when_ready(settings: Settings, link: str | None) -> None:
    if wait_until(lambda: answers(f"http://127.0.0.1:{settings.port}/readyz"), READY_WITHIN):
        removal = f"Nobody here is real; remove it all  rm -r {FOLDER.name}"
        lines = [*addresses(settings, link), removal, "Stop everything                     Ctrl-C"]
        announce("Aftercare is ready, with made-up patients", lines)
