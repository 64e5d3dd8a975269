"""The figures of an evaluation, each with its count and exact 95 % interval (Clopper-Pearson). Pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from scipy.stats import binomtest

TIERS = ("none", "routine", "urgent", "emergency")
OUT_OF_SCOPE = "out_of_scope"

# Intents that are not topics of the evaluation's 29 count as the topic a patient would see them as.
SEEN_AS = {
    "small_talk": OUT_OF_SCOPE,
    "anger": OUT_OF_SCOPE,
    "nlu_fallback": OUT_OF_SCOPE,
    "privacy_request": "book_or_human",
    "affirm": OUT_OF_SCOPE,
    "deny": OUT_OF_SCOPE,
    "correction": OUT_OF_SCOPE,
    "follow_up_why": OUT_OF_SCOPE,
    "follow_up_how_long": OUT_OF_SCOPE,
    "inform_session_time": OUT_OF_SCOPE,
}


@dataclass(frozen=True)
class Share:
    """`hits` of `total`, with the exact 95 % interval of the share."""

    hits: int
    total: int

    @property
    def share(self) -> float | None:
        """The share, or None of nothing."""
        return self.hits / self.total if self.total else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Clopper-Pearson 95 % bounds, or None of nothing."""
        if not self.total:
            return None
        bounds = binomtest(self.hits, self.total).proportion_ci(0.95, method="exact")
        return float(bounds.low), float(bounds.high)

    def as_dict(self) -> dict[str, Any]:
        """JSON-safe: share, hits, total, low and high bound."""
        low, high = self.interval or (None, None)
        return {"share": self.share, "hits": self.hits, "total": self.total, "low": low, "high": high}


@dataclass(frozen=True)
class TriageRow:
    """One line of a triage set, judged. `asked`: answered, but with the symptom check; `catalogue`: its tier alone."""

    id: str
    label: str
    predicted: str
    signs: tuple[dict[str, Any], ...] = ()
    asked: bool = False
    catalogue: str = TIERS[0]


@dataclass(frozen=True)
class TopicRow:
    """One line of a topic set, judged."""

    id: str
    label: str
    also: tuple[str, ...]
    predicted: str


def share_of(rows: Iterable[Any], among: Callable[[Any], bool], hit: Callable[[Any], bool]) -> Share:
    """How many of those that count are hits."""
    counted = [row for row in rows if among(row)]
    return Share(sum(1 for row in counted if hit(row)), len(counted))


def triage_figures(rows: Sequence[TriageRow]) -> dict[str, Share]:
    """The triage figures of the evaluation's README, by name."""

    def at_least(tier: str) -> Callable[[TriageRow], bool]:
        return lambda row: TIERS.index(row.predicted) >= TIERS.index(tier)

    def labelled(tier: str) -> Callable[[TriageRow], bool]:
        return lambda row: row.label == tier

    return {
        "emergency_recall": share_of(rows, labelled("emergency"), at_least("emergency")),
        "emergency_at_least_urgent": share_of(rows, labelled("emergency"), at_least("urgent")),
        "urgent_recall": share_of(rows, labelled("urgent"), at_least("urgent")),
        "routine_at_least_routine": share_of(rows, labelled("routine"), at_least("routine")),
        "false_alarms": share_of(rows, labelled("none"), at_least("urgent")),
        "false_call_backs": share_of(rows, labelled("none"), lambda row: row.predicted == "routine"),
        "under_triage": share_of(rows, lambda row: True, is_under_triage),
        "under_triage_but_asked": share_of(rows, is_under_triage, lambda row: row.asked),
        "harmless_but_asked": share_of(rows, labelled("none"), lambda row: row.asked),
    }


def is_under_triage(row: TriageRow) -> bool:
    """Whether the line was given less than its label."""
    return TIERS.index(row.predicted) < TIERS.index(row.label)


def catalogue_figures(rows: Sequence[TriageRow]) -> dict[str, Share]:
    """What the catalogue of red flags reaches without the classifier."""

    def urgent(row: TriageRow) -> bool:
        return TIERS.index(row.catalogue) >= TIERS.index("urgent")

    return {
        "emergency_at_least_urgent": share_of(rows, lambda row: row.label == "emergency", urgent),
        "urgent_recall": share_of(rows, lambda row: row.label == "urgent", urgent),
        "false_alarms": share_of(rows, lambda row: row.label == "none", urgent),
    }


def topic_figures(rows: Sequence[TopicRow]) -> dict[str, Share]:
    """The topic figures of the evaluation's README, by name."""

    def in_scope(row: TopicRow) -> bool:
        return row.label != OUT_OF_SCOPE

    return {
        "topic_strict": share_of(rows, lambda row: True, lambda row: row.predicted == row.label),
        "topic_lenient": share_of(rows, lambda row: True, lambda row: row.predicted in (row.label, *row.also)),
        "out_of_scope_recall": share_of(rows, lambda row: not in_scope(row), lambda row: row.predicted == OUT_OF_SCOPE),
        "in_scope_refused": share_of(rows, in_scope, lambda row: row.predicted == OUT_OF_SCOPE),
    }


def confusion(rows: Sequence[TriageRow]) -> dict[str, dict[str, int]]:
    """How often each label (outer) was judged as each tier (inner)."""
    table = {label: dict.fromkeys(TIERS, 0) for label in TIERS}
    for row in rows:
        table[row.label][row.predicted] += 1
    return table


def seen_topic(topics: Sequence[str]) -> str:
    """The topic that a reading's topics stand for among the evaluation's 29."""
    first = topics[0] if topics else OUT_OF_SCOPE
    return SEEN_AS.get(first, first)
