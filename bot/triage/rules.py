"""The catalogue's entries, as the screen uses them."""

from __future__ import annotations

from dataclasses import dataclass

from bot.triage.pattern_set import Patterns
from bot.triage.tier import Tier


@dataclass(frozen=True)
class Example:
    """A message that a sign must, or must not, be found in; `day` is days since treatment where it matters."""

    text: str
    day: float | None = None


@dataclass(frozen=True)
class SignRule:
    """One red flag: what it is called, how urgent, what to advise, how it is worded, and what changes that.

    - `from_day`: before this day after treatment the finding is expected healing and does not count.
    - `event`: something that happens and passes (a faint, a fit, a swallowed dose). Having passed does not make it
      harmless, and "my friend fainted" is news rather than history.
    - `hypothetical_counts`: "if I took 20 pills" is not a general question.
    - `hidden_by`: concept whose presence makes "gone now" untrustworthy (a painkiller hides a fever).
    - `raises`: ids of the raisers that lift it one tier.
    - `settled`: how urgent it is, is known; the classifier does not raise a sentence that tells of it.
    - `across`: it may be told in two messages ("there is blood on my pillow", then "i take clopidogrel").
    """

    id: str
    name: str
    tier: Tier
    advice: str
    source: str
    patterns: Patterns
    unless: Patterns
    from_day: float | None
    event: bool
    hypothetical_counts: bool
    hidden_by: str | None
    raises: tuple[str, ...]
    settled: bool
    across: bool
    wordings: tuple[Example, ...]
    lookalikes: tuple[Example, ...]


@dataclass(frozen=True)
class Raiser:
    """Something that lifts a sign one tier: words in the message, another sign found, or a known risk factor.

    `later`: it lifts a sign of an open case as well when it is told only in a later message ("on my eyelid too").
    """

    id: str
    name: str
    patterns: Patterns
    signs: frozenset[str]
    risk_factor: str | None
    same_sentence: bool
    later: bool
