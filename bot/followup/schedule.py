"""What a patient is reminded of and asked, and when: read off the care plan. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.care.clinic import Clinic
from bot.care.local_time import later_side
from bot.care.plan import care_plan
from bot.care.treatment import Treatment

REMINDERS = ("washing", "minoxidil", "sunscreen")  # activities of the care plan, told when they become allowed
CHECK_INS: Mapping[str, int] = {"check_in_1": 1, "check_in_3": 3, "check_in_7": 7}  # days after the session
WINDOW_H = 12  # hours in which what could not be sent on time is still true enough to be said
LONGEST = timedelta(days=max(CHECK_INS.values()) + 2)  # after a session; nothing is due later


@dataclass(frozen=True)
class Due:
    """One reminder or check-in: from when (UTC) and for how many hours it may be sent."""

    kind: str
    at: datetime
    window_h: int = WINDOW_H


def schedule(clinic: Clinic, treatment: Treatment, personal: Mapping[str, float], zone: ZoneInfo) -> tuple[Due, ...]:
    """Everything due after a session, in order. Nothing falls into the patient's quiet hours or before its time."""
    quiet = clinic.follow_up.quiet_hours
    due = (*_reminders(clinic, treatment, personal), *_check_ins(clinic, treatment, zone))
    moved = (Due(kind, quiet.after(at, zone)) for kind, at in due)
    return tuple(sorted((one for one in moved if one.at <= treatment.ended_at + LONGEST), key=lambda one: one.at))


def _reminders(clinic: Clinic, treatment: Treatment, personal: Mapping[str, float]) -> Iterator[tuple[str, datetime]]:
    plan = care_plan(clinic, treatment, treatment.ended_at, personal)
    for name in REMINDERS:
        activity = plan[name]
        if activity.allowed_from is not None and activity.wait_h:
            yield name, later_side(activity.allowed_from, coarse=plan.vague)


def _check_ins(clinic: Clinic, treatment: Treatment, zone: ZoneInfo) -> Iterator[tuple[str, datetime]]:
    session_day = treatment.ended_at.astimezone(zone).date()
    for name, days in CHECK_INS.items():
        at = datetime.combine(session_day + timedelta(days=days), time(clinic.follow_up.check_in_hour), zone)
        yield name, at.astimezone(UTC)
