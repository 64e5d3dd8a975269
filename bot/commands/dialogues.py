"""Dialogues as a clinician writes them: what the system knows, what is said, and how time passes between the turns."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal, Self, TypeVar
from zoneinfo import ZoneInfo

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, field_validator, model_validator

from bot.errors import MendableError
from bot.yaml_file import read_yaml

DEFAULT_NOW = datetime(2025, 6, 10, 12, 0)  # noqa: DTZ001 - a Tuesday noon where the clinic is, open
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
STEP = timedelta(seconds=30)  # between two turns, where nothing else is written

_UNITS = {"s": "seconds", "min": "minutes", "h": "hours", "d": "days"}
_SPEAKERS = ("patient", "press", "clinician", "clinician_does")


class ReplayError(MendableError):
    """A dialogue file is not of the form it should have. Names the dialogue and the key."""


class Form(BaseModel):
    """What all parts of a dialogue share. Keys that are not ours are left alone: clinicians note what they expect."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Setup(Form):
    """What the system knows as the dialogue begins. Times are local to the clinic."""

    local_now: datetime = DEFAULT_NOW
    turn_times: tuple[datetime, ...] = ()
    treatment_time_known_to_bot: bool = False
    session_ended: datetime | None = None
    hours_since_treatment: float | None = None
    days_since_treatment: float | None = None
    depth_mm: float | None = None
    clinic_minoxidil_wait_hours: float | None = None
    clinic_hours: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            raise ValueError("must be keys and values, such as local_now: 2025-06-10T17:30")  # noqa: TRY004 - pydantic's
        return {key: value for key, value in given.items() if value not in ("null", "~", "")}

    def session_ended_at(self, zone: ZoneInfo) -> datetime | None:
        """When the session that the system knows of ended; None where it knows of none."""
        now = self.local_now.replace(tzinfo=zone)
        if not self.treatment_time_known_to_bot:
            return None
        if self.session_ended is not None:
            return self.session_ended.replace(tzinfo=zone)
        if self.hours_since_treatment is not None:
            return now - timedelta(hours=self.hours_since_treatment)
        return None if self.days_since_treatment is None else now - timedelta(days=self.days_since_treatment)


class Turn(Form):
    """One turn: what somebody says or does, or only that time passes."""

    patient: str | None = None
    press: str | None = None
    clinician: str | None = None
    clinician_does: Literal["takes over", "hands back", "closes"] | None = None
    wait: timedelta | None = None
    at: str | None = None

    @field_validator("wait", mode="before")
    @classmethod
    def _span(cls, text: object) -> timedelta:
        found = re.fullmatch(r"(\d+(?:\.\d+)?) *(s|min|h|d)(?:ays?|ours?|r?s)?", str(text).strip())
        if not found:
            raise ValueError(f"{text!r} is not a span like 40 min, 2 h or 3 days")
        return timedelta(**{_UNITS[found[2]]: float(found[1])})

    @field_validator("at")
    @classmethod
    def _moment(cls, text: str) -> str:
        if not re.fullmatch(r"\d\d:\d\d|\d{4}-\d\d-\d\dT\d\d:\d\d", text):
            raise ValueError(f"{text!r} is not a time like 2025-06-10T17:30, or 17:30 for when it is that next")
        return text

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        said = [name for name in _SPEAKERS if getattr(self, name) is not None]
        if len(said) > 1:
            raise ValueError(f"has {' and '.join(said)}; write two turns")
        if not said and self.wait is None and self.at is None:
            raise ValueError(f"lacks one of {', '.join(_SPEAKERS)}, or how time passes: wait, at")
        if self.wait is not None and self.at is not None:
            raise ValueError("has wait and at; one says when it is")
        return self

    def begins(self, now: datetime, zone: ZoneInfo) -> datetime | None:
        """When the turn is, from what it says itself; `now` is when the one before it ended. Never before that."""
        if self.wait is not None:
            return now + self.wait
        if self.at is None:
            return None
        if "T" in self.at:
            return max(now, datetime.fromisoformat(self.at).replace(tzinfo=zone))
        here = now.astimezone(zone)
        on_that_day = datetime.combine(here.date(), datetime.strptime(self.at, "%H:%M").time(), zone)  # noqa: DTZ007
        return on_that_day if on_that_day >= now else on_that_day + timedelta(days=1)


