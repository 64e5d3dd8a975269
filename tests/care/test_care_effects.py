"""Effects survive the way through Rasa, and nothing else passes for one."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.care.effects import (
    CaseEffect,
    CheckEffect,
    Effect,
    EffectError,
    PersonalEffect,
    RemindersEffect,
    TopicEffect,
    TreatmentEffect,
    ZoneEffect,
    parse_effect,
    to_message,
)


@pytest.mark.parametrize(
    "effect",
    [
        CaseEffect("urgent", "red_flag", ({"id": "pus", "start": 3},)),
        CaseEffect("routine", "asked_for_person"),
        TreatmentEffect(datetime(2025, 6, 10, 10, 30, tzinfo=UTC), "vague"),
        PersonalEffect("minox_after_h", 48.0),
        TopicEffect(("washing_hair", "alcohol_smoking")),
        CaseEffect("routine", "check_unanswered"),
        CheckEffect("asked"),
        CheckEffect(None),
        RemindersEffect(True),
        RemindersEffect(False),
        ZoneEffect("America/New_York"),
    ],
)
def test_an_effect_comes_back_as_it_was_sent(effect: Effect) -> None:
    assert parse_effect(json.loads(json.dumps(to_message(effect)))) == effect


@pytest.mark.parametrize(
    "custom",
    [
        {},
        {"effect": "delete_everything"},
        {"effect": "case", "tier": "panic", "reason": "red_flag"},
        {"effect": "case", "tier": "urgent", "reason": "because"},
        {"effect": "case", "tier": "urgent", "reason": "red_flag", "signs": "pus"},
        {"effect": "treatment", "ended_at": "2025-06-10T10:30:00", "certainty": "said"},
        {"effect": "treatment", "ended_at": "yesterday", "certainty": "said"},
        {"effect": "treatment", "ended_at": "2025-06-10T10:30:00+00:00", "certainty": "sure"},
        {"effect": "personal", "key": "clinic_depth", "value": 3},
        {"effect": "personal", "key": "wash_h", "value": float("nan")},
        {"effect": "personal", "key": "wash_h", "value": True},
        {"effect": "topic", "topics": [1]},
        {"effect": "topic", "topics": [], "extra": 1},
        {"effect": "check", "step": "unseen"},
        {"effect": "check", "step": "asked", "until": "tomorrow"},
        {"effect": "reminders", "wanted": "yes"},
        {"effect": "reminders"},
        {"effect": "zone", "zone": "Mars/Olympus"},
    ],
)
def test_a_malformed_effect_is_refused(custom: dict[str, Any]) -> None:
    with pytest.raises(EffectError):
        parse_effect(custom)
