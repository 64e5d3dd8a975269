"""Our NLU pipeline beside stock Rasa's, trained on the same data and read from the same lines, one after the other."""

import json
import subprocess
import tempfile
from pathlib import Path
from statistics import quantiles
from typing import Any

from bot.evaluation.figures import TopicRow, TriageRow, seen_topic, topic_figures, triage_figures
from bot.processes import RASA_PYTHON, quiet_environment
from bot.settings import ROOT, Settings

PIPELINES = {"ours": ROOT / "config.yml", "stock": ROOT / "benchmarks" / "stock.yml"}
REPORTS = {"report_emergency": "emergency", "report_urgent": "urgent", "report_concern": "routine"}

Lines = list[dict[str, Any]]


def compare(settings: Settings, triage: Lines, topics: Lines) -> dict[str, Any]:
    """Train and measure each pipeline in a process of its own. Out: figures and times by name of the pipeline.

    Raises subprocess.CalledProcessError when one cannot be trained.
    """
    return {name: _measured(settings, config, triage, topics) for name, config in PIPELINES.items()}


def _measured(settings: Settings, config: Path, triage: Lines, topics: Lines) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        lines, out = Path(folder) / "lines.json", Path(folder) / "out.json"
        lines.write_text(json.dumps([{"text": line["text"]} for line in [*triage, *topics]]), encoding="utf-8")
        command = [str(RASA_PYTHON), "-m", "benchmarks.one_pipeline", str(config), "data/nlu", str(lines), str(out)]
        subprocess.run(command, cwd=ROOT, env=quiet_environment(settings), check=True, stdout=subprocess.DEVNULL)
        raw = json.loads(out.read_text(encoding="utf-8"))
    readings, cuts = raw["readings"], quantiles(raw["milliseconds"], n=100)
    tiers = [
        TriageRow(line["id"], line["tier"], _tier(reading)) for line, reading in zip(triage, readings, strict=False)
    ]
    subjects = [
        TopicRow(line["id"], line["topic"], tuple(line.get("also") or ()), _topic(reading))
        for line, reading in zip(topics, readings[len(triage) :], strict=True)
    ]
    return {
        "training_seconds": round(raw["training_seconds"], 1),
        "load_seconds": round(raw["load_seconds"], 1),
        "memory_mib": round(raw["memory_mib"]),
        "parse_p50_ms": round(cuts[49], 1),
        "parse_p95_ms": round(cuts[94], 1),
        "triage": {name: share.as_dict() for name, share in triage_figures(tiers).items()},
        "topics": {name: share.as_dict() for name, share in topic_figures(subjects).items()},
    }


def _tier(reading: dict[str, Any]) -> str:
    # Stock Rasa knows intents alone, so a report's intent is its tier.
    return str(reading["tier"] or REPORTS.get(reading["intent"], "none"))


def _topic(reading: dict[str, Any]) -> str:
    return seen_topic(reading["topics"] or [reading["intent"]])
