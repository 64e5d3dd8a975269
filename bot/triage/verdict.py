"""What the screen found in one message, and what it saw but did not count."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.triage.tier import Tier


@dataclass(frozen=True)
class Sign:
    """One red flag found in a message.

    `start` and `end` are character offsets of `evidence` in the original text; `raised_by` names what lifted the tier
    (or, for a sign already at the top, its priority); `source` is a key of the clinical facts.
    """

    id: str
    tier: Tier
    advice: str
    start: int
    end: int
    evidence: str
    raised_by: tuple[str, ...]
    source: str
    layer: str = "catalogue"

    def as_dict(self) -> dict[str, Any]:
        """A JSON-safe copy."""
        return {**self.__dict__, "tier": self.tier.label, "raised_by": list(self.raised_by)}

    @classmethod
    def from_dict(cls, d: dict[str, Any]) -> Sign:
        """The sign that `as_dict` wrote."""
        return cls(**{**d, "tier": Tier.from_label(d["tier"]), "raised_by": tuple(d["raised_by"])})


@dataclass(frozen=True)
class Lowered:
    """A match that did not count, and why: shown to clinicians and checked by tests.

    `reason` is one of "negated", "past", "healed", "idiom", "general_question", "hypothetical", "other_person_past",
    "hearsay", "lookalike", "expected_on_day", "normal_temperature".
    """

    id: str
    tier: Tier
    start: int
    end: int
    evidence: str
    reason: str

    def as_dict(self) -> dict[str, Any]:
        """A JSON-safe copy."""
        return {**self.__dict__, "tier": self.tier.label}

    @classmethod
    def from_dict(cls, d: dict[str, Any]) -> Lowered:
        """The match that `as_dict` wrote."""
        return cls(**{**d, "tier": Tier.from_label(d["tier"])})


@dataclass(frozen=True)
class Verdict:
    """The tier of a message with everything that led to it: signs highest tier first, then by position.

    `told` are the risk factors that the writer states of themselves: they count for what they write later.
    """

    tier: Tier
    signs: tuple[Sign, ...]
    lowered: tuple[Lowered, ...]
    told: tuple[str, ...] = ()

    @classmethod
    def of(cls, signs: list[Sign], lowered: list[Lowered]) -> Verdict:
        """A verdict whose tier is that of its highest sign; equal signs and lowered matches are kept once."""
        ordered = sorted(dict.fromkeys(signs), key=lambda sign: (-sign.tier, sign.start, sign.id))
        tier = ordered[0].tier if ordered else Tier.NONE
        return cls(tier, tuple(ordered), tuple(sorted(dict.fromkeys(lowered), key=lambda low: (low.start, low.id))))

    def merge(self, other: Verdict) -> Verdict:
        """Both verdicts' signs and lowered matches together; the higher tier stands."""
        merged = Verdict.of([*self.signs, *other.signs], [*self.lowered, *other.lowered])
        told = tuple(dict.fromkeys([*self.told, *other.told]))
        return Verdict(max(self.tier, other.tier), merged.signs, merged.lowered, told)

    def as_dict(self) -> dict[str, Any]:
        """A JSON-safe copy that `from_dict` reads back unchanged."""
        return {
            "tier": self.tier.label,
            "signs": [sign.as_dict() for sign in self.signs],
            "lowered": [low.as_dict() for low in self.lowered],
            "told": list(self.told),
        }

    @classmethod
    def from_dict(cls, d: dict[str, Any]) -> Verdict:
        """The verdict that `as_dict` wrote."""
        return cls(
            Tier.from_label(d["tier"]),
            tuple(Sign.from_dict(sign) for sign in d["signs"]),
            tuple(Lowered.from_dict(low) for low in d["lowered"]),
            tuple(d.get("told", ())),
        )


NO_RISK = Verdict(Tier.NONE, (), ())
