"""The care plan as /today and the card say it: what is fine now, what waits until when, what to watch for. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.care.clinic import Clinic
from bot.care.local_time import later_side
from bot.care.plan import Activity, care_plan
from bot.care.treatment import Treatment
from bot.care.values import activity_values, clinic_values, session_values
from bot.care.wording import Wording
from bot.triage.tier import Tier

_SHOWN_FOR = timedelta(days=14)  # after a session; longer only where something still waits within these days
_REMINDERS = {Tier.URGENT: "utter_case_reminder", Tier.EMERGENCY: "utter_case_reminder_emergency"}


@dataclass(frozen=True)
class Item:
    """One activity by its name, and as it is said here.

    `until`: from when it is allowed (aware); None where it is now, or nobody set one. `only_if`: what must hold too.
    """

    id: str
    name: str
    said: str
    only_if: str = ""
    until: datetime | None = None


@dataclass(frozen=True)
class Today:
    """The plan of one patient at one moment. With an urgent case open all of it waits, and `held` says why."""

    day: int
    said: str
    fine: tuple[Item, ...]
    wait: tuple[Item, ...]
    ask: tuple[Item, ...]
    watch: str
    held: str
    recent: bool


def today(
    clinic: Clinic,
    wording: Wording,
    treatment: Treatment,
    personal: Mapping[str, float],
    now: datetime,
    case: Tier = Tier.NONE,
    held: frozenset[str] = frozenset(),
) -> Today:
    """The plan at `now` (aware), as of a treatment that has ended.

    `case` is the tier of the open case. `held` are activities of which nothing is said (`bot.care.holding`).
    """
    plan = care_plan(clinic, treatment, now, personal)
    values = clinic_values(clinic, now) | session_values(treatment, clinic, now)

    def item(activity: Activity) -> Item:
        name = wording.render(f"utter_activity_{activity.id}", **values)
        holds = " ".join(wording.render(key, **values) for key in activity.must_hold)
        mine = {"activity": name, **activity_values(activity, plan, clinic)}
        if activity.allowed is None:
            return Item(activity.id, name, wording.render("utter_today_ask", **mine))
        if activity.allowed or activity.allowed_from is None:
            return Item(activity.id, name, name, holds)
        until = later_side(activity.allowed_from, coarse=plan.vague)
        return Item(activity.id, name, wording.render("utter_today_waits", **mine), holds, until)

    reminder = _REMINDERS.get(case)
    said = () if reminder else tuple(activity for activity in plan if activity.id not in held)
    waiting = sorted((one for one in said if one.allowed is False), key=lambda one: one.hours_left or 0)
    return Today(
        day=treatment.day(now, clinic.tz),
        said=wording.render("utter_today", **values),
        fine=tuple(item(activity) for activity in said if activity.allowed),
        wait=tuple(item(activity) for activity in waiting),
        ask=tuple(item(activity) for activity in said if activity.allowed is None),
        watch=wording.render("utter_check_watch", **values),
        held=wording.render(reminder, **values) if reminder else "",
        recent=now - treatment.ended_at < _SHOWN_FOR,
    )
