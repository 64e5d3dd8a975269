"""The training data as the tuning reads it: text, topic and tier of each line, joined and made a little worse."""

import random
import re
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.understanding.pieces import candidates

TIERS = ("none", "routine", "urgent", "emergency")
NO_TOPIC = -100  # what PyTorch's cross-entropy passes over
REPORT = "report_"
BESIDE = 0.1  # share of lines that get a harmless neighbour

_KEYS = {
    "a": "sq", "b": "vn", "c": "xv", "d": "sf", "e": "wr", "f": "dg", "g": "fh", "h": "gj", "i": "uo", "j": "hk",
    "k": "jl", "l": "k", "m": "n", "n": "bm", "o": "ip", "p": "o", "q": "wa", "r": "et", "s": "ad", "t": "ry",
    "u": "yi", "v": "cb", "w": "qe", "x": "zc", "y": "tu", "z": "x",
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One training message; `topic` is an index of the topics, NO_TOPIC for risk reports and loose sentences."""

    text: str
    topic: int
    tier: int


def read_lines(folder: Path) -> tuple[list[Line], list[str]]:
    """All lines under data/nlu, and the names of the topics in the order of their indices."""
    found: list[tuple[str, str, str]] = []
    for file in sorted(folder.glob("*.yml")):
        for block in yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]:
            tier = (block.get("metadata") or {}).get("tier", TIERS[0])
            texts = (line.strip()[2:] for line in block["examples"].splitlines() if line.strip().startswith("- "))
            found.extend((text, block["intent"], tier) for text in texts)
    topics = sorted({intent for _, intent, _ in found if not intent.startswith(REPORT)})
    index = {topic: number for number, topic in enumerate(topics)}
    return [Line(text, index.get(intent, NO_TOPIC), TIERS.index(tier)) for text, intent, tier in found], topics


def sentences(lines: list[Line]) -> list[Line]:
    """The sentences of the harmless lines that have several: they are harmless too, and the gate judges sentences."""
    return [Line(part, NO_TOPIC, 0) for line in lines if line.tier == 0 for part in candidates(line.text)[1:]]


def beside(line: Line, harmless: list[Line], chance: random.Random) -> Line:
    """Sometimes the line with a harmless one before or after it: as soon as a clinician as before, of no one topic."""
    if chance.random() > BESIDE:
        return line
    other = chance.choice(harmless).text
    text = f"{other} {line.text}" if chance.random() < 0.5 else f"{line.text} {other}"
    return Line(text, NO_TOPIC, line.tier)


def worsened(text: str, chance: random.Random) -> str:
    """The text as somebody in a hurry would type it: sometimes lower case, unpunctuated, or with a slip or two."""
    roll = chance.random()
    if roll < 0.6:
        return text
    if roll < 0.75:
        return re.sub(r"[.,!?;:'’]", "", text).lower()
    if roll < 0.8:
        return text.upper()
    letters = list(text)
    for _ in range(1 + len(letters) // 60):
        place = chance.randrange(len(letters))
        if not letters[place].isalpha():
            continue
        slip = chance.randrange(4)
        if slip == 0:
            letters[place] = ""
        elif slip == 1:
            letters[place] *= 2
        elif slip == 2 and place + 1 < len(letters):
            letters[place], letters[place + 1] = letters[place + 1], letters[place]
        else:
            near = _KEYS.get(letters[place].lower(), letters[place])
            letters[place] = chance.choice(near)
    return "".join(letters)
