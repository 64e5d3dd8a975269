"""One stretch of opening hours within a day, and how the clinic's file writes it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time
from itertools import pairwise

_STRETCH = re.compile(r"^\s*(\d{1,2}):(\d{2})\s*(?:-|to)\s*(\d{1,2}):(\d{2})\s*$")
_END_OF_DAY = 24 * 60


@dataclass(frozen=True, order=True)
class Opening:
    """Open from `start` until before `end`, in minutes after local midnight (1440 is midnight at the day's end)."""

    start: int
    end: int

    @property
    def opens(self) -> time:
        """Local wall-clock time of opening."""
        return time(self.start // 60, self.start % 60)

    @property
    def closes(self) -> time:
        """Local wall-clock time of closing; midnight at the day's end is 23:59."""
        return time(23, 59) if self.end == _END_OF_DAY else time(self.end // 60, self.end % 60)


def parse_day(value: object) -> tuple[Opening, ...]:
    """Read `closed`, `09:00-18:00` or a list of such stretches; raises ValueError saying what to write."""
    if value is None or value is False or value == "closed":
        return ()
    stretches = [value] if isinstance(value, str) else value
    if not isinstance(stretches, list) or not stretches:
        raise ValueError("write closed, 09:00-18:00, or a list such as [09:00-13:00, 14:00-18:00]")
    openings = sorted(_parse_stretch(stretch) for stretch in stretches)
    for earlier, later in pairwise(openings):
        if later.start < earlier.end:
            raise ValueError("two stretches of the same day overlap; join them into one")
    return tuple(openings)


def _parse_stretch(stretch: object) -> Opening:
    match = _STRETCH.match(stretch) if isinstance(stretch, str) else None
    if match is None:
        raise ValueError(f"{stretch!r} is not a stretch of hours; write 09:00-18:00")
    h1, m1, h2, m2 = (int(part) for part in match.groups())
    start, end = h1 * 60 + m1, h2 * 60 + m2
    if m1 > 59 or m2 > 59 or not 0 <= start < end <= _END_OF_DAY:
        raise ValueError(f"{stretch!r} does not run forward within one day; write opening-closing, 00:00 to 24:00")
    return Opening(start, end)
