"""`aftercare screen`: the catalogue layer alone, a line of text in, a line of JSON out."""

import json
from collections.abc import Iterable, Iterator

from bot.services import RED_FLAGS
from bot.triage.catalogue import load_catalogue
from bot.triage.screen import Context, Screen


def screen_lines(lines: Iterable[str], day: float | None) -> Iterator[str]:
    """One verdict as JSON for each line of text that is not empty."""
    screen = Screen(load_catalogue(RED_FLAGS))
    for line in lines:
        text = line.rstrip("\n")
        if text.strip():
            yield json.dumps(screen(text, Context(day=day)).as_dict(), ensure_ascii=False)
