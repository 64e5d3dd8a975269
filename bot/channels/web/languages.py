"""What the widget's own parts say in the browser's language: by key of domain.yml, and how moments are said.

The assistant's answers are not among them: their language follows the patient's message.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from bot.care.clinic import Clinic
from bot.care.hours import closes_at, opens_at
from bot.care.local_time import say_clock
from bot.care.values import Values, clinic_values
from bot.care.wording import Wording
from bot.yaml_file import read_yaml

HERE = Path(__file__).parent
OTHERS = {"es": HERE / "es.yml"}


@dataclass(frozen=True)
class Language:
    """A language other than domain.yml's: its responses, and its words for days and hours."""

    responses: Wording
    moments: dict[str, Any]

    def instant(self, at: datetime, now: datetime, clinic: Clinic) -> str:
        """`at` (aware) in the clinic's zone as seen from `now`: "mañana a las 15:00"."""
        local, today = at.astimezone(clinic.tz), now.astimezone(clinic.tz).date()
        hour, days = say_clock(local.time(), clinic.tone.clock), (local.date() - today).days
        if -1 <= days <= 1:
            return f"{self.moments['near'][days + 1]} {hour}"
        weekday, month = self.moments["weekdays"][local.weekday()], self.moments["months"][local.month - 1]
        return str(self.moments["far"].format(weekday=weekday, day=local.day, month=month, hour=hour))

    def values(self, clinic: Clinic, now: datetime) -> Values:
        """`clinic_values`, with its moments said in this language."""
        opens, closes = opens_at(clinic, now), closes_at(clinic, now)
        return clinic_values(clinic, now) | {
            "opens": self.instant(opens, now, clinic) if opens else None,
            "closes": say_clock(closes.astimezone(clinic.tz).time(), clinic.tone.clock) if closes else None,
            "opening_hours": self._week(clinic),
        }

    def _week(self, clinic: Clinic) -> str:
        to, and_, clock = f" {self.moments['to']} ", f" {self.moments['and']} ", clinic.tone.clock
        said = []
        for openings, run in groupby(range(7), key=clinic.hours.on):
            days = [self.moments["weekdays"][day] for day in run]
            if openings:
                times = [f"{say_clock(one.opens, clock)}{to}{say_clock(one.closes, clock)}" for one in openings]
                said.append(f"{to.join(dict.fromkeys((days[0], days[-1])))} {and_.join(times)}")
        return ", ".join(said)


def language_of(accept_language: str) -> Language | None:
    """The language a browser asks for first, where we have it; None: as domain.yml says it."""
    code = accept_language[:2].lower()
    return _load(OTHERS[code]) if code in OTHERS else None


@cache
def _load(path: Path) -> Language:
    return Language(Wording.load(path), read_yaml(path)["moments"])
