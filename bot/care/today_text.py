"""The /today answer: the day's plan as a few lines of text. Pure."""

from collections.abc import Iterator

from bot.care.today import Item, Today
from bot.care.wording import Wording


def today_text(today: Today, wording: Wording) -> str:
    """Day, what is fine, what waits until when, whom to ask, what to watch for; with what an open case still needs."""
    return "\n\n".join(part for part in _parts(today, wording) if part)


def _parts(today: Today, wording: Wording) -> Iterator[str]:
    yield today.said
    yield today.held
    if today.fine:
        yield "\n".join((wording.render("utter_today_fine"), *map(_line, today.fine)))
    if today.wait or today.ask:
        lines = [f"• {item.said}" for item in (*today.wait, *today.ask)]
        yield "\n".join((wording.render("utter_today_wait"), *lines))
    yield today.watch


def _line(item: Item) -> str:
    return f"• {item.said}{': ' if item.only_if else ''}{item.only_if[:1].lower()}{item.only_if[1:]}"
