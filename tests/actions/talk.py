"""Plays turns through the real actions as Rasa and the bot do: slots carried, effects applied, metadata sent along.

The gate is not here: each turn says what it found.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

import actions.affirm
import actions.answer_topic
import actions.correction
import actions.deny
import actions.escalate
import actions.follow_up
import actions.hand_over
import actions.out_of_scope
import actions.plain_reply
import actions.privacy_request
import actions.remember_session_time
import actions.small_talk
import actions.unsure  # noqa: F401
from actions.turn_action import TurnAction
from bot.care.effects import CaseEffect, CheckEffect, Effect, PersonalEffect, TreatmentEffect, parse_effect
from bot.care.holding import held_activities
from bot.triage.tier import Tier

ROOT = Path(__file__).resolve().parents[2]
LONDON = ZoneInfo("Europe/London")


@cache
def rules() -> dict[str, str]:
    """Intent -> action, as data/stories/rules.yml has it."""
    stories = yaml.safe_load((ROOT / "data/stories/rules.yml").read_text())
    return {rule["steps"][0]["intent"]: rule["steps"][1]["action"] for rule in stories["rules"]}


@cache
def _actions() -> dict[str, Any]:
    return {cls().name(): cls() for cls in TurnAction.__subclasses__()}


def sign(advice: str, tier: str, evidence: str = "") -> dict[str, Any]:
    return {
        "id": advice, "tier": tier, "advice": advice, "start": 0, "end": len(evidence), "evidence": evidence,
        "raised_by": [], "source": "CEL", "layer": "catalogue",
    }  # fmt: skip


def verdict(tier: str, *advice: str) -> dict[str, Any]:
    return {"tier": tier, "signs": [sign(name, tier) for name in advice], "lowered": []}


@dataclass
class Said:
    """What one turn sent: the patient's text and buttons, and the effects."""

    text: str
    buttons: list[dict[str, str]]
    effects: list[Effect]
    order: list[str]

    @property
    def cases(self) -> list[CaseEffect]:
        return [effect for effect in self.effects if isinstance(effect, CaseEffect)]


@dataclass
class Talk:
    """A conversation. `now` is local to London; move it between turns."""

    now: datetime
    treatment: dict[str, Any] | None = None
    personal: dict[str, float] = field(default_factory=dict)
    case: dict[str, str] | None = None
    signs: tuple[str, ...] = ()  # of the open case
    slots: dict[str, Any] = field(default_factory=dict)
    ranking: list[str] = field(default_factory=list)
    check: dict[str, str] | None = None
    reminders: str | None = None
    general: bool = False

    @classmethod
    def at(cls, now: str, session: str | None = None, depth: float | None = None) -> Talk:
        """`now` and the recorded end of the session as local ISO times."""
        treatment = None
        if session is not None:
            ended = datetime.fromisoformat(session).replace(tzinfo=LONDON).astimezone(UTC)
            treatment = {"ended_at": ended.isoformat(), "certainty": "recorded", "depth_mm": depth}
        return cls(datetime.fromisoformat(now).replace(tzinfo=LONDON), treatment)

    def say(
        self,
        text: str,
        *topics: str,
        triage: Mapping[str, Any] | None = None,
        entities: Mapping[str, str] | None = None,
        intent: str | None = None,
        confidence: float = 0.9,
        doubtful: bool = False,
    ) -> Said:
        """`topics` as the gate found them; `intent` where the classifier chose another than the first of them."""
        intent = intent or topics[0]
        if triage and triage["tier"] != "none":
            intent = {"emergency": "report_emergency", "urgent": "report_urgent", "routine": "report_concern"}[
                triage["tier"]
            ]
        message = {
            "text": text,
            "intent": {"name": intent, "confidence": confidence},
            "doubtful": doubtful,
            "intent_ranking": [{"name": name, "confidence": 0.1} for name in (intent, *self.ranking)],
            "entities": [{"entity": key, "value": value} for key, value in (entities or {}).items()],
            "triage": triage or {"tier": "none", "signs": [], "lowered": []},
            "topics": list(topics),
            "metadata": {
                "now": self.now.astimezone(UTC).isoformat(),
                "message_id": 1,
                "channel": "web",
                "treatment": self.treatment,
                "personal": self.personal,
                "case": self.case,
                "held": sorted(held_activities(self.signs, minor=bool(self.slots.get("minor")))),
                "check": self.check,
                "reminders": self.reminders,
                "general": self.general,
            },
        }
        if text.startswith("/"):
            del message["triage"], message["topics"]
        tracker = Tracker("patient", self.slots, message, [], False, None, {}, "action_listen")
        dispatcher = CollectingDispatcher()
        for event in _actions()[rules()[intent]].run(dispatcher, tracker, {}):
            self.slots[event["name"]] = event["value"]
        return self._sent(dispatcher.messages)

    def press(self, said: Said, title: str) -> Said:
        """Press a quick reply, as the bot hands it to Rasa."""
        payload = next(button["payload"] for button in said.buttons if button["title"] == title)
        intent, brace, rest = payload[1:].partition("{")
        return self.say(payload, intent, entities=yaml.safe_load(brace + rest) if brace else None)

    def _sent(self, messages: list[dict[str, Any]]) -> Said:
        said = Said("", [], [], [])
        for message in messages:
            if message.get("custom"):
                effect = parse_effect(message["custom"])
                said.effects.append(effect)
                said.order.append("effect")
                self._apply(effect)
            else:
                said.order.append("text")
                said.text = f"{said.text}\n\n{message['text']}".strip()
                said.buttons += message["buttons"]
        return said

    def _apply(self, effect: Effect) -> None:
        if isinstance(effect, TreatmentEffect):
            self.treatment = {
                "ended_at": effect.ended_at.isoformat(),
                "certainty": effect.certainty,
                "depth_mm": (self.treatment or {}).get("depth_mm"),
            }
        elif isinstance(effect, PersonalEffect):
            self.personal[effect.key] = effect.value
        elif isinstance(effect, CheckEffect):
            at = self.now.astimezone(UTC).isoformat()
            self.check = {"step": effect.step, "at": at} if effect.step else None
        elif isinstance(effect, CaseEffect):
            tier = Tier.from_label(effect.tier)
            if self.case is None or Tier.from_label(self.case["tier"]) < tier:
                self.case = {"tier": effect.tier, "state": "open"}
