"""The time zone a patient names in so many words: "my time zone is New York", "I'm on Lisbon time". Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from zoneinfo import available_timezones

_SAID = re.compile(
    r"\btime ?zone(?: is|'s|:)? (?P<named>[a-z][a-z_/ .-]{2,40})"
    r"|\bi(?:'m| am| live) (?:in|on|by) (?P<lived>[a-z][a-z_/ .-]{2,30}?) time\b",
    re.IGNORECASE,
)
_AREAS = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")


def zone_said(text: str) -> str | None:
    """The IANA name of the zone that a message says its writer is in; None where it says none that is known."""
    match = _SAID.search(text.replace("’", "'"))
    if match is None:
        return None
    said = (match["named"] or match["lived"]).lower().strip(" .-").replace(" ", "_")
    return _zones().get(said.removesuffix("_time"))


@cache
def _zones() -> Mapping[str, str]:
    """Zones by their full names and by their cities."""
    names = sorted(name for name in available_timezones() if name.startswith(_AREAS))
    cities = {name.rpartition("/")[2].lower(): name for name in reversed(names)}
    return cities | {name.lower(): name for name in names}
