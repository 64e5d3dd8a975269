"""`aftercare replay`: written dialogues through the real stack, at the hour each is set, for a clinic to sign."""

import asyncio
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console
from rich.progress import Progress

from bot.care.clinic import Clinic, ClinicError, load_clinic
from bot.care.treatment import Treatment
from bot.clock import SetClock
from bot.commands.stack import Talk, local, private_stack, services_for
from bot.conversation.receive import conversation_of
from bot.conversation.record import remember_treatment
from bot.processes import actions_part, running
from bot.services import Services
from bot.settings import Settings
from bot.store.tables import Kind, Message
from bot.triage.tier import Tier

DEFAULT_NOW = "2025-06-10T12:00"  # a Tuesday, clinic open
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
KINDS = {"[photo]": Kind.PHOTO, "[voice]": Kind.VOICE, "[document]": Kind.DOCUMENT}
STEP = timedelta(minutes=1)


class ReplayError(Exception):
    """A dialogue file is not of the form it should have. Names the dialogue and the key."""


@dataclass(frozen=True)
class Dialogue:
    """One dialogue as it is written: what the system knows, and what the patient says."""

    id: str
    title: str
    setup: dict[str, Any]
    turns: list[dict[str, str]] = field(default_factory=list)


def replay(settings: Settings, file: Path, out: Path | None) -> None:
    """Play every dialogue of a file and write the transcript. Raises ReplayError, ClinicError or ProcessError."""
    dialogues = read_dialogues(file)
    console = Console(stderr=True)
    sheets: list[str] = []
    with private_stack(settings, with_actions=False) as own, Progress(console=console, transient=True) as progress:
        task = progress.add_task("Playing dialogues", total=len(dialogues))
        for dialogue in dialogues:
            clinic_file = own.data_dir / f"clinic-{dialogue.id}.yml"
            write_clinic(settings.clinic_file, dialogue, clinic_file)
            place = own.model_copy(
                update={"clinic_file": clinic_file, "database_url": f"sqlite:///{own.data_dir / dialogue.id}.db"}
            )
            with running([actions_part(place)], settings.data_dir / "log"):
                sheets.append(asyncio.run(play(place, dialogue)))
            progress.advance(task)
    text = "\n".join(["# Replay", "", *sheets])
    if out:
        out.write_text(text, encoding="utf-8")
        console.print(f"{len(dialogues)} dialogues written to {out}")
    else:
        print(text)


