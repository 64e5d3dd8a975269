"""The clinic's own file, `clinic.yml`: the one place where a clinic sets its protocol, hours, contacts and stances."""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo, available_timezones

import yaml
from pydantic import Field, StringConstraints, ValidationError, field_validator

from bot.care.clinic_errors import ClinicError, describe
from bot.care.clinic_sections import Contacts, Hours, Privacy, Protocol, Section, Stances, Targets, Text, Tone

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
    protocol: Protocol
    stances: Stances = Field(default_factory=Stances)
    privacy: Privacy

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


class _OneOfEachKey(yaml.SafeLoader):
    """YAML silently keeps the last of two equal keys; in a protocol that could double a wait, so we refuse."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                line = key.start_mark.line + 1
                raise ClinicError(f"the key {key.value!r} is written twice (line {line}). Keep one of the two.")
            seen.add(key.value)
        return super().construct_mapping(node, deep=deep)


def load_clinic(path: Path) -> Clinic:
    """Read and check the clinic's file.

    Raises ClinicError; its message names the file, the dotted key, what is wrong, what is allowed and the mend.
    """
    try:
        raw = yaml.load(path.read_text(encoding="utf-8"), Loader=_OneOfEachKey)  # noqa: S506 - a SafeLoader
    except ClinicError as error:
        raise ClinicError(f"{path}: {error}") from None
    except FileNotFoundError:
        raise ClinicError(f"{path}: there is no such file. Copy the example clinic.yml there and edit it.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ClinicError(f"{path}: cannot be read ({error}). Save it as UTF-8 text this program may read.") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}" if mark else "the file"
        raise ClinicError(f"{path}: not valid YAML at {where}. Check colons, quotes and indentation.") from None
    if not isinstance(raw, dict):
        raise ClinicError(f"{path}: empty or not a list of keys. Copy the example clinic.yml and edit it.")
    try:
        return Clinic.model_validate(raw)
    except ValidationError as error:
        raise ClinicError(describe(error, path, Clinic)) from None
