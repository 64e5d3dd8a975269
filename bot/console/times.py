"""Times as staff read them: in the clinic's zone, waits in words."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.care.clinic import Clinic
from bot.care.local_time import say_clock

_SOON = timedelta(hours=24)


@dataclass(frozen=True)
class Times:
    """Says instants as seen from `now` in the clinic's zone."""

    clinic: Clinic
    now: datetime

    @property
    def zone_label(self) -> str:
        """The zone with its short name of today: "Europe/London (GMT)"."""
        return f"{self.clinic.zone} ({self.now.astimezone(self.clinic.tz).tzname()})"

    def born(self, birth_date: str) -> str:
        """A birth date (ISO) and the age today: "3 Apr 1986 (40)"."""
        born, today = date.fromisoformat(birth_date), self.date(self.now)
        age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
        return f"{born.day} {born:%b %Y} ({age})"

    def clock(self, at: datetime) -> str:
        """The time of day."""
        return say_clock(at.astimezone(self.clinic.tz).time(), self.clinic.tone.clock)

    def date(self, at: datetime) -> date:
        """The local day."""
        return at.astimezone(self.clinic.tz).date()

    def day(self, at: datetime) -> str:
        """The local day in words: Today, Yesterday, Tue 18 Nov."""
        day, today = self.date(at), self.date(self.now)
        near = {0: "Today", 1: "Tomorrow", -1: "Yesterday"}.get((day - today).days)
        if near:
            return near
        return f"{day:%a} {day.day} {day:%b}" + (f" {day.year}" if day.year != today.year else "")

    def moment(self, at: datetime) -> str:
        """Day and time within a sentence: "today 14:05", "Tue 18 Nov 14:05"."""
        day = self.day(at)
        return f"{day.lower() if day.isalpha() else day} {self.clock(at)}"

    def full(self, at: datetime) -> str:
        """Everything, for a tooltip: "Tuesday 18 November 2026, 14:05:09 GMT"."""
        local = at.astimezone(self.clinic.tz)
        return f"{local:%A} {local.day} {local:%B %Y, %H:%M:%S} {local.tzname()}"

    def field(self, at: datetime) -> str:
        """The value of a datetime-local field."""
        return f"{at.astimezone(self.clinic.tz):%Y-%m-%dT%H:%M}"

    def waited(self, since: datetime) -> str:
        """How long ago: "14 min"."""
        return span(self.now - since)

    def due(self, at: datetime) -> str:
        """A target against now: "due in 2 h", "due Tue 24 Nov 10:00", "overdue by 14 min"."""
        left = at - self.now
        if abs(left) < timedelta(minutes=1):
            return "due now"
        if left < timedelta():
            return f"overdue by {span(-left)}"
        if left <= _SOON:
            return f"due in {span(left)}"
        return f"due {self.moment(at)}"


def span(length: timedelta) -> str:
    """A length of time in words, rounded down: "under a minute", "14 min", "2 h 5 min", "3 days"."""
    minutes = int(length.total_seconds() // 60)
    hours, days = minutes // 60, minutes // (24 * 60)
    if minutes < 1:
        return "under a minute"
    if hours < 1:
        return f"{minutes} min"
    if hours < 24:
        return f"{hours} h {minutes % 60} min" if minutes % 60 else f"{hours} h"
    if days < 3 and hours % 24:
        return f"{days} d {hours % 24} h"
    return f"{days} day" if days == 1 else f"{days} days"
