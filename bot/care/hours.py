"""Is the clinic open, when does it open next, and by when must staff have answered. All instants are aware, in UTC."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from bot.care.clinic import Clinic
from bot.care.opening import Opening
from bot.triage.tier import TierLabel

_LOOK_AHEAD_DAYS = 60


def stretches(clinic: Clinic, since: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Opening stretches (UTC) from the one that `since` falls in, in order, for the next sixty local days."""
    first = since.astimezone(clinic.tz).date()
    for offset in range(_LOOK_AHEAD_DAYS):
        day = first + timedelta(days=offset)
        if day.isoformat() in clinic.hours.holidays:
            continue
        for opening in clinic.hours.on(day.weekday()):
            start, end = _utc(clinic, day, opening)
            if end > since:
                yield start, end


def is_open(clinic: Clinic, at: datetime) -> bool:
    """Whether the clinic is open at an instant."""
    return closes_at(clinic, at) is not None


def closes_at(clinic: Clinic, at: datetime) -> datetime | None:
    """When the stretch that `at` falls in ends, or None when the clinic is closed."""
    start, end = next(stretches(clinic, at), (None, None))
    return end if start is not None and start <= at else None


def opens_at(clinic: Clinic, at: datetime) -> datetime | None:
    """When the clinic opens next: `at` itself when open, None when it stays closed for sixty days."""
    start, _ = next(stretches(clinic, at), (None, None))
    return None if start is None else max(start, at.astimezone(UTC))


def due_at(clinic: Clinic, tier: TierLabel, now: datetime) -> datetime | None:
    """By when staff must have answered a case of this tier; None for tier none.

    An emergency counts every hour. Urgent counts what the clinic chose. Routine counts opening hours only.
    """
    now = now.astimezone(UTC)
    match tier:
        case "none":
            return None
        case "emergency":
            return now + timedelta(hours=clinic.targets.emergency)
        case "urgent":
            wait = timedelta(hours=clinic.targets.urgent)
            return now + wait if clinic.targets.urgent_counts == "clock" else _after_open_hours(clinic, now, wait)
        case "routine":
            return _after_open_hours(clinic, now, timedelta(hours=clinic.targets.routine))


def _after_open_hours(clinic: Clinic, now: datetime, wait: timedelta) -> datetime:
    end = now
    for start, end in stretches(clinic, now):
        begin = max(start, now)
        if begin + wait <= end:
            return begin + wait
        wait -= end - begin
    return end + wait  # a clinic closed for weeks: still a date rather than no target


def _utc(clinic: Clinic, day: date, opening: Opening) -> tuple[datetime, datetime]:
    def at(minutes: int) -> datetime:
        days, rest = divmod(minutes, 24 * 60)
        local = datetime.combine(day + timedelta(days=days), time(rest // 60, rest % 60), clinic.tz)
        return local.astimezone(UTC)

    return at(opening.start), at(opening.end)
