"""Plays dialogues through the real stack and keeps what happened, turn by turn."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime

from bot.care.clinic import Clinic, ClinicError, load_clinic
from bot.care.today import Today
from bot.care.treatment import Treatment
from bot.care.wording import Wording
from bot.clock import SetClock
from bot.commands.dialogues import STEP, Dialogue, ReplayError, Turn, clinic_for
from bot.commands.passing import Line, Passing
from bot.commands.stack import Talk, private_stack
from bot.conversation.brain import Brain
from bot.conversation.desk_rules import HandBackReason
from bot.conversation.inbound import Press
from bot.conversation.receive import conversation_of
from bot.conversation.record import remember_treatment
from bot.conversation.today import today_of
from bot.processes import ProcessError, actions_part, running
from bot.services import DOMAIN, RED_FLAGS, Services
from bot.settings import Settings
from bot.staff import add_staff
from bot.store.database import Store
from bot.store.tables import Case, Conversation, Kind, Outcome, Owner, Role, Staff
from bot.triage.catalogue import load_catalogue
from bot.triage.screen import Screen
from bot.triage.tier import Tier

CHANNEL = "replay"
KINDS = {"[photo]": Kind.PHOTO, "[voice]": Kind.VOICE, "[document]": Kind.DOCUMENT}


@dataclass(frozen=True)
class Played:
    """One turn as it went. `between` came before it, since the last one; `tier` is that of the patient's message."""

    turn: Turn
    at: datetime
    between: tuple[Line, ...]
    replies: tuple[Line, ...]
    tier: Tier | None
    case: Case | None
    owner: Owner
    today: Today | None


class Stage:
    """Rasa, and beside it the actions over the clinic of the dialogue that is played."""

    def __init__(self, settings: Settings, source: Settings, stack: ExitStack) -> None:
        self._settings = settings
        self._source = source
        self._actions = stack.enter_context(ExitStack())
        self._screen = Screen(load_catalogue(RED_FLAGS))
        self._wording = Wording.load(DOMAIN)
        self._clinic = ""
        self._played = 0

    async def play(self, dialogue: Dialogue) -> tuple[Clinic, list[Played]]:
        """Play one dialogue from a clean record. Out: its clinic, and its turns. Raises ReplayError."""
        clinic = self._move_to(dialogue)
        self._played += 1
        store = Store(f"sqlite:///{self._settings.data_dir / f'{self._played}.db'}", self._settings.key_ring())
        store.migrate()
        clock = SetClock(dialogue.setup.local_now.replace(tzinfo=clinic.tz))
        brain = Brain(self._settings.rasa_url, self._settings.rasa_timeout, self._settings.rasa_pass())
        services = Services.join(self._settings, clinic, self._wording, self._screen, store, brain, clock)
        try:
            return clinic, await Player(services, clock, dialogue).play()
        finally:
            await services.close()

    def _move_to(self, dialogue: Dialogue) -> Clinic:
        """The dialogue's clinic; where it is another than the last one's, with actions of its own."""
        content = clinic_for(dialogue, self._source.clinic_file)
        self._settings.clinic_file.write_text(content, encoding="utf-8")
        try:
            clinic = load_clinic(self._settings.clinic_file)
        except ClinicError as error:
            raise ReplayError(f"{dialogue.id}: setup: {error}") from error
        if content != self._clinic:
            self._actions.close()
            self._actions.enter_context(running([actions_part(self._settings)], self._source.data_dir / "log"))
            self._clinic = content
        return clinic


@contextmanager
def stage(settings: Settings) -> Iterator[Stage]:
    """A stage for as long as the block lasts. Raises ProcessError when the stack cannot be started."""
    with private_stack(settings, with_actions=False) as own, ExitStack() as stack:
        if not asyncio.run(_understands(own)):
            raise ProcessError(
                f"Rasa has no model it can use: run `make train`; its log is in {settings.data_dir / 'log'}"
            )
        yield Stage(own.model_copy(update={"clinic_file": own.data_dir / "clinic.yml"}), settings, stack)


