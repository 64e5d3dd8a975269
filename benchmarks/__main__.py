"""`make bench`: measure, write benchmarks/results.json and docs/benchmarks.md."""

import argparse
import json
import os
import platform
from pathlib import Path

from benchmarks.page import page
from benchmarks.pipelines import compare
from bot.commands.evaluation import read_lines
from bot.settings import ROOT, load_settings

RESULTS = ROOT / "benchmarks" / "results.json"
PAGE = ROOT / "docs" / "benchmarks.md"


def main() -> None:
    """Every part, one after the other; up to an hour, most of it stock Rasa's training."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--triage", type=Path, default=ROOT / "data" / "evaluation" / "triage.jsonl")
    parser.add_argument("--topics", type=Path, default=ROOT / "data" / "evaluation" / "topics.jsonl")
    parser.add_argument("--longest", type=int, default=25, help="words of the longest training line used")
    given = parser.parse_args()
    triage = read_lines(given.triage, {"id", "text", "tier"})
    topics = read_lines(given.topics, {"id", "text", "topic"})
    result = {
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
        "lines": {"triage": len(triage), "topics": len(topics)},
        "pipelines": compare(load_settings(), triage, topics, given.longest),
    }
    RESULTS.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    PAGE.write_text(page(result), encoding="utf-8")


if __name__ == "__main__":
    main()
