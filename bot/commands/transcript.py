"""The transcript of a replay as Markdown, for a clinician to read and sign."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.care.clinic import Clinic
from bot.commands.dialogues import STEP, Dialogue
from bot.commands.passing import Line
from bot.commands.playing import Played
from bot.commands.stack import local
from bot.triage.tier import Tier


def transcript(dialogue: Dialogue, clinic: Clinic, played: Sequence[Played]) -> str:
    """One dialogue: who said what and when, each message's tier, the case, and what happened in between."""
    before = dialogue.setup.local_now.replace(tzinfo=clinic.tz)
    lines = [f"## {dialogue.id} {dialogue.title}", "", f"It is {local(before, clinic)}.", ""]
    for one in played:
        lines += _turn(one, clinic, before)
        before = one.at
    return "\n".join(lines)


def _turn(one: Played, clinic: Clinic, before: datetime) -> Iterator[str]:
    for line in one.between:
        yield from _line(line, f", {local(line.at, clinic)}")
    if one.at - before > STEP:
        yield from (f"It is {local(one.at, clinic)}.", "")
    yield from _said(one)
    for line in one.replies:
        yield from _line(line, "")
    yield from (f"*{_state(one)}*", "")


def _said(one: Played) -> Iterator[str]:
    turn = one.turn
    if turn.patient is not None:
        yield from (f"**Patient:** {turn.patient or '(empty message)'}", "")
    elif turn.press is not None:
        yield from (f"**Patient:** `[{turn.press}]`", "")
    elif turn.clinician is None and turn.clinician_does is not None:
        yield from (f"*A clinician {turn.clinician_does}.*", "")


def _line(line: Line, when: str) -> Iterator[str]:
    if line.author == "note":
        yield from (f"*{line.text[:-1]}{when}.*", "")
        return
    yield f"> **{line.author.capitalize()}{when}:** " + line.text.replace("\n", "\n> ")
    if line.buttons:
        yield "> " + " ".join(f"`[{title}]`" for title in line.buttons)
    yield from (">", "")


def _state(one: Played) -> str:
    tier = f"Tier {one.tier.label}; " if one.tier is not None else ""
    case = one.case
    said = f"case {Tier(case.tier).label}, {case.state}, because {case.reason}" if case else "no case"
    return f"{tier}{said}."
