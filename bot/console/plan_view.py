"""The care plan as a timeline: what is allowed from when, in the clinic's time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.care.clinic import Clinic
from bot.care.plan import RULES, Activity, care_plan
from bot.care.treatment import Treatment
from bot.console.times import Times, span

NAMES = {
    "minoxidil": "Minoxidil",
    "washing": "Washing hair",
    "sweat": "Exercise and sweat",
    "pool_sauna": "Pool, sea, sauna",
    "sunscreen": "Sunscreen",
    "sun_hat": "Hat in the sun",
    "styling": "Styling products",
    "dye": "Dye and bleach",
    "alcohol": "Alcohol",
    "nsaid": "Ibuprofen and the like",
    "next_session": "Next session",
}
HOLDS = {
    "utter_hold_calm": "the scalp is calm",
    "utter_hold_calm_closed": "the scalp is calm and the skin closed",
    "utter_hold_closed": "the skin is closed",
    "utter_hold_clean_hat": "the hat is clean",
    "utter_hold_patch_test": "a patch test was fine",
    "utter_hold_healed": "all is healed",
}


@dataclass(frozen=True)
class Step:
    """One activity on the timeline. `state` is allowed, later or unset."""

    name: str
    state: str
    when: str
    left: str
    only_if: str
    personal: bool


def timeline(
    clinic: Clinic, treatment: Treatment | None, personal: Mapping[str, float], times: Times
) -> tuple[Step, ...]:
    """The steps in the order they become allowed; empty while the session's time is unknown."""
    if treatment is None:
        return ()
    plan = care_plan(clinic, treatment, times.now, personal)
    late = datetime.max.replace(tzinfo=times.now.tzinfo)
    ordered = sorted(plan, key=lambda one: (one.allowed is None, one.allowed_from or late, one.id))
    return tuple(_step(one, personal, times) for one in ordered)


def _step(activity: Activity, personal: Mapping[str, float], times: Times) -> Step:
    name = NAMES.get(activity.id, activity.id.replace("_", " ").capitalize())
    only_if = " and ".join(HOLDS.get(key, key.removeprefix("utter_hold_")) for key in activity.must_hold)
    rule = RULES.get(activity.id)
    own = rule is not None and rule.key in personal
    at = activity.allowed_from
    if activity.allowed is None or at is None:
        if activity.allowed:
            return Step(name, "allowed", "any time", "", only_if, own)
        return Step(name, "unset", "no figure set", "", only_if, own)
    if activity.allowed:
        return Step(name, "allowed", f"since {times.moment(at)}" if activity.wait_h else "any time", "", only_if, own)
    return Step(name, "later", f"from {times.moment(at)}", f"in {span(at - times.now)}", only_if, own)
