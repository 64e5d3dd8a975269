"""What an action reads from the tracker, also when little or nonsense is there."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
import yaml
from rasa_sdk import Tracker

from actions.turn import Turn
from bot.care.answers import TOPICS
from bot.triage.tier import Tier
from tests.actions.talk import rules

ROOT = Path(__file__).resolve().parents[2]
DOMAIN: dict[str, Any] = yaml.safe_load((ROOT / "domain.yml").read_text())


def read(**message: Any) -> Turn:
    return Turn.read(Tracker("patient", {}, message, [], False, None, {}, "action_listen"))


def test_the_time_comes_with_the_message_never_from_the_machine() -> None:
    with time_machine.travel(datetime(2031, 1, 1, tzinfo=UTC)):
        assert read(text="hi", metadata={"now": "2025-06-10T16:30:00+00:00"}).now.year == 2025
        assert read(text="hi").now.year == 2031


@pytest.mark.parametrize(
    ("intent", "tier"),
    [
        ("report_emergency", Tier.EMERGENCY),
        ("report_urgent", Tier.URGENT),
        ("report_concern", Tier.ROUTINE),
        ("greet", Tier.NONE),
    ],
)
@pytest.mark.parametrize(
    "triage", [None, {}, {"tier": "none", "signs": [], "lowered": []}, {"tier": "??"}, {"signs": 3}]
)
def test_a_flagged_intent_is_never_below_its_tier_whatever_the_verdict_looks_like(
    intent: str, tier: Tier, triage: dict[str, Any] | None
) -> None:
    assert read(text="x", intent={"name": intent}, triage=triage).verdict.tier is tier


def test_a_typed_message_is_its_own_text_and_a_press_is_its_value() -> None:
    assert read(text="yesterday").text == "yesterday"
    pressed = read(text='/inform_session_time{"when": "today"}', entities=[{"entity": "when", "value": "today"}])
    assert pressed.text == "today"


def test_every_intent_has_one_rule_and_every_action_a_name_in_the_domain() -> None:
    assert set(rules()) == set(DOMAIN["intents"])
    assert set(rules().values()) == set(DOMAIN["actions"])
    stories = yaml.safe_load((ROOT / "data/stories/rules.yml").read_text())
    intents = [rule["steps"][0]["intent"] for rule in stories["rules"]]
    assert len(intents) == len(set(intents))


def test_every_topic_is_answered_by_a_rule() -> None:
    for topic in TOPICS:
        assert rules()[topic] == "action_answer_topic"
    for report in ("report_emergency", "report_urgent", "report_concern"):
        assert rules()[report] == "action_escalate"
