"""Telling the person at the terminal how far it has come."""

import sys
import time

_STARTED = time.monotonic()


def say(told: str) -> None:
    """One line on standard error, with the minutes since the start."""
    minutes, seconds = divmod(int(time.monotonic() - _STARTED), 60)
    print(f"[{minutes:3d}:{seconds:02d}] {told}", file=sys.stderr, flush=True)
