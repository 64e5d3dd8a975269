"""Our NLU pipeline beside stock Rasa's, trained on the same data and read from the same lines, one after the other."""

import json
import subprocess
import tempfile
from pathlib import Path
from statistics import quantiles
from typing import Any

import yaml

from bot.evaluation.figures import TopicRow, TriageRow, seen_topic, topic_figures, triage_figures
from bot.processes import RASA_PYTHON, quiet_environment
from bot.settings import ROOT, Settings

PIPELINES = {"ours": ROOT / "config.yml", "stock": ROOT / "benchmarks" / "stock.yml"}
REPORTS = {"report_emergency": "emergency", "report_urgent": "urgent", "report_concern": "routine"}

Lines = list[dict[str, Any]]


def compare(settings: Settings, triage: Lines, topics: Lines, longest: int) -> dict[str, Any]:
    """Train each pipeline on the lines of up to `longest` words and measure it, in a process of its own.

    Out: how many lines they learnt from, and figures and times by name of the pipeline. Raises
    subprocess.CalledProcessError when one cannot be trained.
    """
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        count = sum(_shortened(file, data / file.name, longest) for file in (ROOT / "data" / "nlu").glob("*.yml"))
        measured = {name: _measured(settings, config, data, triage, topics) for name, config in PIPELINES.items()}
    return {"training_lines": count, "longest_words": longest, **measured}


def _shortened(source: Path, target: Path, longest: int) -> int:
    """Copy a file of training data without its longer lines. Out: how many lines are left."""
    content = yaml.safe_load(source.read_text(encoding="utf-8"))
    count = 0
    for block in content["nlu"]:
        lines = [line for line in block["examples"].splitlines() if len(line.split()) <= longest + 1]
        block["examples"] = "".join(f"{line}\n" for line in lines)
        count += len(lines)
    content["nlu"] = [block for block in content["nlu"] if block["examples"]]
    target.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return count


def _measured(settings: Settings, config: Path, data: Path, triage: Lines, topics: Lines) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        lines, out = Path(folder) / "lines.json", Path(folder) / "out.json"
        lines.write_text(json.dumps([{"text": line["text"]} for line in [*triage, *topics]]), encoding="utf-8")
        command = [str(RASA_PYTHON), "-m", "benchmarks.one_pipeline", str(config), str(data), str(lines), str(out)]
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
        "training_cpu_seconds": round(raw["training_cpu_seconds"], 1),
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
