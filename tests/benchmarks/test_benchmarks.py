"""What `make bench` gives both pipelines to learn from, and the page it writes; the measuring itself is the bench."""

from pathlib import Path

import yaml

from benchmarks.page import page
from benchmarks.pipelines import _shortened

MEASURED = {
    "training_seconds": 60.0,
    "training_cpu_seconds": 80.0,
    "load_seconds": 5.0,
    "memory_mib": 600,
    "parse_p50_ms": 15.0,
    "parse_p95_ms": 40.0,
}
SHARE = {"share": 0.5, "hits": 1, "total": 2, "low": 0.1, "high": 0.9}
TRIAGE = (
    "emergency_at_least_urgent", "emergency_recall", "urgent_recall", "routine_at_least_routine", "false_alarms",
    "false_call_backs", "under_triage",
)  # fmt: skip
TOPICS = ("topic_strict", "topic_lenient", "out_of_scope_recall", "in_scope_refused")


def test_longer_lines_are_left_out_and_blocks_keep_their_labels(tmp_path: Path):
    source, target = tmp_path / "source.yml", tmp_path / "target.yml"
    source.write_text(
        'version: "3.1"\nnlu:\n- intent: cost\n  examples: |\n    - how much\n    - what would one session cost me\n'
        "- intent: report_urgent\n  metadata: {tier: urgent}\n  examples: |\n    - there is pus\n"
        "- intent: greet\n  examples: |\n    - a very long greeting indeed this is\n"
    )
    assert _shortened(source, target, longest=3) == 2
    assert yaml.safe_load(target.read_text())["nlu"] == [
        {"intent": "cost", "examples": "- how much\n"},
        {"intent": "report_urgent", "metadata": {"tier": "urgent"}, "examples": "- there is pus\n"},
    ]


def test_the_page_sets_both_side_by_side_with_ratios():
    one = {**MEASURED, "triage": dict.fromkeys(TRIAGE, SHARE), "topics": dict.fromkeys(TOPICS, SHARE)}
    stock = {**one, "training_seconds": 600.0}
    text = page(
        {
            "machine": "2 cores",
            "lines": {"triage": 2, "topics": 3},
            "pipelines": {"training_lines": 10, "longest_words": 25, "ours": one, "stock": stock},
        }
    )
    assert "| training, no cache | 60.0 s | 600.0 s | 0.10 |" in text
    assert "| topic, strict | 50.0% (1/2; 10.0% to 90.0%) | 50.0% (1/2; 10.0% to 90.0%) |" in text
