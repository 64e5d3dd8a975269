"""What an action asks of our database. Actions send effects to the bot as custom messages; the bot parses and applies.

A form of its own, checked on both sides, because the two run in different processes with Rasa between them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, cast, get_args
from zoneinfo import available_timezones

from bot.care.symptom_check import Step
from bot.care.treatment import CERTAINTIES, Certainty
from bot.triage.tier import TierLabel

CaseReason = Literal["red_flag", "asked_for_person", "privacy_request", "concern", "unsure", "check_unanswered"]

PERSONAL_KEYS = (
    "minox_before_h",
    "minox_after_h",
    "wash_h",
    "sweat_h",
    "pool_h",
    "sunscreen_h",
    "product_h",
    "dye_d",
    "nsaid_avoid_h",
    "alcohol_h",
    "interval_d",
)


class EffectError(ValueError):
    """A custom message that is not a well-formed effect."""


@dataclass(frozen=True)
class CaseEffect:
    """Open a case, or raise the open one."""

    tier: TierLabel
    reason: CaseReason
    signs: tuple[Mapping[str, Any], ...] = field(default=())


@dataclass(frozen=True)
class TreatmentEffect:
    """The patient said when the session ended (UTC, aware)."""

    ended_at: datetime
    certainty: Certainty


@dataclass(frozen=True)
class PersonalEffect:
    """A clinician's personal instruction, as the patient reports it; `key` names a wait of the protocol."""

    key: str
    value: float


@dataclass(frozen=True)
class TopicEffect:
    """Which topics the bot answered, best first."""

    topics: tuple[str, ...]


@dataclass(frozen=True)
class CheckEffect:
    """The symptom check has come to `step`; None: it is over, since what it would find is being seen to."""

    step: Step | None


@dataclass(frozen=True)
class RemindersEffect:
    """Whether the patient wants to be reminded and asked how it goes."""

    wanted: bool


@dataclass(frozen=True)
class ZoneEffect:
    """The patient said which time zone they are in (an IANA name)."""

    zone: str


Effect = CaseEffect | TreatmentEffect | PersonalEffect | TopicEffect | CheckEffect | RemindersEffect | ZoneEffect


def to_message(effect: Effect) -> dict[str, Any]:
    """The custom message that carries an effect through Rasa."""
    match effect:
        case CaseEffect():
            signs = [dict(sign) for sign in effect.signs]
            return {"effect": "case", "tier": effect.tier, "reason": effect.reason, "signs": signs}
        case TreatmentEffect():
            return {"effect": "treatment", "ended_at": effect.ended_at.isoformat(), "certainty": effect.certainty}
        case PersonalEffect():
            return {"effect": "personal", "key": effect.key, "value": effect.value}
        case TopicEffect():
            return {"effect": "topic", "topics": list(effect.topics)}
        case CheckEffect():
            return {"effect": "check", "step": effect.step}
        case RemindersEffect():
            return {"effect": "reminders", "wanted": effect.wanted}
        case ZoneEffect():
            return {"effect": "zone", "zone": effect.zone}


def parse_effect(custom: Mapping[str, Any]) -> Effect:
    """Read a custom message back into an effect; raises EffectError on anything else."""
    if not isinstance(custom, Mapping):
        raise EffectError("an effect is a mapping")
    kind = custom.get("effect")
    match kind:
        case "case":
            _only(custom, "tier", "reason", "signs")
            tier, reason = custom.get("tier"), custom.get("reason")
            signs = custom.get("signs", [])
            if tier not in get_args(TierLabel):
                raise EffectError(f"unknown tier {tier!r}")
            if reason not in get_args(CaseReason):
                raise EffectError(f"unknown reason {reason!r}")
            if not isinstance(signs, list) or not all(isinstance(sign, Mapping) for sign in signs):
                raise EffectError("signs must be a list of mappings")
            return CaseEffect(cast(TierLabel, tier), cast(CaseReason, reason), tuple(dict(sign) for sign in signs))
        case "treatment":
            _only(custom, "ended_at", "certainty")
            certainty = custom.get("certainty")
            if certainty not in CERTAINTIES:
                raise EffectError(f"unknown certainty {certainty!r}")
            return TreatmentEffect(_instant(custom.get("ended_at")), cast(Certainty, certainty))
        case "personal":
            _only(custom, "key", "value")
            key, value = custom.get("key"), custom.get("value")
            if key not in PERSONAL_KEYS:
                raise EffectError(f"unknown personal key {key!r}")
            if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value) or value < 0:
                raise EffectError(f"a personal wait must be a number of at least 0, not {value!r}")
            return PersonalEffect(cast(str, key), float(value))
        case "topic":
            _only(custom, "topics")
            topics = custom.get("topics")
            if not isinstance(topics, list) or not all(isinstance(topic, str) for topic in topics):
                raise EffectError("topics must be a list of names")
            return TopicEffect(tuple(topics))
        case "check":
            _only(custom, "step")
            step = custom.get("step")
            if step is not None and step not in get_args(Step):
                raise EffectError(f"unknown step {step!r}")
            return CheckEffect(cast(Step | None, step))
        case "reminders":
            _only(custom, "wanted")
            wanted = custom.get("wanted")
            if not isinstance(wanted, bool):
                raise EffectError(f"wanted is true or false, not {wanted!r}")
            return RemindersEffect(wanted)
        case "zone":
            _only(custom, "zone")
            zone = custom.get("zone")
            if not isinstance(zone, str) or zone not in available_timezones():
                raise EffectError(f"unknown zone {zone!r}")
            return ZoneEffect(zone)
        case _:
            raise EffectError(f"unknown effect {kind!r}")


def _only(custom: Mapping[str, Any], *known: str) -> None:
    unknown = set(custom) - {"effect", *known}
    if unknown:
        raise EffectError(f"unknown keys {sorted(unknown)}")


def _instant(value: object) -> datetime:
    try:
        instant = datetime.fromisoformat(cast(str, value))
    except (TypeError, ValueError):
        raise EffectError(f"not an ISO time: {value!r}") from None
    if instant.tzinfo is None:
        raise EffectError(f"a time without a zone: {value!r}")
    return instant
