"""What a report is made of: tables, the charts beside them, and their CSV."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

Cell = str | int | float | None  # None: there is no figure

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Series:
    """One colour of a chart: its name, the colour's class, and a figure for each category."""

    name: str
    colour: str
    values: Sequence[int]


@dataclass(frozen=True)
class Stack:
    """What a chart shows: stacked columns over categories."""

    categories: Sequence[str]
    series: Sequence[Series]


@dataclass(frozen=True)
class Table:
    """One table of the reports. `says`: how it is counted. `bar`: the column of per cents that is drawn too."""

    key: str
    title: str
    says: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    stack: Stack | None = None
    bar: int | None = None
    nothing: str = "Nothing in these days."


def as_csv(table: Table) -> str:
    """The table as CSV. A cell that a spreadsheet would take for a formula begins with an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow([_safe(column) for column in table.columns])
    writer.writerows([_safe(cell) for cell in row] for row in table.rows)
    return out.getvalue()


def in_words(cell: Cell) -> str:
    """A cell as the page shows it."""
    if cell is None:
        return "–"
    if isinstance(cell, float):
        return f"{cell:,.1f}"
    return f"{cell:,}" if isinstance(cell, int) else cell


def share(part: int, whole: int) -> float | None:
    """Per cent, to one decimal; None of nothing."""
    return round(100 * part / whole, 1) if whole else None


def quantile(values: Sequence[float], level: float) -> float | None:
    """A quantile with linear interpolation between neighbours, as SQL's percentile_cont; None of nothing."""
    if not values:
        return None
    ordered = sorted(values)
    place = (len(ordered) - 1) * level
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return round(ordered[below] + (ordered[above] - ordered[below]) * (place - below), 1)


def _safe(cell: Cell) -> Cell:
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(_FORMULA) else cell
    return "" if cell is None else cell
