"""One needling session, as far as anyone has told us."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, Literal, cast, get_args

Certainty = Literal["recorded", "said", "vague"]
CERTAINTIES: tuple[Certainty, ...] = get_args(Certainty)

_SAME_SESSION = timedelta(hours=1)


@dataclass(frozen=True)
class Treatment:
    """When the session ended (UTC, aware), how sure we are, and how deep the needles went (mm).

    `recorded` by the clinic, `said` by the patient with a time, `vague` when only the day or part of a day is known;
    a vague `ended_at` is the latest moment the words allow, so that every wait errs to the later side.
    """

    ended_at: datetime
    certainty: Certainty
    depth_mm: float | None = None

    def __post_init__(self) -> None:
        if self.ended_at.tzinfo is None:
            raise ValueError("ended_at needs a time zone")
        if self.certainty not in CERTAINTIES:
            raise ValueError(f"certainty must be one of {CERTAINTIES}, not {self.certainty!r}")
        object.__setattr__(self, "ended_at", self.ended_at.astimezone(UTC))

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Treatment:
        """Read the message metadata's form: ISO `ended_at` with offset, `certainty`, `depth_mm` or null."""
        depth = data.get("depth_mm")
        return cls(
            ended_at=datetime.fromisoformat(data["ended_at"]),
            certainty=cast(Certainty, data.get("certainty", "said")),
            depth_mm=None if depth is None else float(depth),
        )

    def to_dict(self) -> dict[str, Any]:
        """The message metadata's form."""
        return {"ended_at": self.ended_at.isoformat(), "certainty": self.certainty, "depth_mm": self.depth_mm}

    def day(self, now: datetime, zone: tzinfo) -> int:
        """Days since the session by the local calendar; the day of the session is 0."""
        return (now.astimezone(zone).date() - self.ended_at.astimezone(zone).date()).days


def supersedes(said: Treatment, known: Treatment | None, zone: tzinfo) -> bool:
    """Whether the patient's words replace what is known.

    The clinic's record moves only later by a patient's word (a new session), never earlier; a vague word never
    replaces a finer one about the same local day.
    """
    if known is None:
        return True
    later = said.ended_at > known.ended_at + _SAME_SESSION
    if said.certainty == "vague":
        same_day = said.ended_at.astimezone(zone).date() == known.ended_at.astimezone(zone).date()
        return not same_day and (later or known.certainty != "recorded")
    return later or known.certainty != "recorded"


def outlasts(known: Treatment, recorded: Treatment, zone: tzinfo) -> bool:
    """Whether what is known stays in force when the clinic's record of a session comes to light: it is a later one.

    Of the same day, the clinic knows the hour. A vague word is the latest moment it allows, so it proves no later day.
    """
    if known.certainty == "recorded":
        return known.ended_at > recorded.ended_at
    later_day = known.ended_at.astimezone(zone).date() > recorded.ended_at.astimezone(zone).date()
    return known.certainty == "said" and later_day


def only_counts_otherwise(said: Treatment, known: Treatment | None, zone: tzinfo) -> bool:
    """Whether a day number ("it's day 2") that lies a day before a known time is the same session, its own day counted
    as the first."""
    if known is None or known.certainty == "vague" or said.certainty != "vague":
        return False
    before = known.ended_at.astimezone(zone).date() - said.ended_at.astimezone(zone).date()
    return before == timedelta(days=1)


def contradicts(said: Treatment, known: Treatment) -> bool:
    """Whether the patient names a time of day that is not the known one."""
    return said.certainty == "said" and abs(said.ended_at - known.ended_at) > _SAME_SESSION
