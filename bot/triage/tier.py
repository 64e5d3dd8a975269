"""How soon a clinician must see a message."""

from __future__ import annotations

from enum import IntEnum
from typing import Literal, cast

TierLabel = Literal["none", "routine", "urgent", "emergency"]


class Tier(IntEnum):
    """Four steps of urgency; a higher number is more urgent, so tiers compare and `max` works.

    Definitions: `docs/labelling.md` and section 3 of the clinical facts.
    """

    NONE = 0
    ROUTINE = 1
    URGENT = 2
    EMERGENCY = 3

    @property
    def label(self) -> TierLabel:
        """The tier's lower-case name, as data files, verdicts and the console write it."""
        return cast(TierLabel, self.name.lower())

    @classmethod
    def from_label(cls, label: str) -> Tier:
        """The tier of a label; raises `ValueError` naming the allowed labels for any other word."""
        for tier in cls:
            if tier.label == label:
                return tier
        raise ValueError(f"unknown tier {label!r}: use one of {', '.join(tier.label for tier in cls)}")

    def raised(self) -> Tier:
        """The next tier up, never above `EMERGENCY`."""
        return Tier(min(self + 1, Tier.EMERGENCY))
