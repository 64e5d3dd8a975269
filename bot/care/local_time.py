"""Says an instant as people in the clinic's zone do: "11:30 tomorrow", "Wednesday 11 June at 10:00"."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Literal

Clock = Literal["24h", "12h"]

_HALF_HOUR = timedelta(minutes=30)
_EARLY = time(6, 0)
_LAST_MINUTE = time(23, 59)


def say_instant(at: datetime, now: datetime, zone: tzinfo, clock: Clock = "24h", *, coarse: bool = False) -> str:
    """Say `at` (aware) as seen from `now` in `zone`.

    `coarse` is for times worked out from a vague one: rounded up to the half hour; midnight is said as its day alone,
    and the small hours as six o'clock, since nobody means to get up for it. A wall-clock time that the autumn change
    repeats is said only where its first pass is meant, since whoever reads it acts at the first.
    """
    at = _only_once(later_side(at, coarse=coarse), zone)
    local = at.astimezone(zone)
    if coarse and local.time() == time(0):
        return say_day(local.date(), now, zone)
    if coarse and local.time() < _EARLY:
        local = local.replace(hour=_EARLY.hour, minute=0, fold=0)
    days = (local.date() - now.astimezone(zone).date()).days
    hour = say_clock(local.time(), clock)
    if -1 <= days <= 1:
        return f"{hour} {('yesterday', 'today', 'tomorrow')[days + 1]}"
    return f"{_long_date(local.date(), now.astimezone(zone).date())} at {hour}"


def later_side(at: datetime, *, coarse: bool = False) -> datetime:
    """The instant that is named where `at` is said: the next whole minute, or half hour where it is coarse."""
    return _round_up(at) if coarse else _next_minute(at)


def say_day(day: date, now: datetime, zone: tzinfo) -> str:
    """Say a local day: today, tomorrow, or Wednesday 11 June."""
    today = now.astimezone(zone).date()
    days = (day - today).days
    if -1 <= days <= 1:
        return ("yesterday", "today", "tomorrow")[days + 1]
    return _long_date(day, today)


def say_on_paper(at: datetime, zone: tzinfo, clock: Clock = "24h") -> str:
    """Say `at` so that it stays true whenever it is read: Wednesday 11 June 2025 at 10:00."""
    local = _only_once(later_side(at), zone).astimezone(zone)
    return f"{local:%A} {local.day} {local:%B %Y} at {say_clock(local.time(), clock)}"


def say_latest(at: datetime, now: datetime, zone: tzinfo, clock: Clock = "24h") -> str:
    """Say the latest moment that vague words allow: "the end of yesterday", or a time."""
    local = at.astimezone(zone)
    if local.time().replace(second=0, microsecond=0) >= _LAST_MINUTE:
        return f"the end of {say_day(local.date(), now, zone)}"
    return say_instant(at, now, zone, clock)


def say_wait(hours: float) -> str:
    """Say a wait: "72 hours", or from a week on "21 days"."""
    days, rest = divmod(hours, 24)
    return f"{days:g} days" if days >= 7 and not rest else f"{hours:g} hours"


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


def _only_once(at: datetime, zone: tzinfo) -> datetime:
    """`at`, or where its wall-clock time has been once already the moment from which none has."""
    while at.astimezone(zone).fold:
        at = at.astimezone(UTC) + timedelta(minutes=1)
    return at


def _round_up(at: datetime) -> datetime:
    at = at.astimezone(UTC)
    over = timedelta(minutes=at.minute % 30, seconds=at.second, microseconds=at.microsecond)
    return at if not over else at - over + _HALF_HOUR