async def _understands(settings: Settings) -> bool:
    brain = Brain(settings.rasa_url, settings.rasa_timeout, settings.rasa_pass())
    try:
        return await brain.ready()
    finally:
        await brain.close()


class Player:
    """One dialogue on its stage."""

    def __init__(self, services: Services, clock: SetClock, dialogue: Dialogue) -> None:
        self._services = services
        self._clock = clock
        self._dialogue = dialogue
        self._nurse: Staff | None = None
        self._talk = Talk(services, dialogue.id, channel=CHANNEL)
        self._id = self._prepare()
        self._passing = Passing(services, clock, self._id)

    async def play(self) -> list[Played]:
        """Every turn, in order."""
        played = []
        zone, given = self._services.clinic.tz, self._dialogue.setup.turn_times
        for number, turn in enumerate(self._dialogue.turns):
            step = STEP if number else STEP * 0
            at = turn.begins(self._clock.now(), zone) or self._clock.now() + step
            if number < len(given):
                at = max(given[number].replace(tzinfo=zone), self._clock.now())
            between = tuple(self._passing.until(at))
            played.append(await self._turn(turn, between))
        return played

    async def _turn(self, turn: Turn, between: tuple[Line, ...]) -> Played:
        sent = self._talk.sent
        replies = await self._happens(turn)
        with self._services.store.read() as session:
            conversation = session.get_one(Conversation, self._id)
            plan = today_of(session, self._services.clinic, self._services.wording, conversation, self._clock.now())
        tier = Tier(self._talk.last_patient_message().tier) if self._talk.sent > sent else None
        return Played(
            turn, self._clock.now(), between, tuple(replies), tier, self._talk.case(), conversation.owner, plan
        )

    async def _happens(self, turn: Turn) -> list[Line]:
        if turn.patient is not None:
            kind = KINDS.get(turn.patient, Kind.TEXT)
            return list(map(Line.of, await self._talk.say("" if turn.patient in KINDS else turn.patient, kind)))
        if turn.press is not None:
            press = self._button(turn.press)
            if press is None:
                return [Line(self._clock.now(), "note", f"No button [{turn.press}] has been offered.")]
            return list(map(Line.of, await self._talk.say(turn.press, press=press)))
        newest = self._talk.newest()
        if turn.clinician is not None:
            await asyncio.to_thread(self._answer, turn.clinician)
        elif turn.clinician_does is not None:
            await asyncio.to_thread(self._act, turn.clinician_does)
        return self._passing.since(newest)

    def _button(self, title: str) -> Press | None:
        for message in reversed(self._talk.offered()):
            for index, button in enumerate(message.buttons):
                if button["title"] == title:
                    return Press(message.id, index)
        return None

    def _answer(self, text: str) -> None:
        self._act("takes over")
        newest = self._talk.newest()
        self._services.desk.reply(self._staff(), self._id, text, key=str(newest), last_seen=newest)

    def _act(self, verb: str) -> None:
        desk, staff, case = self._services.desk, self._staff(), self._talk.case()
        match verb:
            case "takes over":
                desk.take_over(staff, self._id)
            case "hands back":
                desk.hand_back(staff, self._id, HandBackReason.ANSWERED)
            case "closes" if case is not None:
                desk.close(staff, case.id, Outcome.ADVICE_GIVEN)
            case _:
                raise ReplayError(f"{self._dialogue.id}: there is no open case that the clinician could close")

    def _staff(self) -> Staff:
        if self._nurse is None:
            place = (self._services.store, self._clock)
            self._nurse = add_staff(*place, "ana@clinic.example", "Ana Silva", "Nurse", Role.CLINICIAN)
        return self._nurse

    def _prepare(self) -> str:
        clinic, now = self._services.clinic, self._clock.now()
        with self._services.store.write() as session:
            conversation = conversation_of(session, CHANNEL, self._dialogue.id, now)
            ended = self._dialogue.setup.session_ended_at(clinic.tz)
            if ended is not None:
                session_known = Treatment(ended, "recorded", self._dialogue.setup.depth_mm)
                remember_treatment(session, clinic, now, conversation, session_known, "clinic")
            return conversation.id