class Dialogue(Form):
    """One dialogue as it is written."""

    id: str
    title: str = ""
    setup: Setup = Setup()
    turns: tuple[Turn, ...]

    @field_validator("setup", mode="before")
    @classmethod
    def _nothing_known(cls, given: object) -> object:
        return given or {}


Read = TypeVar("Read", bound=Dialogue)


def read_dialogues(file: Path, form: type[Read]) -> list[Read]:
    """The dialogues of a YAML file, each read as `form`. Raises ReplayError."""
    try:
        # Everything as it is written: a patient's "yes" is no truth value, and a time no timestamp.
        entries = yaml.load(file.read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506 - makes nothing but text
    except OSError as error:
        raise ReplayError(f"{file} cannot be read: {error.strerror}") from error
    except yaml.YAMLError as error:
        raise ReplayError(f"{file} is not YAML: {error}") from error
    if not isinstance(entries, list):
        raise ReplayError(f"{file} must be a list of dialogues, each with id, title, setup and turns")
    return [_read(file, number, entry, form) for number, entry in enumerate(entries, 1)]


def _read(file: Path, number: int, entry: object, form: type[Read]) -> Read:
    missing = {"id", "turns"} - set(entry if isinstance(entry, dict) else {})
    if missing:
        raise ReplayError(f"{file}: dialogue {number} lacks {', '.join(sorted(missing))}")
    try:
        return form.model_validate(entry)
    except ValidationError as error:
        name = entry["id"] if isinstance(entry, dict) else number
        found = error.errors(include_url=False)[0]
        key = ".".join(str(part + 1 if isinstance(part, int) else part) for part in found["loc"])
        raise ReplayError(f"{file}: {name}: {key}: {found['msg'].removeprefix('Value error, ')}") from error


def clinic_for(dialogue: Dialogue, clinic_file: Path) -> str:
    """The clinic's file, as YAML, with the hours and waits that the dialogue's setup asks for. Raises ReplayError."""
    content = read_yaml(clinic_file)
    wait, hours = dialogue.setup.clinic_minoxidil_wait_hours, dialogue.setup.clinic_hours
    if wait is not None:
        content["protocol"]["minox_after_h"] = wait
    if hours:
        content["hours"] = {**dict.fromkeys(DAYS, "closed"), **dict(opening_hours(dialogue.id, hours))}
    content["require_approval"] = False  # a replay shows the clinic what it is asked to approve
    return yaml.safe_dump(content, allow_unicode=True)


def opening_hours(name: str, text: str) -> Iterable[tuple[str, str]]:
    """Days and hours as people write them ("Mon-Fri 09:00-18:00, Sat 10:00-14:00"), as clinic.yml has them."""
    for part in text.split(","):
        found = re.fullmatch(r"\s*(\w{3})\w*(?:\s*-\s*(\w{3})\w*)?\s+(\d\d:\d\d\s*-\s*\d\d:\d\d)\s*", part)
        names = [day[:3] for day in DAYS]
        if not found or found[1].lower() not in names or (found[2] or found[1]).lower() not in names:
            raise ReplayError(f"{name}: setup.clinic_hours: write it like 'Mon-Fri 09:00-18:00'")
        first, last = names.index(found[1].lower()), names.index((found[2] or found[1]).lower())
        for number in range((last - first) % len(DAYS) + 1):
            yield DAYS[(first + number) % len(DAYS)], found[3].replace(" ", "")
