"""A stated pulse: whether a number of the text is one, and whether it is too fast at rest (MNX, minoxidil label)."""

from __future__ import annotations

import re
from dataclasses import dataclass

FAST_BPM = 100
_NUMBER = re.compile(r"(?<![\w.,:/€£$])(\d{2,3})(?![\d.,:/])")
_CUE = re.compile(
    r"\b(?:pulse|heart ?rate|heartbeat|resting (?:hr|rate)|hr|bpm|beats (?:a|per) min\w*"
    r"|heart(?:'s| is| was)? (?:going|at|hit|doing))\b"
)
_EFFORT = re.compile(
    r"\b(?:gym|run|running|jog\w*|cardio|workout|working out|exercis\w*|treadmill|cycling|hiit|peloton|sprint\w*"
    r"|target|max|bike|parkrun|spin|stairs|burpees|rowing|cycle|shuffle|peak)\b"
)
_REST = re.compile(r"\b(?:rest\w*|sitting|sat|lying|laying|bed|couch|sofa|desk|nothing)\b")
_NEAR = 30


@dataclass(frozen=True)
class Pulse:
    """A pulse in beats a minute, with its offsets in the text."""

    bpm: int
    start: int
    end: int


def fast_pulses_in(folded: str) -> list[Pulse]:
    """Every stated pulse above 100 that is not explained by exercise."""
    if not _CUE.search(folded) or (_EFFORT.search(folded) and not _REST.search(folded)):
        return []
    return [
        Pulse(int(number[1]), *number.span())
        for number in _NUMBER.finditer(folded)
        if FAST_BPM < int(number[1]) < 260
        and _CUE.search(folded[max(0, number.start() - _NEAR) : number.end() + _NEAR])
    ]
