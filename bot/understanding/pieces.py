"""Cutting a message into pieces, so that a sign in the middle of a long story is seen by itself."""

import re
from typing import List

_END = re.compile(r"(?<=[.!?;])\s+|\n+|(?<=\))\s+(?=[A-Z])")
SHORT = 4  # words: shorter sentences say little alone and are joined to the next
LONG = 30  # words: longer ones are cut, as people who do not punctuate write
STEP = 18


def pieces(text: str) -> List[str]:
    """The sentences of a message, short ones joined, endless ones cut into overlapping stretches. Never empty strings."""
    joined: List[str] = []
    for sentence in (part.strip() for part in _END.split(text)):
        if not sentence:
            continue
        if joined and len(joined[-1].split()) < SHORT:
            joined[-1] = f"{joined[-1]} {sentence}"
        else:
            joined.append(sentence)
    found: List[str] = []
    for sentence in joined:
        words = sentence.split()
        if len(words) <= LONG:
            found.append(sentence)
        else:
            starts = range(0, max(len(words) - LONG + STEP, 1), STEP)
            found.extend(" ".join(words[start : start + LONG]) for start in starts)
    return found
