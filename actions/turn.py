"""One turn as an action sees it: the message, what the gate found, and what the bot knows of the patient."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet

from actions.house import House
from bot.care.asking import Asking
from bot.care.context import split_subjects
from bot.care.treatment import Treatment
from bot.triage.tier import Tier
from bot.triage.verdict import Sign, Verdict

log = logging.getLogger(__name__)

NOT_SAFE = "crisis_now"  # the sign of a no to "are you safe right now?"

Events = list[dict[str, Any]]

_REPORTS = {"report_emergency": Tier.EMERGENCY, "report_urgent": Tier.URGENT, "report_concern": Tier.ROUTINE}


@dataclass(frozen=True)
class Turn:
    """Read from the tracker. `now` (aware, UTC) comes with the message, so that replays keep their own time."""

    text: str
    intent: str
    topics: tuple[str, ...]
    ranking: tuple[str, ...]
    entities: Mapping[str, str]
    verdict: Verdict
    now: datetime
    treatment: Treatment | None
    personal: Mapping[str, float]
    case_tier: Tier
    doubtful: bool
    last: tuple[str, ...]
    pair: tuple[str, ...]
    pending: tuple[str, ...]
    asked: str | None
    unsure_count: int
    concern: str | None

    @classmethod
    def read(cls, tracker: Tracker) -> Turn:
        """The turn of the tracker's latest message."""
        message: Mapping[str, Any] = tracker.latest_message or {}
        metadata: Mapping[str, Any] = message.get("metadata") or {}
        intent = (message.get("intent") or {}).get("name") or ""
        entities = {e["entity"]: str(e["value"]) for e in message.get("entities") or [] if e.get("entity")}
        text = str(message.get("text") or "")
        pressed = text.startswith("/")
        treatment = metadata.get("treatment")
        triage = message.get("triage")
        slots = tracker.slots or {}
        return cls(
            text=" ".join(entities.values()) if pressed else text,
            intent=intent,
            topics=tuple(message.get("topics") or [intent]),
            ranking=tuple(rank["name"] for rank in message.get("intent_ranking") or [] if rank.get("name")),
            entities=entities,
            verdict=_verdict(triage, intent, entities.get("sign")),
            now=_now(metadata),
            treatment=_past(treatment, _now(metadata)),
            personal={key: float(value) for key, value in (metadata.get("personal") or {}).items()},
            case_tier=_case_tier(metadata.get("case")),
            doubtful=bool(message.get("doubtful")),
            last=tuple(split_subjects(slots.get("last_topic"))),
            pair=tuple(split_subjects(slots.get("pair"))),
            pending=tuple(split_subjects(slots.get("pending_topic"))),
            asked=slots.get("asked"),
            unsure_count=int(slots.get("unsure_count") or 0),
            concern=slots.get("concern"),
        )

    @property
    def alarm(self) -> bool:
        """Whether an urgent or worse case is open."""
        return self.case_tier >= Tier.URGENT

    @property
    def must_be_seen(self) -> bool:
        """Whether nothing may be allowed until a clinician has looked; a pet's trouble holds nothing back."""
        return self.alarm and self.concern != "vet"

    def asking(self, home: House) -> Asking:
        """The turn as a question to `bot.care`."""
        return Asking(home.clinic, home.wording, self.now, self.text, self.treatment, self.personal)

    def knowing(self, treatment: Treatment | None, personal: Mapping[str, float]) -> Turn:
        """The same turn once the message's own facts are taken in."""
        return replace(self, treatment=treatment, personal=personal)

    def without_words(self) -> Turn:
        """The same turn where its words have been taken in and must not be read again."""
        return replace(self, text="")


def remember(
    last: tuple[str, ...] | list[str] | None = None,
    *,
    pair: tuple[str, ...] | list[str] | None = None,
    pending: tuple[str, ...] | list[str] = (),
    asked: str | None = None,
    unsure_count: int = 0,
    concern: str | None = None,
) -> Events:
    """What the conversation keeps from this turn. None keeps what `last`, `pair` or `concern` hold."""
    events: Events = [
        SlotSet("pending_topic", "+".join(pending) or None),
        SlotSet("asked", asked),
        SlotSet("unsure_count", unsure_count),
    ]
    if last is not None:
        events.append(SlotSet("last_topic", "+".join(last) or None))
    if concern is not None:
        events.append(SlotSet("concern", concern))
    if pair is not None:
        events.append(SlotSet("pair", "+".join(pair) or None))
    return events


def sign_of_button(advice: str, tier: Tier) -> Verdict:
    """The verdict of a pressed button or of a yes to our own question: there are no words to point at."""
    raised_by = ("not_safe",) if advice == NOT_SAFE else ()
    advice = "crisis" if advice == NOT_SAFE else advice
    sign = Sign(f"answered_{advice}", tier, advice, 0, 0, "", raised_by, "house", "answer")
    return Verdict(tier, (sign,), ())


def _verdict(data: Any, intent: str, pressed: str | None) -> Verdict:
    """The gate's verdict, never below the tier of the intent the gate chose."""
    floor = _REPORTS.get(intent, Tier.NONE)
    if pressed:
        return sign_of_button(pressed, floor)
    try:
        verdict = Verdict.from_dict(data) if data else Verdict(Tier.NONE, (), ())
    except (KeyError, TypeError, ValueError):
        log.exception("a verdict that cannot be read; taking the tier of the intent")
        verdict = Verdict(Tier.NONE, (), ())
    return Verdict(max(verdict.tier, floor), verdict.signs, verdict.lowered)


def _past(data: Any, now: datetime) -> Treatment | None:
    """The session, unless the record says it is still to come."""
    treatment = Treatment.from_dict(data) if data else None
    return treatment if treatment is not None and treatment.ended_at <= now else None


def _case_tier(case: Any) -> Tier:
    if not case or case.get("state") == "closed":
        return Tier.NONE
    return Tier.from_label(case["tier"])


def _now(metadata: Mapping[str, Any]) -> datetime:
    said = metadata.get("now")
    return datetime.fromisoformat(said).astimezone(UTC) if said else datetime.now(UTC)
