"""The training data as the tuning reads it: text, topic and tier of each line, split, and made a little worse."""

import random
import re
from dataclasses import dataclass
from pathlib import Path

import yaml

TIERS = ("none", "routine", "urgent", "emergency")
NO_TOPIC = -100  # what PyTorch's cross-entropy passes over
REPORT = "report_"
HELD_ASIDE = 0.1

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


def split(lines: list[Line], seed: int) -> tuple[list[Line], list[Line]]:
    """Lines to learn from, and a tenth of each tier held aside for choosing thresholds."""
    shuffled = random.Random(seed).sample(lines, len(lines))
    aside: list[Line] = []
    for tier in range(len(TIERS)):
        mine = [line for line in shuffled if line.tier == tier]
        aside.extend(mine[: int(len(mine) * HELD_ASIDE)])
    held = set(aside)
    return [line for line in shuffled if line not in held], aside


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
