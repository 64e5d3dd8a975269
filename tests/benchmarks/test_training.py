"""What both models learn from, and stock's plain domain."""

from pathlib import Path

import yaml

from benchmarks.training import PATHS, plain_domain, plain_rules, shortened
from bot.settings import ROOT


def test_longer_lines_are_left_out_and_blocks_keep_their_labels(tmp_path: Path):
    source, target = tmp_path / "source.yml", tmp_path / "target.yml"
    source.write_text(
        'version: "3.1"\nnlu:\n- intent: cost\n  examples: |\n    - how much\n    - what would one session cost me\n'
        "- intent: report_urgent\n  metadata: {tier: urgent}\n  examples: |\n    - there is pus\n"
        "- intent: greet\n  examples: |\n    - a very long greeting indeed this is\n"
    )
    assert shortened(source, target, longest=3) == 2
    assert yaml.safe_load(target.read_text())["nlu"] == [
        {"intent": "cost", "examples": "- how much\n"},
        {"intent": "report_urgent", "metadata": {"tier": "urgent"}, "examples": "- there is pus\n"},
    ]


def test_stock_answers_each_intent_by_a_rule_and_its_paths_use_intents_there_are():
    intents = yaml.safe_load((ROOT / "domain.yml").read_text())["intents"]
    domain, rules = plain_domain(intents), plain_rules(intents)
    assert {f"utter_{intent}" for intent in intents} == set(domain["responses"])
    assert [rule["steps"] for rule in rules["rules"]] == [
        [{"intent": intent}, {"action": f"utter_{intent}"}] for intent in intents
    ]
    assert {intent for path in PATHS for intent in path} <= set(intents)
