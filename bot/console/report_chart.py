"""Where the parts of a chart stand: stacked columns as plain rectangles, drawn by a template as SVG."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.console.report_table import Stack

_TOP, _BOTTOM, _LEFT = 8, 22, 34  # margins in units of the picture
_LABEL = 52  # units a label under the columns takes
_STEPS = (1, 2, 5)


@dataclass(frozen=True)
class Bar:
    """A rectangle: `says` is what it stands for, in words."""

    x: float
    y: float
    width: float
    height: float
    colour: str
    says: str


@dataclass(frozen=True)
class Label:
    """Text beside an axis."""

    x: float
    y: float
    text: str


@dataclass(frozen=True)
class Drawing:
    """A chart of a size: columns, a line for each label of the scale, labels under some columns."""

    width: int
    height: int
    bars: Sequence[Bar]
    scale: Sequence[Label]
    labels: Sequence[Label]


def draw(stack: Stack, width: int, height: int) -> Drawing:
    """Place a chart's parts on a picture of `width` by `height` units."""
    totals = [sum(one.values[at] for one in stack.series) for at in range(len(stack.categories))]
    step, top = _scale(max(totals, default=0))
    room, floor = (width - _LEFT) / max(len(totals), 1), height - _BOTTOM
    unit = (floor - _TOP) / top
    every = max(1, -(-_LABEL // max(int(room), 1)))
    return Drawing(
        width,
        height,
        [bar for at in range(len(totals)) for bar in _column(stack, at, room, floor, unit)],
        [Label(_LEFT - 6, floor - value * unit, f"{value:,}") for value in range(0, top + 1, step)],
        [
            Label(round(_LEFT + (at + 0.5) * room, 1), height - 6, stack.categories[at])
            for at in range(0, len(totals), every)
        ],
    )


def _column(stack: Stack, at: int, room: float, floor: float, unit: float) -> list[Bar]:
    wide = min(room * 0.72, 46)
    x, y, bars = _LEFT + at * room + (room - wide) / 2, floor, []
    for one in stack.series:
        value = one.values[at]
        if value:
            y -= value * unit
            says = f"{stack.categories[at]}, {one.name}: {value}"
            bars.append(Bar(round(x, 1), round(y, 1), round(wide, 1), round(value * unit, 1), one.colour, says))
    return bars


def _scale(highest: int) -> tuple[int, int]:
    """The step and the top of a scale with at most five steps."""
    size = 1
    while True:
        for step in (size * one for one in _STEPS):
            if highest <= step * 5:
                return step, max(step * -(-highest // step), step)
        size *= 10
