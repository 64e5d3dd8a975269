"""Finds where a pattern's terms stand together."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass

from bot.triage.normalise import Message
from bot.triage.pattern import ANYWHERE, Pattern, Step
from bot.triage.phrases import Span

# Enough for any real message; keeps a message of one word repeated a thousand times linear.
_MOST_STARTS = 40


@dataclass(frozen=True)
class Match:
    """One place where a pattern holds: the span of each term, in the pattern's order."""

    pattern: Pattern
    spans: tuple[Span, ...]

    @property
    def first(self) -> int:
        """Index of the first token."""
        return min(span.first for span in self.spans)

    @property
    def last(self) -> int:
        """Index of the last token."""
        return max(span.last for span in self.spans)


def matches_of(pattern: Pattern, found: Mapping[str, list[Span]], message: Message) -> list[Match]:
    """All places where the pattern holds, given the spans of every group in the message, each of the pattern's too."""
    partial: list[tuple[Span, ...]] = [(span,) for span in found[pattern.steps[0].group][:_MOST_STARTS]]
    for step in pattern.steps[1:]:
        partial = [(*spans, then) for spans in partial for then in _nearest(spans, step, found[step.group], message)]
    found_here = [Match(pattern, spans) for spans in partial]
    return [match for match in found_here if not _excluded(match, found, message)]


def _nearest(spans: tuple[Span, ...], step: Step, candidates: list[Span], message: Message) -> list[Span]:
    """The closest candidate after, and where order is free the closest before, within the step's window."""
    first, last = min(span.first for span in spans), max(span.last for span in spans)
    previous = spans[-1].last if step.follows else last
    nearest: list[Span] = []
    after = bisect_right(candidates, previous, key=lambda span: span.first)
    for span in candidates[after : after + 3]:
        if _gap(message, previous, span.first, step.within):
            nearest.append(span)
    if not step.follows:
        before = bisect_left(candidates, first, key=lambda span: span.first)
        for span in candidates[max(0, before - 3) : before]:
            if span.last < first and _gap(message, span.last, first, step.within):
                nearest.append(span)
    return nearest


def _gap(message: Message, left: int, right: int, within: int) -> bool:
    if within >= ANYWHERE:
        return True
    width = 1 if message.place[right] > message.place[right - 1] else 0
    return message.place[right] - width - message.place[left] <= within


def _excluded(match: Match, found: Mapping[str, list[Span]], message: Message) -> bool:
    sentences = {message.sentence[span.first] for span in match.spans}
    return any(
        message.sentence[span.first] in sentences for group in match.pattern.unless for span in found.get(group, ())
    )
