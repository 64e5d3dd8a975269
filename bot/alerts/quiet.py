"""Keeps the addresses out of the log: they hold passwords, and Apprise writes them beside what went wrong."""

import logging


def keep_quiet() -> None:
    """Silence Apprise; whether a page got out we log ourselves."""
    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
    for name in ("urllib3", "requests"):
        logging.getLogger(name).setLevel(logging.WARNING)
