"""Says an instant as people in the clinic's zone do: "11:30 tomorrow", "Wednesday 11 June at 10:00"."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Literal

Clock = Literal["24h", "12h"]

_HALF_HOUR = timedelta(minutes=30)
_EARLY = time(6, 0)


def say_instant(at: datetime, now: datetime, zone: tzinfo, clock: Clock = "24h", *, coarse: bool = False) -> str:
    """Say `at` (aware) as seen from `now` in `zone`.

    `coarse` is for times worked out from a vague one: rounded up to the half hour, and a time in the small hours is
    said as its day alone, since nobody means to get up for it.
    """
    if coarse:
        at = _round_up(at)
        if at.astimezone(zone).time() < _EARLY:
            return say_day(at.astimezone(zone).date(), now, zone)
    else:
        at = _next_minute(at)
    local = at.astimezone(zone)
    days = (local.date() - now.astimezone(zone).date()).days
    hour = say_clock(local.time(), clock)
    if -1 <= days <= 1:
        return f"{hour} {('yesterday', 'today', 'tomorrow')[days + 1]}"
    return f"{_long_date(local.date(), now.astimezone(zone).date())} at {hour}"


def say_day(day: date, now: datetime, zone: tzinfo) -> str:
    """Say a local day: today, tomorrow, or Wednesday 11 June."""
    today = now.astimezone(zone).date()
    days = (day - today).days
    if -1 <= days <= 1:
        return ("yesterday", "today", "tomorrow")[days + 1]
    return _long_date(day, today)


def say_clock(hour: time, clock: Clock = "24h") -> str:
    """Say a wall-clock time: 09:00, or 9 am."""
    if clock == "24h":
        return f"{hour:%H:%M}"
    half = "am" if hour.hour < 12 else "pm"
    minutes = f":{hour.minute:02d}" if hour.minute else ""
    return f"{hour.hour % 12 or 12}{minutes} {half}"


def say_hours(hours: float) -> int:
    """Whole hours to wait, never fewer than are left."""
    return max(1, math.ceil(hours - 1e-6))


def _long_date(day: date, today: date) -> str:
    year = f" {day.year}" if day.year != today.year else ""
    return f"{day:%A} {day.day} {day:%B}{year}"


def _next_minute(at: datetime) -> datetime:
    return at if at.second == at.microsecond == 0 else at.replace(second=0, microsecond=0) + timedelta(minutes=1)


def _round_up(at: datetime) -> datetime:
    at = at.astimezone(UTC)
    over = timedelta(minutes=at.minute % 30, seconds=at.second, microseconds=at.microsecond)
    return at if not over else at - over + _HALF_HOUR
