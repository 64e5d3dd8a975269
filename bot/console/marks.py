"""The words that made a message a concern, marked in its text exactly where the screen found them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from bot.console.signs import Signs
from bot.triage.tier import Tier


@dataclass(frozen=True)
class Span:
    """A stretch of a text, with the tier and the names of the signs found there."""

    start: int
    end: int
    tier: Tier
    names: tuple[str, ...]


def spans_of(text: str, found: Sequence[Mapping[str, Any]], signs: Signs) -> list[Span]:
    """The spans of a verdict's signs; one per stretch, those that do not fit the text left out."""
    spans: dict[tuple[int, int], Span] = {}
    for sign in found:
        start, end = sign.get("start"), sign.get("end")
        if not isinstance(start, int) or not isinstance(end, int) or not 0 <= start < end <= len(text):
            continue
        tier, name = Tier.from_label(sign["tier"]), signs.name(sign["id"])
        known = spans.get((start, end))
        names = (*known.names, name) if known else (name,)
        spans[start, end] = Span(start, end, max(tier, known.tier) if known else tier, tuple(dict.fromkeys(names)))
    return sorted(spans.values(), key=lambda span: (span.start, -span.end))


def marked(text: str, spans: Sequence[Span]) -> Markup:
    """The text as HTML, every span in a <mark>; a span within another is a mark within a mark."""
    return _between(text, 0, len(text), list(spans))


def _between(text: str, start: int, end: int, spans: list[Span]) -> Markup:
    out, at = [], start
    while spans:
        span, spans = spans[0], spans[1:]
        first = max(span.start, at)  # a span that begins within its neighbour keeps what is left of it
        last = min(span.end, end)
        if first >= last:
            continue
        inner = [one for one in spans if one.start < last and one.end <= last]
        spans = [one for one in spans if one not in inner]
        out += [escape(text[at:first]), _mark(span, _between(text, first, last, inner))]
        at = last
    return Markup("").join([*out, escape(text[at:end])])


def _mark(span: Span, inner: Markup) -> Markup:
    return Markup('<mark class="tier-{}" title="{}">{}</mark>').format(span.tier.label, ", ".join(span.names), inner)
