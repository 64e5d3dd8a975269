"""The care plan: protocol x treatment x now -> what is allowed, from when, and what must also hold. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.care.clinic import Clinic
from bot.care.treatment import Treatment

HOLD_CALM = "utter_hold_calm"
HOLD_CLOSED = "utter_hold_closed"
HOLD_CALM_CLOSED = "utter_hold_calm_closed"
HOLD_CLEAN_HAT = "utter_hold_clean_hat"
HOLD_PATCH_TEST = "utter_hold_patch_test"
HOLD_HEALED = "utter_hold_healed"


@dataclass(frozen=True)
class Rule:
    """How one activity reads the protocol: the key of its wait (None: no wait) and the response keys that go with it.

    `topic` is the stem of its responses in domain.yml: stem, stem_not_yet, stem_ok, stem_why.
    """

    key: str | None
    topic: str
    must_hold: tuple[str, ...]


RULES: Mapping[str, Rule] = {
    "minoxidil": Rule("minox_after_h", "utter_minoxidil_timing", (HOLD_CALM_CLOSED,)),
    "washing": Rule("wash_h", "utter_washing_hair", ()),
    "sweat": Rule("sweat_h", "utter_exercise_sweat", (HOLD_CALM,)),
    "pool_sauna": Rule("pool_h", "utter_pool_sauna", (HOLD_CALM_CLOSED,)),
    "sunscreen": Rule("sunscreen_h", "utter_sunscreen", (HOLD_CLOSED,)),
    "sun_hat": Rule(None, "utter_sun_hat", (HOLD_CLEAN_HAT,)),
    "styling": Rule("product_h", "utter_hair_products_dye", (HOLD_CLOSED,)),
    "dye": Rule("dye_d", "utter_dye", (HOLD_HEALED, HOLD_PATCH_TEST)),
    "alcohol": Rule("alcohol_h", "utter_alcohol_smoking", ()),
    "nsaid": Rule("nsaid_avoid_h", "utter_nsaid", ()),
    "next_session": Rule("interval_d", "utter_session_frequency", (HOLD_HEALED,)),
}


@dataclass(frozen=True)
class Activity:
    """One activity for one patient at one moment.

    `allowed_from` is UTC. `allowed` and `allowed_from` are None where the clinic set no figure or the session's time is
    not known: then the answer gives no time. `hours_left` is 0 once allowed. `why` and `must_hold` are response keys;
    every key of `must_hold` is a condition that holds besides the time. `wait_h` is the wait in hours.
    """

    id: str
    allowed_from: datetime | None
    allowed: bool | None
    hours_left: float | None
    wait_h: float | None
    why: str
    must_hold: tuple[str, ...]


@dataclass(frozen=True)
class CarePlan:
    """All activities at `now` (UTC). `vague` says that times rest on a vague session time and want rounding up."""

    now: datetime
    vague: bool
    activities: Mapping[str, Activity]

    def __getitem__(self, activity: str) -> Activity:
        return self.activities[activity]

    def __iter__(self) -> Iterator[Activity]:
        return iter(self.activities.values())


def care_plan(
    clinic: Clinic, treatment: Treatment | None, now: datetime, personal: Mapping[str, float] | None = None
) -> CarePlan:
    """The plan at `now` (aware). `personal` maps protocol keys to a clinician's own figure, which overrides."""
    now = now.astimezone(UTC)
    activities = {name: _activity(name, rule, clinic, treatment, now, personal or {}) for name, rule in RULES.items()}
    return CarePlan(now, treatment is not None and treatment.certainty == "vague", activities)


def wait_hours(clinic: Clinic, key: str, depth_mm: float | None, personal: Mapping[str, float]) -> float | None:
    """The wait in hours under a protocol key for this patient, or None where nobody set one."""
    figure = personal.get(key)
    figure = figure_in_force(clinic, key, depth_mm) if figure is None else figure
    if figure is None:
        return None
    return figure * 24 if key.endswith("_d") else figure


def figure_in_force(clinic: Clinic, key: str, depth_mm: float | None) -> float | None:
    """The protocol's figure under a key at this depth, in the key's own unit; None where nobody set one."""
    protocol = clinic.protocol
    deep_from = protocol.deep_from_mm
    if key == "minox_after_h" and depth_mm is not None and deep_from is not None and depth_mm >= deep_from:
        return protocol.minox_after_h_deep
    figure: float | None = getattr(protocol, key)
    return figure


def _activity(
    name: str, rule: Rule, clinic: Clinic, treatment: Treatment | None, now: datetime, personal: Mapping[str, float]
) -> Activity:
    why = f"{rule.topic}_why"
    depth = treatment.depth_mm if treatment else None
    wait = 0.0 if rule.key is None else wait_hours(clinic, rule.key, depth, personal)
    if wait is None or treatment is None:
        allowed = True if rule.key is None else None
        return Activity(name, None, allowed, None, wait, why, rule.must_hold)
    allowed_from = treatment.ended_at + timedelta(hours=wait)
    left = max(0.0, (allowed_from - now).total_seconds() / 3600)
    return Activity(name, allowed_from, left == 0, left, wait, why, rule.must_hold)
