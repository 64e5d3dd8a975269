"""Keeps the bot's token and patients' words out of the log: both stand in what the libraries below us would write."""

import logging
import warnings


def keep_quiet() -> None:
    """Silence the libraries that carry our calls; what goes wrong there we log ourselves, in words of our own.

    httpx writes each address, which holds the token, at INFO. python-telegram-bot writes each call's text at DEBUG, and
    what it cannot read, whole, at ERROR and CRITICAL.
    """
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("telegram").setLevel(logging.CRITICAL + 1)
    # Both are seen to: `seconds_asked` takes either type, and `Polling` reads updates one by one only when it must.
    warnings.filterwarnings("ignore", message=".*attribute `retry_after` will be of type")
    warnings.filterwarnings("ignore", message="Please use 'Bot.getUpdates'")
