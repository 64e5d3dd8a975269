"""The Bot API's methods, as far as a clinic's bot needs them. `getUpdates` waits and so stands with the server."""

import re
import time
from collections.abc import Callable
from typing import Any

from tests.doubles import telegram_rules as rules
from tests.doubles.telegram_rules import Refused, bad
from tests.doubles.telegram_state import BOT, Json, State, Webhook

Method = Callable[[State, Json], Any]
METHODS: dict[str, Method] = {}


def method(function: Method) -> Method:
    """Register a method under its name in camel case."""
    head, *tail = function.__name__.split("_")
    METHODS[head + "".join(part.capitalize() for part in tail)] = function
    return function


@method
def get_me(state: State, params: Json) -> Json:
    return {**BOT, "can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False}


@method
def send_message(state: State, params: Json) -> Json:
    chat = rules.chat_to_write(state, params)
    text = rules.said(params, "text", rules.MAX_TEXT, "message text is empty", "message is too long")
    rules.no_markup(params)
    rules.unpacked(params, "link_preview_options", dict)
    markup = rules.keyboard(params)
    quoted = rules.quoted(chat, params)
    return state.add_message(chat, BOT, text=text.strip(), **quoted, **({"reply_markup": markup} if markup else {}))


@method
def send_photo(state: State, params: Json) -> Json:
    chat = rules.chat_to_write(state, params)
    photo = params.get("photo")
    if not photo:
        raise bad("there is no photo in the request")
    rules.no_markup(params)
    if len(str(params.get("caption", "")).encode("utf-16-le")) // 2 > rules.MAX_CAPTION:
        raise bad("message caption is too long")
    if isinstance(photo, str) and photo not in state.files:
        raise bad("wrong file identifier/HTTP URL specified")
    file = {"file_id": photo, "file_unique_id": photo[:8]} if isinstance(photo, str) else state.add_file(photo)
    if not isinstance(photo, str) and len(photo) > rules.MAX_PHOTO:
        raise bad("PHOTO_SAVE_FILE_INVALID")
    content: Json = {"photo": [{**file, "width": 640, "height": 480}], **rules.quoted(chat, params)}
    if params.get("caption"):
        content["caption"] = params["caption"]
    markup = rules.keyboard(params)
    return state.add_message(chat, BOT, **content, **({"reply_markup": markup} if markup else {}))


@method
def send_document(state: State, params: Json) -> Json:
    chat = rules.chat_to_write(state, params)
    document = params.get("document")
    if not isinstance(document, bytes) or not document:
        raise bad("there is no document in the request")
    if len(document) > rules.MAX_UPLOAD:
        raise Refused(413, "Request Entity Too Large")
    rules.no_markup(params)
    if len(str(params.get("caption", "")).encode("utf-16-le")) // 2 > rules.MAX_CAPTION:
        raise bad("message caption is too long")
    content: Json = {"document": state.add_file(document), **rules.quoted(chat, params)}
    if params.get("caption"):
        content["caption"] = params["caption"]
    return state.add_message(chat, BOT, **content)


@method
def edit_message_text(state: State, params: Json) -> Json:
    chat = rules.chat_to_write(state, params)
    message = chat.messages.get(rules.whole(params, "message_id"))
    if message is None:
        raise bad("message to edit not found")
    if message["from"] != BOT or "text" not in message:
        raise bad("message can't be edited")
    text = rules.said(params, "text", rules.MAX_TEXT, "message text is empty", "message is too long").strip()
    rules.no_markup(params)
    markup = rules.keyboard(params)
    if text == message["text"] and markup == message.get("reply_markup"):
        raise bad("message is not modified")
    message.pop("reply_markup", None)
    message.update({"text": text, "edit_date": int(time.time())}, **({"reply_markup": markup} if markup else {}))
    return message


@method
def send_chat_action(state: State, params: Json) -> bool:
    rules.chat_to_write(state, params)
    if params.get("action") not in rules.ACTIONS:
        raise bad("wrong parameter action in request")
    return True


@method
def edit_message_reply_markup(state: State, params: Json) -> Json:
    chat = rules.chat_to_write(state, params)
    message = chat.messages.get(rules.whole(params, "message_id"))
    if message is None:
        raise bad("message to edit not found")
    if message["from"] != BOT:
        raise bad("message can't be edited")
    markup = rules.keyboard(params)
    if markup == message.get("reply_markup"):
        raise bad(
            "message is not modified: specified new message content and reply markup are exactly the same as a "
            "current content and reply markup of the message"
        )
    message.pop("reply_markup", None)
    message.update({"edit_date": int(time.time())}, **({"reply_markup": markup} if markup else {}))
    return message


@method
def answer_callback_query(state: State, params: Json) -> bool:
    callback_id = str(params.get("callback_query_id", ""))
    if state.presses.get(callback_id, {}) is not None:
        raise bad("query is too old and response timeout expired or query ID is invalid")
    if len(str(params.get("text", ""))) > 200:
        raise bad("MESSAGE_TOO_LONG")
    state.presses[callback_id] = dict(params)
    return True


@method
def get_file(state: State, params: Json) -> Json:
    file_id = str(params.get("file_id", ""))
    if file_id not in state.files:
        raise bad("wrong file_id or the file is temporarily unavailable")
    if state.sizes[file_id] > rules.MAX_DOWNLOAD:
        raise bad("file is too big")
    size = {"file_size": state.sizes[file_id]}
    return {"file_id": file_id, "file_unique_id": file_id[:8], "file_path": f"files/{file_id}", **size}


@method
def set_webhook(state: State, params: Json) -> bool:
    url = str(params.get("url", ""))
    if url and not re.match(r"https://|http://(127\.0\.0\.1|localhost)[:/]", url):
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")
    state.webhook = Webhook(url, rules.secret_token(params))
    _allow(state, params)
    _drop(state, params)
    return True


@method
def delete_webhook(state: State, params: Json) -> bool:
    state.webhook = Webhook()
    _drop(state, params)
    return True


@method
def get_webhook_info(state: State, params: Json) -> Json:
    info: Json = {
        "url": state.webhook.url,
        "has_custom_certificate": False,
        "pending_update_count": len(state.pending),
    }
    if state.webhook.last_error:
        info |= {
            "last_error_date": state.webhook.last_error_date,
            "last_error_message": state.webhook.last_error,
        }
    return info


@method
def set_my_commands(state: State, params: Json) -> bool:
    commands = rules.unpacked(params, "commands", list) or []
    for command in commands:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", str(command.get("command", ""))):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= len(str(command.get("description", ""))) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    if len(commands) > 100:
        raise bad("too many commands")
    state.commands[_language(params)] = commands
    return True


@method
def set_my_description(state: State, params: Json) -> bool:
    state.descriptions[_language(params)] = _at_most(params, "description", 512)
    return True


@method
def set_my_short_description(state: State, params: Json) -> bool:
    state.short_descriptions[_language(params)] = _at_most(params, "short_description", 120)
    return True


def call(state: State, name: str, params: Json) -> Any:
    """Call a method. Raises Refused."""
    function = METHODS.get(name)
    if function is None:
        raise Refused(404, "Not Found")
    with state.lock:
        return function(state, params)


def confirm(state: State, params: Json) -> None:
    """What calling getUpdates does: all updates below the offset are confirmed and come no more."""
    offset = rules.whole(params, "offset", 0)
    with state.lock:
        _allow(state, params)
        if offset < 0:
            offset = state.pending[offset:][0][1]["update_id"] if state.pending else 0
        state.confirm({update["update_id"] for _, update in state.pending if update["update_id"] < offset})


def waiting(state: State, params: Json) -> list[Json]:
    """What getUpdates gives now."""
    limit = max(1, min(rules.whole(params, "limit", 100), 100))
    with state.lock:
        return [update for _, update in state.pending][:limit]


def _allow(state: State, params: Json) -> None:
    allowed = rules.unpacked(params, "allowed_updates", list)
    if allowed is not None:
        state.allowed = frozenset(allowed) or None


def _drop(state: State, params: Json) -> None:
    if str(params.get("drop_pending_updates", "")).lower() == "true":
        state.pending.clear()


def _language(params: Json) -> str:
    code = str(params.get("language_code", ""))
    if code and not re.fullmatch(r"[a-z]{2}", code):
        raise bad("invalid language code specified")
    return code


def _at_most(params: Json, name: str, most: int) -> str:
    text = str(params.get(name, ""))
    if len(text) > most:
        raise bad(f"{name} is too long")
    return text
