"""What Telegram refuses, in its own words."""

import json
import re
from typing import Any

from tests.doubles.telegram_state import Chat, Json, State

MAX_TEXT = 4096
MAX_CAPTION = 1024
MAX_PHOTO = 10 * 1024 * 1024
MAX_UPLOAD = 50 * 1024 * 1024
MAX_DOWNLOAD = 20 * 1024 * 1024
ACTIONS = {
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document",
    "choose_sticker", "find_location", "record_video_note", "upload_video_note",
}  # fmt: skip
_BUTTON_KINDS = {"callback_data", "url", "web_app", "login_url", "switch_inline_query", "copy_text", "pay"}


class Refused(Exception):
    """An error answer."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


def bad(description: str) -> Refused:
    """400."""
    return Refused(400, f"Bad Request: {description}")


def whole(params: Json, name: str, default: int | None = None) -> int:
    """A whole number among the parameters."""
    value = params.get(name, default)
    try:
        return int(value)
    except (TypeError, ValueError):
        raise bad(f'parameter "{name}" is required and must be an integer') from None


def said(params: Json, name: str, most: int, empty: str, long: str) -> str:
    """Text within its limits, counted in UTF-16 units as Telegram does."""
    text = str(params.get(name, ""))
    if not text.strip():
        raise bad(empty)
    if len(text.encode("utf-16-le")) // 2 > most:
        raise bad(long)
    return text


def unpacked(params: Json, name: str, kind: type) -> Any:
    """A JSON parameter of a kind; None when it is not there."""
    value = params.get(name)
    if value is None:
        return None
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            raise bad(f"can't parse {name} JSON object") from None
    if not isinstance(value, kind):
        raise bad(f"object expected as {name}")
    return value


def no_markup(params: Json) -> None:
    """The bot sends plain text only; whoever adds markup must teach the double to parse it."""
    if params.get("parse_mode"):
        raise bad("unsupported parse_mode")


def chat_to_write(state: State, params: Json) -> Chat:
    """The chat of a call, if the bot may write there."""
    chat_id = whole(params, "chat_id")
    chat = state.chats.get(chat_id)
    if chat_id in state.moved:
        moved = {"migrate_to_chat_id": state.moved[chat_id]}
        raise Refused(400, "Bad Request: group chat was upgraded to a supergroup chat", **moved)
    if chat is None:
        raise bad("chat not found")
    if chat.blocked:
        raise Refused(403, "Forbidden: bot was blocked by the user")
    return chat


def quoted(chat: Chat, params: Json) -> Json:
    """The message that this one answers, as a field of it."""
    reply = unpacked(params, "reply_parameters", dict)
    if reply is None:
        return {}
    message = chat.messages.get(whole(reply, "message_id"))
    if message is None and not reply.get("allow_sending_without_reply"):
        raise bad("message to be replied not found")
    return {"reply_to_message": {**message}} if message else {}


def keyboard(params: Json) -> Json | None:
    """A reply markup in the shape Telegram takes. Only inline keyboards and the three simple ones are looked into."""
    markup = unpacked(params, "reply_markup", dict)
    if markup is None:
        return None
    if "inline_keyboard" not in markup:
        if not {"keyboard", "remove_keyboard", "force_reply"} & set(markup):
            raise bad("object expected as reply markup")
        return None
    rows = markup["inline_keyboard"]
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
    for button in (button for row in rows for button in row):
        _button(button)
    return {"inline_keyboard": rows} if any(rows) else None


def _button(button: Any) -> None:
    if not isinstance(button, dict):
        raise bad("InlineKeyboardButton must be an Object")
    if not str(button.get("text", "")).strip():
        raise bad("inline keyboard button text must be non-empty")
    if len(_BUTTON_KINDS & set(button)) != 1:
        raise bad("Text buttons are unallowed in the inline keyboard")
    if "url" in button and not re.match(r"(https?://[^/]+\.|tg://)", str(button["url"])):
        raise bad(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")
    if "callback_data" in button and not 1 <= len(str(button["callback_data"]).encode()) <= 64:
        raise bad("BUTTON_DATA_INVALID")


def secret_token(params: Json) -> str:
    """The webhook's secret."""
    secret = str(params.get("secret_token", ""))
    if secret and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
        raise bad("secret token contains unallowed characters")
    return secret
