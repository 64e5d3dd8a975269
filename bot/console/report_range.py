"""The stretch of days a report is about, in the clinic's zone, and the periods it is cut into."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

PRESETS = (7, 30, 90)  # days, today among them
DEFAULT = 30
LONGEST = 731  # days
_BY_DAY, _BY_WEEK = 31, 190  # up to so many days a report goes by days, by weeks; beyond by months

Step = Literal["day", "week", "month"]


class RangeError(Exception):
    """Dates that are no range. The message says the mend."""


@dataclass(frozen=True)
class Range:
    """Local days `first` to `last`, both counted, in a zone. `preset` is how many days, where it ends today."""

    first: date
    last: date
    zone: ZoneInfo
    preset: int | None = None

    @property
    def start(self) -> datetime:
        """The instant the range begins (UTC)."""
        return self._midnight(self.first)

    @property
    def end(self) -> datetime:
        """The instant after which nothing counts any more (UTC)."""
        return self._midnight(self.last + timedelta(days=1))

    @property
    def step(self) -> Step:
        """How long a period is."""
        days = (self.last - self.first).days + 1
        return "day" if days <= _BY_DAY else "week" if days <= _BY_WEEK else "month"

    @property
    def query(self) -> str:
        """The range as an address carries it."""
        if self.preset:
            return f"days={self.preset}"
        return f"from={self.first.isoformat()}&to={self.last.isoformat()}"

    @property
    def said(self) -> str:
        """The range in words: "20 Oct 2026 to 18 Nov 2026"."""
        return f"{self.first.day} {self.first:%b %Y} to {self.last.day} {self.last:%b %Y}"

    @property
    def periods(self) -> list[date]:
        """The first day of each period, oldest first. Weeks begin on Monday; the first may begin before the range."""
        days = (self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1))
        return list(dict.fromkeys(self.period(day) for day in days))

    def period(self, day: date) -> date:
        """The first day of the period a local day lies in."""
        if self.step == "week":
            return day - timedelta(days=day.weekday())
        return day.replace(day=1) if self.step == "month" else day

    def period_of(self, at: datetime) -> date:
        """The first day of the period an instant lies in."""
        return self.period(at.astimezone(self.zone).date())

    def label(self, period: date) -> str:
        """A period in words: "18 Nov", "from 16 Nov", "Nov 2026"."""
        if self.step == "month":
            return f"{period:%b %Y}"
        return f"{'from ' if self.step == 'week' else ''}{period.day} {period:%b}"

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.zone).astimezone(UTC)


def read_range(asked: Mapping[str, str], now: datetime, zone: ZoneInfo) -> Range:
    """The range an address asks for: `days`, or `from` and `to`; the last 30 days where it asks for none.

    Raises RangeError on dates that are no range.
    """
    today = now.astimezone(zone).date()
    first, last = asked.get("from", ""), asked.get("to", "")
    if first or last:
        return _between(first, last, today, zone)
    days = asked.get("days", "")
    preset = int(days) if days in map(str, PRESETS) else DEFAULT
    return Range(today - timedelta(days=preset - 1), today, zone, preset)


def _between(first: str, last: str, today: date, zone: ZoneInfo) -> Range:
    try:
        given = Range(date.fromisoformat(first), date.fromisoformat(last) if last else today, zone)
    except ValueError:
        raise RangeError("Write both dates as year, month and day, such as 2026-11-18.") from None
    if given.first > given.last:
        raise RangeError("The first day comes after the last: exchange them.")
    if (given.last - given.first).days >= LONGEST or not date(2000, 1, 1) <= given.first <= given.last <= today:
        raise RangeError("Choose days up to today, and no more than two years.")
    return given
