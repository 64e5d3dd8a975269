"""`aftercare evaluate`: labelled lines through the real NLU of the trained model, both layers, as in production."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from bot.commands.stack import started
from bot.conversation.brain import Brain
from bot.errors import MendableError
from bot.evaluation.figures import (
    TIERS,
    Share,
    TopicRow,
    TriageRow,
    catalogue_figures,
    confusion,
    is_under_triage,
    seen_topic,
    topic_figures,
    triage_figures,
)
from bot.processes import answers, free_port, rasa_part
from bot.services import RED_FLAGS
from bot.settings import Settings
from bot.triage.catalogue import load_catalogue
from bot.triage.screen import Context, Screen

CHUNK = 25


class EvaluationError(MendableError):
    """An evaluation file cannot be read. Names the file, the line and what is wrong."""


def evaluate(
    settings: Settings, triage: Path | None, topics: Path | None, json_out: Path | None, plots: Path | None
) -> None:
    """Judge both files, print figures and misses, and write the JSON of the contract and the pictures where asked.

    Raises EvaluationError for a file that is not of the form of the evaluation's README or where pictures cannot be
    drawn, BrainUnavailable or ProcessError when Rasa cannot be had.
    """
    console = Console()
    if plots and not find_spec("matplotlib"):
        raise EvaluationError("pictures need matplotlib: run `bin/setup dev`, or leave --plots out")
    triage_lines = read_lines(triage, {"id", "text", "tier"}) if triage else []
    topic_lines = read_lines(topics, {"id", "text", "topic"}) if topics else []
    with rasa(settings) as url:
        readings = asyncio.run(_read_all(url, settings.rasa_pass(), [*triage_lines, *topic_lines]))
    result: dict[str, Any] = {}
    judged: list[tuple[dict[str, Any], dict[str, Any]]]
    if triage_lines:
        judged = list(zip(triage_lines, readings[: len(triage_lines)], strict=True))
        screen = Screen(load_catalogue(RED_FLAGS))
        rows = [_triage_row(line, reading, screen) for line, reading in judged]
        result["triage"] = _triage(console, rows, triage_lines)
        if plots:
            _draw(plots, result["triage"]["confusion"], judged)
    if topic_lines:
        judged = list(zip(topic_lines, readings[len(triage_lines) :], strict=True))
        result["topics"] = _topics(console, [_topic_row(line, reading) for line, reading in judged], topic_lines)
    if json_out:
        json_out.write_text(json.dumps(result, indent=1, ensure_ascii=False))


def read_lines(path: Path, needed: set[str]) -> list[dict[str, Any]]:
    """The lines of a JSONL file, each an object with the needed keys. Raises EvaluationError."""
    lines = []
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise EvaluationError(f"{path} cannot be read: {error.strerror}") from error
    for number, raw in enumerate(text.split("\n"), 1):  # splitlines would cut at U+2028 within a text
        if not raw.strip():
            continue
        try:
            line = json.loads(raw)
        except json.JSONDecodeError as error:
            raise EvaluationError(f"{path}:{number} is not JSON: {error.msg}") from error
        if not isinstance(line, dict):
            raise EvaluationError(f"{path}:{number} is no object: write {{...}} with {', '.join(sorted(needed))}")
        missing = needed - set(line)
        if missing:
            raise EvaluationError(f"{path}:{number} lacks {', '.join(sorted(missing))}")
        if "tier" in needed and line["tier"] not in TIERS:
            raise EvaluationError(f"{path}:{number} has the unknown tier {line['tier']!r}: use {', '.join(TIERS)}")
        lines.append(line)
    return lines


@contextmanager
def rasa(settings: Settings) -> Iterator[str]:
    """The address of a Rasa: the running one where it answers, else one started for the while."""
    if answers(f"{settings.rasa_url}/"):
        yield settings.rasa_url
        return
    own = settings.model_copy(update={"rasa_url": f"http://127.0.0.1:{free_port()}"})
    with started([rasa_part(own)], settings, "Starting Rasa (about half a minute)"):
        yield own.rasa_url


async def _read_all(url: str, token: str, lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    brain = Brain(url, 60, token)
    readings: list[dict[str, Any]] = []
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("Reading", total=len(lines))
        for start in range(0, len(lines), CHUNK):
            chunk = [
                {"text": line["text"], "metadata": {"day": line.get("day")}} for line in lines[start : start + CHUNK]
            ]
            readings.extend(await brain.parse(chunk))
            progress.advance(task, len(chunk))
    await brain.close()
    return readings


def _triage_row(line: dict[str, Any], reading: dict[str, Any], screen: Screen) -> TriageRow:
    return TriageRow(
        line["id"],
        line["tier"],
        reading["triage"]["tier"],
        tuple(reading["triage"]["signs"]),
        asked=reading["doubtful"],
        catalogue=screen(line["text"], Context(day=line.get("day"))).tier.label,
    )


def _topic_row(line: dict[str, Any], reading: dict[str, Any]) -> TopicRow:
    return TopicRow(line["id"], line["topic"], tuple(line.get("also") or ()), seen_topic(reading["topics"]))


def _triage(console: Console, rows: list[TriageRow], lines: list[dict[str, Any]]) -> dict[str, Any]:
    figures = triage_figures(rows)
    console.print(_table("Triage", figures))
    alone = catalogue_figures(rows)
    console.print(_table("The catalogue alone", alone))
    crossed = Table("label \\ judged", *TIERS, title="Confusion")
    for label, counts in confusion(rows).items():
        crossed.add_row(label, *(str(counts[tier]) for tier in TIERS))
    console.print(crossed)
    misses = Table("id", "label", "judged", "decided by", "text", title="Misses and false alarms")
    for row, line in zip(rows, lines, strict=True):
        if _is_miss(row):
            deciding = ", ".join(f"{sign['layer']}:{sign['id']}" for sign in row.signs) or "nothing found"
            misses.add_row(row.id, row.label, row.predicted, deciding, line["text"][:100])
    console.print(misses)
    return {
        **{name: figure.as_dict() for name, figure in figures.items()},
        "catalogue": {name: figure.as_dict() for name, figure in alone.items()},
        "confusion": confusion(rows),
        "rows": [
            {
                "id": row.id,
                "label": row.label,
                "predicted": row.predicted,
                "signs": list(row.signs),
                "asked": row.asked,
                "catalogue": row.catalogue,
            }
            for row in rows
        ],
    }


def _draw(
    folder: Path, crossed: dict[str, dict[str, int]], judged: list[tuple[dict[str, Any], dict[str, Any]]]
) -> None:
    from bot.evaluation.plots import plot_confusion, plot_reliability

    folder.mkdir(parents=True, exist_ok=True)
    plot_confusion(crossed, folder / "confusion.png")
    urgent = TIERS[2:]
    plot_reliability(
        [(reading["risk"]["urgent"], line["tier"] in urgent) for line, reading in judged], folder / "reliability.png"
    )


def _is_miss(row: TriageRow) -> bool:
    return is_under_triage(row) or (row.label == "none" and row.predicted != "none")


def _topics(console: Console, rows: list[TopicRow], lines: list[dict[str, Any]]) -> dict[str, Any]:
    figures = topic_figures(rows)
    console.print(_table("Topics", figures))
    misses = Table("id", "label", "read as", "text", title="Wrong topics")
    for row, line in zip(rows, lines, strict=True):
        if row.predicted not in (row.label, *row.also):
            misses.add_row(row.id, row.label, row.predicted, line["text"][:100])
    console.print(misses)
    return {
        **{name: figure.as_dict() for name, figure in figures.items()},
        "rows": [
            {"id": row.id, "label": row.label, "also": list(row.also), "predicted": row.predicted} for row in rows
        ],
    }


def _table(title: str, figures: dict[str, Share]) -> Table:
    table = Table("figure", "share", "count", "exact 95 % interval", title=title)
    for name, figure in figures.items():
        low, high = figure.interval or (0.0, 1.0)
        share = "-" if figure.share is None else f"{figure.share:.1%}"
        table.add_row(name.replace("_", " "), share, f"{figure.hits}/{figure.total}", f"{low:.1%} to {high:.1%}")
    return table
