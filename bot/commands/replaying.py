"""`aftercare replay`: written dialogues through the real stack, at the hour each is set, for a clinician to sign."""

import asyncio
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from bot.commands.dialogues import Dialogue, read_dialogues
from bot.commands.playing import stage
from bot.commands.transcript import transcript
from bot.settings import Settings


def replay(settings: Settings, file: Path, out: Path | None) -> None:
    """Play every dialogue of a file and write the transcript. Raises ReplayError, ClinicError or ProcessError."""
    dialogues = read_dialogues(file, Dialogue)
    console = Console(stderr=True)
    sheets: list[str] = []
    with stage(settings) as played_on, Progress(console=console, transient=True) as progress:
        for dialogue in progress.track(dialogues, description="Playing dialogues"):
            clinic, played = asyncio.run(played_on.play(dialogue))
            sheets.append(transcript(dialogue, clinic, played))
    text = "\n".join(["# Replay", "", *sheets])
    if out:
        out.write_text(text, encoding="utf-8")
        console.print(f"{len(dialogues)} dialogues written to {out}")
    else:
        print(text)
