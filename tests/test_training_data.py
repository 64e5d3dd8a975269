"""The training data and what it leads to: enough of everything, nothing twice or from the evaluation, no dead ends."""

import json
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.settings import ROOT
from bot.triage.catalogue import load_catalogue
from bot.triage.tier import Tier

OWN_EVALUATION = ROOT / "data" / "evaluation"
EVALUATION = ROOT.parent / "shared" / "eval"
LEAST = {"greet": 60, "thanks": 60, "goodbye": 60, "bot_identity": 60, "out_of_scope": 600}  # else 150
LEAST_OF_TIER = {"emergency": 400, "urgent": 600, "routine": 300}
REPORTS = {"report_emergency": "emergency", "report_urgent": "urgent", "report_concern": "routine"}
NOT_LEARNT = {"nlu_fallback"}  # what the pipeline says itself


def read(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506


@cache
def domain() -> dict[str, Any]:
    return read(ROOT / "domain.yml")


@cache
def lines() -> list[tuple[str, str, str, str]]:
    """Every example: file, intent, tier, text."""
    return list(_lines())


def _lines() -> Iterator[tuple[str, str, str, str]]:
    for file in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        for block in read(file)["nlu"]:
            tier = (block.get("metadata") or {}).get("tier", "none")
            for line in block["examples"].splitlines():
                assert line.startswith("- "), f"{file.name}: {line!r}"
                yield file.name, block["intent"], tier, line[2:]


def topics() -> list[str]:
    """The 29 topics, from the table of docs/labelling.md down to out_of_scope."""
    table = (ROOT / "docs" / "labelling.md").read_text().split("## Topics")[1]
    names = [name for row in re.findall(r"^\| (`.+?) \|", table, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)]
    return names[: names.index("out_of_scope") + 1]


def plain(text: str) -> str:
    """A line without what does not make it another: case, punctuation, spaces, accents."""
    bare = unicodedata.normalize("NFKD", text).casefold().replace("’", "'")
    return " ".join(re.sub(r"[^\w\s]", " ", bare).split())


def test_labelling_names_29_topics():
    assert len(topics()) == len(set(topics())) == 29


@pytest.mark.parametrize("topic", topics())
def test_every_topic_has_enough_examples(topic: str):
    assert sum(intent == topic for _, intent, _, _ in lines()) >= LEAST.get(topic, 150)


@pytest.mark.parametrize("tier", LEAST_OF_TIER)
def test_every_tier_of_risk_has_enough_examples(tier: str):
    assert sum(of == tier for _, _, of, _ in lines()) >= LEAST_OF_TIER[tier]


def test_there_are_enough_harmless_lines_that_look_like_risk():
    files = {"risk_lookalikes.yml", "risk_lookalikes_more.yml", "harmless_alarming.yml"}
    assert sum(file in files and tier == "none" for file, _, tier, _ in lines()) >= 800


def test_no_line_stands_twice():
    """Not even with another label: the classifier would learn a coin toss."""
    seen = Counter(unicodedata.normalize("NFC", text).strip().casefold() for _, _, _, text in lines())
    assert [text for text, count in seen.items() if count > 1] == []


def test_no_line_stands_under_two_labels():
    labels: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for _, intent, tier, text in lines():
        if plain(text):
            labels[plain(text)].add((intent, tier))
    assert {text: found for text, found in labels.items() if len(found) > 1} == {}


def test_every_line_is_a_message():
    for file, _, _, text in lines():
        assert text.strip() == text != "", file
        assert not text.startswith("/"), (file, text)
        assert "[" not in text or "](" not in text, (file, text)  # no entity markup: nothing is extracted
        assert len(text) <= 4096


def test_every_label_is_known_and_a_report_has_its_tier():
    for file, intent, tier, text in lines():
        assert intent in domain()["intents"], file
        assert tier in {one.label for one in Tier}, (file, text)
        assert REPORTS.get(intent, tier) == tier, (file, text)


def kept_apart() -> set[str]:
    """The messages of the evaluation, our own and the one that may lie beside this repository: all lines, and turns of
    its dialogues from four words on ("why" is free)."""
    texts = [
        json.loads(line)["text"]
        for file in (*sorted(OWN_EVALUATION.glob("*.jsonl")), *sorted(EVALUATION.glob("*.jsonl")))
        for line in file.read_text(encoding="utf-8").split("\n")
        if line.strip()
    ]
    turns = [
        turn["patient"]
        for file in sorted(EVALUATION.glob("dialogues*.yml"))
        for dialogue in read(file)
        for turn in dialogue["turns"]
    ]
    return {plain(text) for text in texts + [turn for turn in turns if len(turn.split()) > 3]} - {""}


def test_no_line_of_the_evaluation_is_in_the_training_data():
    apart = kept_apart()
    assert [(file, text) for file, _, _, text in lines() if plain(text) in apart] == []


def test_no_line_of_the_evaluation_is_in_the_red_flag_catalogue():
    apart = kept_apart()
    written = [
        example.text
        for rule in load_catalogue(ROOT / "data" / "red_flags").signs.values()
        for example in (*rule.wordings, *rule.lookalikes)
    ]
    assert [text for text in written if plain(text) in apart] == []


def buttons() -> set[str]:
    """Intents that a button of ours sends."""
    found = set()
    for variants in domain()["responses"].values():
        for button in variants[0].get("buttons") or []:
            found.add(button["payload"].removeprefix("/").partition("{")[0])
    return found


def test_every_intent_has_data_or_is_sent_by_a_button():
    learnt = {intent for _, intent, _, _ in lines()}
    assert set(domain()["intents"]) - learnt - buttons() <= NOT_LEARNT
    assert buttons() <= set(domain()["intents"])


def rules() -> dict[str, str]:
    """The first action of each intent's rule."""
    found = {}
    for rule in read(ROOT / "data" / "stories" / "rules.yml")["rules"]:
        intent, action, *_ = rule["steps"]
        found[intent["intent"]] = action["action"]
    return found


@pytest.mark.parametrize("intent", read(ROOT / "domain.yml")["intents"])
def test_every_intent_has_a_rule_to_an_action_that_exists(intent: str):
    assert rules()[intent] in domain()["actions"]


def test_every_rule_is_one_action_and_so_a_whole_turn():
    assert all(len(rule["steps"]) == 2 for rule in read(ROOT / "data" / "stories" / "rules.yml")["rules"])


@pytest.mark.parametrize("intent", REPORTS)
def test_every_report_is_escalated(intent: str):
    assert rules()[intent] == "action_escalate"


@pytest.mark.parametrize("topic", topics())
def test_every_topic_has_a_response(topic: str):
    responses = domain()["responses"]
    assert any(key == f"utter_{topic}" or key.startswith(f"utter_{topic}_") for key in responses), topic


SIGNS = load_catalogue(ROOT / "data" / "red_flags").signs


@pytest.mark.parametrize("sign", SIGNS)
def test_every_red_flag_has_source_tier_wordings_and_lookalikes(sign: str):
    rule = SIGNS[sign]
    assert rule.source
    assert rule.tier > Tier.NONE
    assert rule.advice
    assert rule.patterns
    assert len(rule.wordings) >= 6
    assert len(rule.lookalikes) >= 3
