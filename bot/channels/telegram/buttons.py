"""Buttons under our messages, and what a press of one says: an opaque place, `b1:<message>:<index>`. Pure.

The place is no secret and proves nothing: `Reception` checks that the message is in the presser's conversation.
"""

import re
from collections.abc import Sequence
from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.channels.telegram.limits import MAX_BUTTON_TITLE
from bot.conversation.inbound import Press

_DATA = re.compile(r"b1:([0-9]{1,18}):([0-9]{1,3})")


def keyboard(message_id: int, buttons: Sequence[dict[str, Any]]) -> InlineKeyboardMarkup | None:
    """The keyboard of a message, one button a row so that titles stay readable on phones; None without buttons."""
    rows = [
        [InlineKeyboardButton(_trimmed(button["title"]), callback_data=f"b1:{message_id}:{index}")]
        for index, button in enumerate(buttons)
    ]
    return InlineKeyboardMarkup(rows) if rows else None


def press_of(data: str | None) -> Press | None:
    """The press that callback data stands for; None when the data is not ours."""
    match = _DATA.fullmatch(data or "")
    return Press(int(match[1]), int(match[2])) if match else None


def _trimmed(title: str) -> str:
    return title if len(title) <= MAX_BUTTON_TITLE else title[: MAX_BUTTON_TITLE - 1].rstrip() + "…"