def read_dialogues(file: Path) -> list[Dialogue]:
    """The dialogues of a YAML file. Raises ReplayError."""
    try:
        entries = yaml.safe_load(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ReplayError(f"{file} cannot be read: {error.strerror}") from error
    except yaml.YAMLError as error:
        raise ReplayError(f"{file} is not YAML: {error}") from error
    if not isinstance(entries, list):
        raise ReplayError(f"{file} must be a list of dialogues, each with id, title, setup and turns")
    dialogues = []
    for number, entry in enumerate(entries, 1):
        missing = {"id", "turns"} - set(entry if isinstance(entry, dict) else {})
        if missing:
            raise ReplayError(f"{file}: dialogue {number} lacks {', '.join(sorted(missing))}")
        name, setup, turns = str(entry["id"]), entry.get("setup") or {}, entry["turns"]
        if not isinstance(setup, dict):
            raise ReplayError(f"{file}: {name}: setup must be keys and values, such as local_now: 2025-06-10T17:30")
        if not isinstance(turns, list) or not all(isinstance(turn, dict) and "patient" in turn for turn in turns):
            raise ReplayError(f"{file}: {name}: turns must be a list, each with what the patient says under `patient`")
        dialogues.append(Dialogue(name, str(entry.get("title", "")), setup, turns))
    return dialogues


def write_clinic(source: Path, dialogue: Dialogue, target: Path) -> None:
    """The clinic's file with the hours and waits that the dialogue's setup asks for."""
    content = yaml.safe_load(source.read_text(encoding="utf-8"))
    wait = dialogue.setup.get("clinic_minoxidil_wait_hours")
    if wait is not None:
        content["protocol"]["minox_after_h"] = wait
    if hours := dialogue.setup.get("clinic_hours"):
        content["hours"] = {**dict.fromkeys(DAYS, "closed"), **dict(_hours(dialogue, str(hours)))}
    content["require_approval"] = False  # a replay shows the clinic what it is asked to approve
    target.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")


def _hours(dialogue: Dialogue, text: str) -> Iterable[tuple[str, str]]:
    for part in text.split(","):
        found = re.fullmatch(r"\s*(\w{3})\w*(?:\s*-\s*(\w{3})\w*)?\s+(\d\d:\d\d\s*-\s*\d\d:\d\d)\s*", part)
        names = [day[:3] for day in DAYS]
        if not found or found[1].lower() not in names or (found[2] or found[1]).lower() not in names:
            raise ReplayError(f"{dialogue.id}: setup.clinic_hours: write it like 'Mon-Fri 09:00-18:00'")
        first, last = names.index(found[1].lower()), names.index((found[2] or found[1]).lower())
        for number in range((last - first) % len(DAYS) + 1):
            yield DAYS[(first + number) % len(DAYS)], found[3].replace(" ", "")


async def play(settings: Settings, dialogue: Dialogue) -> str:
    """One dialogue, as a Markdown sheet."""
    try:
        clinic = load_clinic(settings.clinic_file)
    except ClinicError as error:
        raise ReplayError(f"{dialogue.id}: setup: {error}") from error
    times = _times(dialogue, clinic)
    clock = SetClock(times[0])
    async with services_for(settings, clock, clinic) as services:
        _prepare(services, dialogue, times[0])
        talk = Talk(services, f"replay-{dialogue.id}", channel="replay")
        lines = [f"## {dialogue.id} {dialogue.title}", "", f"It is {local(times[0], clinic)}.", ""]
        for turn, at in zip(dialogue.turns, times, strict=True):
            clock.put(max(at, clock.now()))
            said = str(turn["patient"])
            replies = await talk.say("" if said in KINDS else said, KINDS.get(said, Kind.TEXT))
            lines += _sheet(said, replies, talk)
            clock.advance(STEP)
        return "\n".join(lines)


def _times(dialogue: Dialogue, clinic: Clinic) -> list[datetime]:
    start = _instant(dialogue, clinic, "local_now", dialogue.setup.get("local_now", DEFAULT_NOW))
    given = dialogue.setup.get("turn_times") or []
    times = [_instant(dialogue, clinic, "turn_times", value) for value in given[: len(dialogue.turns)]]
    while len(times) < len(dialogue.turns):
        times.append(times[-1] + STEP if times else start)
    return times


def _instant(dialogue: Dialogue, clinic: Clinic, key: str, value: object) -> datetime:
    try:
        return datetime.fromisoformat(str(value)).replace(tzinfo=clinic.tz)
    except ValueError as error:
        raise ReplayError(f"{dialogue.id}: setup.{key}: {value!r} is not a time like 2025-06-10T17:30") from error


def _prepare(services: Services, dialogue: Dialogue, now: datetime) -> None:
    setup = dialogue.setup
    if not setup.get("treatment_time_known_to_bot"):
        return
    if ended := setup.get("session_ended"):
        at = _instant(dialogue, services.clinic, "session_ended", ended)
    elif (hours := setup.get("hours_since_treatment")) is not None:
        at = now - timedelta(hours=float(hours))
    elif (days := setup.get("days_since_treatment")) is not None:
        at = now - timedelta(days=float(days))
    else:
        return
    with services.store.write() as session:
        conversation = conversation_of(session, "replay", f"replay-{dialogue.id}", now)
        remember_treatment(session, services.clinic, now, conversation, Treatment(at, "recorded"), "clinic")


def _sheet(said: str, replies: list[Message], talk: Talk) -> list[str]:
    lines = [f"**Patient:** {said or '(empty message)'}", ""]
    for reply in replies:
        lines.append(f"> **{reply.author.capitalize()}:** " + reply.text.replace("\n", "\n> "))
        if reply.buttons:
            lines.append("> " + " ".join(f"`[{button['title']}]`" for button in reply.buttons))
        lines.append(">")
    tier = Tier(talk.last_patient_message().tier).label
    case = talk.case()
    state = f"case {Tier(case.tier).label}, {case.state}, because {case.reason}" if case else "no case"
    return [*lines, "", f"*Tier {tier}; {state}.*", ""]
