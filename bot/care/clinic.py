"""The clinic's own file, `clinic.yml`: the one place where a clinic sets its protocol, hours, contacts and stances."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo, available_timezones

import yaml
from pydantic import Field, PrivateAttr, StringConstraints, ValidationError, field_validator, model_validator

from bot.care.calendar_words import DateOrder
from bot.care.clinic_errors import ClinicError, describe
from bot.care.clinic_sections import (
    Alerts,
    Channels,
    Contacts,
    FollowUp,
    Hours,
    Privacy,
    Protocol,
    Section,
    Stances,
    SymptomCheck,
    Targets,
    Text,
    Tone,
)
from bot.care.countries import contacts_of, date_order
from bot.yaml_file import RepeatedKeyError, read_yaml

__all__ = ["Clinic", "ClinicError", "load_clinic"]


class Clinic(Section):
    """Everything the bot knows about the clinic. Frozen; `zone` is an IANA name such as Europe/London."""

    name: Text
    zone: Text
    country: Annotated[str, StringConstraints(strict=True, pattern=r"^[A-Z]{2}$")]
    locale: Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z]{2}(-[A-Z]{2})?$")] = "en-GB"
    tone: Tone
    contacts: Contacts
    hours: Hours
    targets: Targets = Field(default_factory=Targets)
    alerts: Alerts = Field(default_factory=Alerts)
    channels: Channels = Field(default_factory=Channels)
    symptom_check: SymptomCheck = Field(default_factory=SymptomCheck)
    follow_up: FollowUp = Field(default_factory=FollowUp)
    protocol: Protocol
    stances: Stances = Field(default_factory=Stances)
    privacy: Privacy
    require_approval: bool = False

    _withheld: frozenset[str] = PrivateAttr(default=frozenset())

    @model_validator(mode="before")
    @classmethod
    def _numbers_of_the_country(cls, raw: Any) -> Any:
        """Numbers to call that the clinic leaves out or writes as null are its country's, where they are known."""
        if not isinstance(raw, dict) or not isinstance(raw.get("contacts"), dict):
            return raw
        own = {key: value for key, value in raw["contacts"].items() if value is not None}
        return {**raw, "contacts": contacts_of(str(raw.get("country"))) | own}

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError(f"{value!r} is not an IANA time zone; write one such as Europe/London or America/New_York")
        return value

    @property
    def tz(self) -> ZoneInfo:
        """The clinic's time zone, ready for datetime."""
        return ZoneInfo(self.zone)

    @property
    def date_order(self) -> DateOrder:
        """How patients here write a date in figures, such as 5/6."""
        return date_order(self.country)

    @property
    def withheld(self) -> frozenset[str]:
        """Dotted keys whose values are not said because no clinician has approved them."""
        return self._withheld

    def without(self, values: Mapping[str, Any]) -> Clinic:
        """The clinic with the given values (by dotted key) in place of its own, which count as withheld."""
        changed: dict[str, Any] = {}
        for key, value in values.items():
            section, _, name = key.partition(".")
            changed[section] = changed.get(section, getattr(self, section)).model_copy(update={name: value})
        clinic = self.model_copy(update=changed)
        clinic._withheld = frozenset(values)
        return clinic


def load_clinic(path: Path) -> Clinic:
    """Read and check the clinic's file as it is written; `bot.care.sign_off` has it as far as it is approved.

    Raises ClinicError; its message names the file, the dotted key, what is wrong, what is allowed and the mend.
    """
    try:
        raw = read_yaml(path)
    except RepeatedKeyError as error:
        raise ClinicError(f"{path}: {error}") from None
    except FileNotFoundError:
        raise ClinicError(f"{path}: there is no such file. Copy the example clinic.yml there and edit it.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ClinicError(f"{path}: cannot be read ({error}). Save it as UTF-8 text this program may read.") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}" if mark else "the file"
        raise ClinicError(f"{path}: not valid YAML at {where}. Check colons, quotes and indentation.") from None
    except ValueError as error:  # what YAML makes of 2026-02-30
        raise ClinicError(f"{path}: holds a date that does not exist ({error}). Write it like 2026-12-25.") from None
    if not isinstance(raw, dict):
        raise ClinicError(f"{path}: empty or not a list of keys. Copy the example clinic.yml and edit it.")
    try:
        return Clinic.model_validate(raw)
    except ValidationError as error:
        raise ClinicError(describe(error, path, Clinic)) from None
