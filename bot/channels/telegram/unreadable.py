"""Reads updates one by one, so that one the Telegram library cannot read takes no others with it."""

import logging
from typing import Any

from telegram import Bot, Update

log = logging.getLogger(__name__)


def update_from(data: dict[str, Any], bot: Bot) -> Update | None:
    """The update; None for one that this library cannot read, which no redelivery would mend."""
    try:
        return Update.de_json(data, bot)
    except Exception as error:
        kinds = ",".join(sorted(key for key in data if key != "update_id"))
        name = type(error).__name__
        log.critical("update %s (%s) cannot be read and is lost: %s", data["update_id"], kinds[:100], name)
        return None
