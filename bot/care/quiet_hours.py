"""The hours of the night in which nobody is written to unasked. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo

_STRETCH = re.compile(r"\s*(\d{1,2}):(\d{2})\s*(?:-|to)\s*(\d{1,2}):(\d{2})\s*")
_SHORTEST_DAY = 6 * 60  # minutes a day that must be left for writing


@dataclass(frozen=True)
class QuietHours:
    """Quiet from `start` until before `end` by the wall clock, over midnight where `end` is the earlier one."""

    start: time
    end: time

    def covers(self, at: datetime, zone: tzinfo) -> bool:
        """Whether an instant (aware) falls into them where the patient is."""
        return self.covers_clock(at.astimezone(zone).time())

    def covers_clock(self, clock: time) -> bool:
        """Whether a wall-clock time falls into them."""
        if self.start < self.end:
            return self.start <= clock < self.end
        return clock >= self.start or clock < self.end

    def after(self, at: datetime, zone: tzinfo) -> datetime:
        """The instant itself (UTC), or the end of the quiet hours that it falls into."""
        at = at.astimezone(UTC)
        while self.covers(at, zone):
            at = _next(self.end, at, zone)
        return at

    def begin_after(self, at: datetime, zone: tzinfo) -> datetime:
        """When they begin next (UTC)."""
        return _next(self.start, at, zone)


def _next(clock: time, at: datetime, zone: tzinfo) -> datetime:
    """When the clock shows a time next. One that is put back may show it twice: `fold` tells the two apart.

    One that is put forward past it does not show it: then an hour later counts.
    """
    today = at.astimezone(zone).date()
    days = [datetime.combine(today + timedelta(days=days), clock, zone) for days in (0, 1, 2)]
    again = [day.replace(fold=1) for day in days]
    shown_again = [one for one in again if one.astimezone(UTC).astimezone(zone).time() == clock]
    return min(one for one in (day.astimezone(UTC) for day in (*days, *shown_again)) if one > at)


def parse_quiet_hours(value: object) -> QuietHours:
    """Read `21:00-08:00`; raises ValueError saying what to write."""
    match = _STRETCH.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise ValueError(f"{value!r} is not a stretch of hours; write 21:00-08:00")
    h1, m1, h2, m2 = (int(part) for part in match.groups())
    if h1 > 23 or h2 > 23 or m1 > 59 or m2 > 59:
        raise ValueError(f"{value!r} names a time that no clock shows; write 21:00-08:00, from 00:00 to 23:59")
    quiet = (h2 * 60 + m2 - h1 * 60 - m1) % (24 * 60)
    if not 0 < quiet <= 24 * 60 - _SHORTEST_DAY:
        raise ValueError(f"{value!r} must leave at least 6 hours of the day in which patients may be written to")
    return QuietHours(time(h1, m1), time(h2, m2))
