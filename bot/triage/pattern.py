"""The catalogue's pattern language, made for clinicians to read.

A pattern is a row of terms. A term is a word (`fever`), a word's beginning (`swell*`), a number (`#`), a choice of
words or phrases (`[lips|tip of my tongue]`), or a concept of `concepts.yml` (`<throat>`). Between terms stands

- nothing: the second follows the first at once (words like "is", "my", "really" do not count);
- `..`: it follows within 5 words, `..9` within 9;
- `&`: it stands within 7 words, before or after, `&12` within 12, `&&` anywhere in the message.

`! [film|dream]` at the end: not when one of these stands in the same sentence. Concepts stand there too: `! <hay_fever>
[film]`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

ANYWHERE = 10_000
FOLLOWS_WITHIN = 5
NEAR_WITHIN = 7

_ITEM = re.compile(r"<[^<>]+>|\[[^\[\]]+\]|\.\.\d*|&&|&\d*|!|[^\s<>\[\]&!]+")
_OPERATOR = re.compile(r"\.\.\d*|&&|&\d*|!")


class PatternError(ValueError):
    """A pattern that cannot be read; the message says what to mend."""


@dataclass(frozen=True)
class Step:
    """One term of a pattern: its word group, whether it must follow the terms before it, and within how many words."""

    group: str
    follows: bool
    within: int


@dataclass(frozen=True)
class Pattern:
    """A compiled pattern: its text, its terms in order, the groups that must not stand in the same sentence, and the
    groups of its terms."""

    text: str
    steps: tuple[Step, ...]
    unless: tuple[str, ...]
    groups: frozenset[str]


def parse_pattern(text: str, group_of: Callable[[str], str]) -> Pattern:
    """Reads one pattern.

    `group_of` receives a term as written (`<throat>`, `[a|b]`, or plain words) and returns the id of its word group.
    """
    items = _ITEM.findall(text)
    if re.sub(r"\s+", "", "".join(items)) != re.sub(r"\s+", "", text):
        raise PatternError(f"cannot read {text!r}: close every bracket")
    steps: list[Step] = []
    unless: list[str] = []
    operator = ""
    for item in _joined_words(items):
        if _OPERATOR.fullmatch(item):
            if not steps or operator not in ("", "!"):
                raise PatternError(f"cannot read {text!r}: {item!r} needs a term on each side")
            operator = item
        elif operator == "!":
            unless.append(group_of(item))
        else:
            steps.append(_step(group_of(item), operator))
            operator = ""
    if not steps or operator not in ("", "!") or (operator == "!" and not unless):
        raise PatternError(f"cannot read {text!r}: it ends with an operator")
    return Pattern(text, tuple(steps), tuple(unless), frozenset(step.group for step in steps))


def _joined_words(items: list[str]) -> list[str]:
    joined: list[str] = []
    for item in items:
        plain = item[0] not in "<[" and not _OPERATOR.fullmatch(item)
        if plain and joined and joined[-1][0] not in "<[" and not _OPERATOR.fullmatch(joined[-1]):
            joined[-1] += f" {item}"
        else:
            joined.append(item)
    return joined


def _step(group: str, operator: str) -> Step:
    if operator == "&&":
        return Step(group, follows=False, within=ANYWHERE)
    if operator.startswith("&"):
        return Step(group, follows=False, within=int(operator[1:] or NEAR_WITHIN))
    if operator:
        return Step(group, follows=True, within=int(operator[2:] or FOLLOWS_WITHIN))
    return Step(group, follows=True, within=0)
