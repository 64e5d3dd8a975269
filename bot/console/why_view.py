"""The why-panel: every sign of a conversation's messages, and what was seen but did not count."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.console import signs as words
from bot.console.signs import Signs
from bot.store.tables import Case, Message
from bot.triage.tier import Tier


@dataclass(frozen=True)
class Quote:
    """Words of a message, and which."""

    message_id: int
    text: str


@dataclass(frozen=True)
class ShownSign:
    """One sign: found in one or more messages."""

    name: str
    tier: Tier
    layer: str
    raised_by: tuple[str, ...]
    source: str
    quotes: tuple[Quote, ...]


@dataclass(frozen=True)
class ShownLowered:
    """A match that did not count, and why."""

    name: str
    tier: Tier
    because: str
    quote: Quote


@dataclass(frozen=True)
class Why:
    """All there is to say about why a conversation was flagged, or was not."""

    reason: str
    signs: tuple[ShownSign, ...]
    lowered: tuple[ShownLowered, ...]


def why(signs: Signs, case: Case | None, messages: Sequence[Message]) -> Why:
    """The panel for a conversation. Signs come from the case, and from messages the case does not name."""
    found = [dict(sign) for sign in case.signs] if case else []
    named = {(sign.get("message_id"), sign["id"]) for sign in found}
    since = case.opened_at if case else None
    for message in messages:
        for sign in (message.verdict or {}).get("signs", []):
            old = since is not None and message.created_at < since
            if not old and (message.id, sign["id"]) not in named:
                found.append({"message_id": message.id, **sign})
    grouped: dict[str, list[dict[str, object]]] = {}
    for sign in found:
        grouped.setdefault(str(sign["id"]), []).append(sign)
    shown = sorted((_sign(signs, group) for group in grouped.values()), key=lambda sign: (-sign.tier, sign.name))
    return Why(words.reason(case.reason) if case else "", tuple(shown), _lowered(signs, messages))


def _sign(signs: Signs, group: list[dict[str, object]]) -> ShownSign:
    worst = max(group, key=lambda sign: Tier.from_label(str(sign["tier"])))
    quotes = [
        Quote(int(str(sign["message_id"])), str(sign.get("evidence", ""))) for sign in group if sign.get("message_id")
    ]
    raised = worst.get("raised_by")
    layers = dict.fromkeys(words.layer(str(sign.get("layer") or "catalogue")) for sign in group)
    return ShownSign(
        name=signs.name(str(worst["id"])),
        tier=Tier.from_label(str(worst["tier"])),
        layer=" and ".join(layers),
        raised_by=tuple(signs.raiser(str(one)) for one in raised) if isinstance(raised, list) else (),
        source=words.source(str(worst.get("source") or "")),
        quotes=tuple(dict.fromkeys(quotes)),
    )


def _lowered(signs: Signs, messages: Sequence[Message]) -> tuple[ShownLowered, ...]:
    shown = []
    for message in messages:
        for low in (message.verdict or {}).get("lowered", []):
            quote = Quote(message.id, str(low.get("evidence", "")))
            because = words.lowered_because(low["reason"])
            shown.append(ShownLowered(signs.name(low["id"]), Tier.from_label(low["tier"]), because, quote))
    return tuple(dict.fromkeys(reversed(shown)))
