"""The printed aftercare sheet: the care plan of one session in dates that stay true on paper. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.care.clinic import Clinic
from bot.care.local_time import say_on_paper
from bot.care.plan import Activity, care_plan
from bot.care.treatment import Treatment
from bot.care.values import clinic_values
from bot.care.wording import Wording


@dataclass(frozen=True)
class SheetLine:
    """One activity: its name, from when it is allowed, and what must hold besides."""

    name: str
    when: str
    only_if: str


@dataclass(frozen=True)
class Sheet:
    """The sheet's texts, as patients read them."""

    title: str
    session: str
    note: str
    headings: Mapping[str, str]
    lines: tuple[SheetLine, ...]
    emergency: str
    same_day: str
    numbers: str
    chat: str


def sheet(
    clinic: Clinic, wording: Wording, treatment: Treatment, personal: Mapping[str, float], now: datetime
) -> Sheet:
    """The sheet of a session. `now` (aware) decides nothing but the opening hours; every date is said in full."""
    values = clinic_values(clinic, now) | {"ended": say_on_paper(treatment.ended_at, clinic.tz, clinic.tone.clock)}

    def text(key: str, **more: object) -> str:
        return wording.render(f"utter_sheet_{key}", **{**values, **more})

    def line(activity: Activity) -> SheetLine:
        name = wording.render(f"utter_activity_{activity.id}", **values)
        holds = " ".join(wording.render(key, **values) for key in activity.must_hold)
        return SheetLine(name, _when(activity), holds)

    def _when(activity: Activity) -> str:
        if activity.allowed is None:
            return text("ask")
        if activity.allowed_from is None or not activity.wait_h:
            return text("any_time")
        return say_on_paper(activity.allowed_from, clinic.tz, clinic.tone.clock)

    plan = care_plan(clinic, treatment, treatment.ended_at, personal)
    ordered = sorted(plan, key=lambda one: (one.allowed is None, one.hours_left or 0.0))
    return Sheet(
        title=text("title"),
        session=text("session"),
        note=text("note"),
        headings={name: text(f"head_{name}") for name in ("what", "when", "chat", "numbers")},
        lines=tuple(line(one) for one in ordered),
        emergency=text("emergency"),
        same_day=text("same_day"),
        numbers=text("numbers"),
        chat=text("chat"),
    )
