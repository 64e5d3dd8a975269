"""Understanding: both models, trained on the same lines, read the same messages, one after the other."""

import json
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.figures import Figure, percentile
from benchmarks.progress import say
from benchmarks.training import Trained
from bot.evaluation.figures import Share, TopicRow, TriageRow, seen_topic, topic_figures, triage_figures
from bot.processes import RASA_PYTHON, quiet_environment
from bot.settings import ROOT, Settings

REPORTS = {"report_emergency": "emergency", "report_urgent": "urgent", "report_concern": "routine"}
SHARES = {
    "triage": {
        "emergency_at_least_urgent": "emergencies given urgent or more",
        "emergency_recall": "emergencies given emergency",
        "urgent_recall": "urgent given urgent or more",
        "routine_at_least_routine": "routine given routine or more",
        "false_alarms": "harmless given urgent or more",
        "false_call_backs": "harmless given routine",
        "under_triage": "given less than labelled, all lines",
    },
    "topics": {
        "topic_strict": "topic, strict",
        "topic_lenient": "topic, either of two asked",
        "out_of_scope_recall": "out of scope found",
        "in_scope_refused": "in scope refused",
    },
}

Lines = list[dict[str, Any]]


def compare(settings: Settings, ours: Trained, stock: Trained, triage: Lines, topics: Lines) -> dict[str, Any]:
    """Measure each model in a process of its own. Out: `figures`, and the `shares` with counts and intervals.

    Raises subprocess.CalledProcessError when a model cannot be loaded.
    """
    measured = {}
    for name, trained in (("ours", ours), ("stock", stock)):
        say(f"{name}: reading {len(triage) + len(topics)} messages")
        measured[name] = _measured(settings, trained.model, triage, topics)
    found = figures(ours, stock, measured["ours"], measured["stock"])
    shares = {
        name: {"ours": measured["ours"][part][key].as_dict(), "stock": measured["stock"][part][key].as_dict()}
        for part, names in SHARES.items()
        for key, name in names.items()
    }
    return {"figures": [figure.as_dict() for figure in found], "shares": shares}


def figures(ours: Trained, stock: Trained, our_raw: dict[str, Any], stock_raw: dict[str, Any]) -> list[Figure]:
    """Times, memory and shares (in percent), ours beside stock's."""

    def reading(hundredth: int) -> tuple[float, float]:
        first, second = (percentile(raw["milliseconds"], hundredth) for raw in (our_raw, stock_raw))
        return first, second

    return [
        Figure("training the whole model, no cache", "s", ours.seconds, stock.seconds),
        Figure("training, processor time", "s", ours.cpu_seconds, stock.cpu_seconds),
        Figure("load until the first reading", "s", our_raw["load_seconds"], stock_raw["load_seconds"]),
        Figure("reading a message, median", "ms", *reading(50)),
        Figure("reading a message, 95th of 100", "ms", *reading(95)),
        Figure("largest resident memory while reading", "MiB", our_raw["memory_mib"], stock_raw["memory_mib"]),
        *(
            Figure(name, "%", _percent(our_raw[part][key]), _percent(stock_raw[part][key]))
            for part, names in SHARES.items()
            for key, name in names.items()
        ),
    ]


def _percent(share: Share) -> float | None:
    return None if share.share is None else share.share * 100


def _measured(settings: Settings, model: Path, triage: Lines, topics: Lines) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        lines, out = Path(folder) / "lines.json", Path(folder) / "out.json"
        lines.write_text(json.dumps([{"text": line["text"]} for line in [*triage, *topics]]), encoding="utf-8")
        command = [str(RASA_PYTHON), "-m", "benchmarks.one_pipeline", str(model), str(lines), str(out)]
        subprocess.run(command, cwd=ROOT, env=quiet_environment(settings), check=True, stdout=subprocess.DEVNULL)
        raw: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    readings = raw["readings"]
    tiers = [
        TriageRow(line["id"], line["tier"], _tier(reading)) for line, reading in zip(triage, readings, strict=False)
    ]
    subjects = [
        TopicRow(line["id"], line["topic"], tuple(line.get("also") or ()), _topic(reading))
        for line, reading in zip(topics, readings[len(triage) :], strict=True)
    ]
    return {**raw, "triage": triage_figures(tiers), "topics": topic_figures(subjects)}


def _tier(reading: dict[str, Any]) -> str:
    # Stock Rasa knows intents alone, so a report's intent is its tier.
    return str(reading["tier"] or REPORTS.get(reading["intent"], "none"))


def _topic(reading: dict[str, Any]) -> str:
    return seen_topic(reading["topics"] or [reading["intent"]])
