"""The figures of the benchmark: ours, stock's, their ratio and what was wanted; and the arithmetic they need. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import linear_regression, median, quantiles
from typing import Any, Literal


@dataclass(frozen=True)
class Wanted:
    """A target: the ratio, or our own figure, is to be at most (or at least) so much."""

    of: Literal["ratio", "ours"]
    value: float
    least: bool = False

    def __str__(self) -> str:
        sign = "≥" if self.least else "≤" if self.value else "="
        return f"{self.of} {sign} {self.value:g}"

    def met(self, measured: float | None) -> bool | None:
        """Whether it is so; None where nothing was measured."""
        if measured is None:
            return None
        return measured >= self.value if self.least else measured <= self.value


@dataclass(frozen=True)
class Figure:
    """One figure. None: not measured, or there is no such thing there."""

    name: str
    unit: str
    ours: float | None
    stock: float | None = None
    wanted: Wanted | None = None

    @property
    def ratio(self) -> float | None:
        """Ours over stock's."""
        return self.ours / self.stock if self.ours is not None and self.stock else None

    def as_dict(self) -> dict[str, Any]:
        """JSON-safe: name, unit, ours, stock, ratio, wanted (text) and met."""
        ratio = self.ratio
        wanted = self.wanted
        return {
            "name": self.name,
            "unit": self.unit,
            "ours": _rounded(self.ours),
            "stock": _rounded(self.stock),
            "ratio": _rounded(ratio),
            "wanted": str(wanted) if wanted else None,
            "met": wanted.met(ratio if wanted.of == "ratio" else self.ours) if wanted else None,
        }


def percentile(values: Sequence[float], hundredth: int) -> float:
    """The value below which so many hundredths of the values lie. Raises ValueError for no values."""
    if len(values) == 1:
        return values[0]
    return quantiles(values, n=100, method="inclusive")[hundredth - 1]


def turn_cost(conversations: Sequence[Sequence[float]], early: int, late: int, around: int) -> float:
    """How many times as long turn `late` takes as turn `early`: medians over `around` turns on either side.

    In: the times of each conversation's turns, the first turn first.
    """
    return _around(conversations, late, around) / _around(conversations, early, around)


def _around(conversations: Sequence[Sequence[float]], turn: int, around: int) -> float:
    return median(time for times in conversations for time in times[turn - 1 - around : turn + around])


def growth_per_thousand(samples: Sequence[tuple[int, float]]) -> float | None:
    """MiB that a thousand messages add, over the second half of the samples (messages so far, MiB). None of too few."""
    later = samples[len(samples) // 2 :]
    if len({count for count, _ in later}) < 2:
        return None
    slope = linear_regression([float(count) for count, _ in later], [memory for _, memory in later]).slope
    return slope * 1000


def _rounded(value: float | None) -> float | None:
    if value is None:
        return None
    return round(value, 3 if abs(value) < 10 else 1)
