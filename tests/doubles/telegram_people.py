"""Those who use Telegram in tests: what they do becomes updates, what the bot did is what they see."""

import secrets
import time
from dataclasses import dataclass
from typing import Any

from tests.doubles.telegram_state import BOT, Chat, Json, State


@dataclass(frozen=True)
class Seen:
    """A message from the bot as the patient sees it."""

    message_id: int
    text: str
    buttons: tuple[str, ...]
    data: tuple[str, ...]  # what pressing each button sends
    links: tuple[str, ...] = ()  # where buttons lead that are links
    quotes: int | None = None  # the message it answers, shown above it


class Patient:
    """A person in a private chat. Their first message or press makes the chat."""

    def __init__(self, state: State, chat_id: int, first_name: str, language: str) -> None:
        self._state = state
        self.chat_id = chat_id
        self._user = {"id": chat_id, "is_bot": False, "first_name": first_name, "language_code": language}
        self._object = {"id": chat_id, "type": "private", "first_name": first_name}

    @property
    def messages(self) -> list[Seen]:
        """What the bot has sent, oldest first."""
        with self._state.lock:
            chat = self._state.chats.get(self.chat_id)
            return [_seen(message) for message in chat.messages.values() if message["from"] == BOT] if chat else []

    @property
    def transcript(self) -> list[tuple[bool, Seen]]:
        """All that stands in the chat, oldest first: whether the bot has said it, and what."""
        with self._state.lock:
            messages = list(self._chat().messages.values())
        return [(message["from"] == BOT, _seen(message)) for message in messages]

    @property
    def texts(self) -> list[str]:
        """Only the words of it."""
        return [message.text for message in self.messages]

    def meets(self) -> "Patient":
        """The chat is there, as after a first message that somebody else has posted."""
        with self._state.lock:
            self._chat()
        return self

    def sends(self, text: str) -> Json:
        """Write. Out: the message."""
        return self._sends(text=text, **_entities(text))

    def sends_photo(self, content: bytes, caption: str | None = None, album: str | None = None) -> Json:
        """Send a photo, with its small preview beside it as Telegram does; `album`: an id that its photos share."""
        preview = {**self._state.add_file(content[:100]), "width": 90, "height": 60}
        full = {**self._state.add_file(content), "width": 1280, "height": 853}
        return self._sends(photo=[preview, full], **_given(caption=caption, media_group_id=album))

    def sends_document(
        self, content: bytes, name: str = "a.bin", mime: str = "application/octet-stream",
        caption: str | None = None, size: int | None = None,
    ) -> Json:  # fmt: skip
        """Send a file; `size` (bytes) makes Telegram say it is larger than what is here."""
        file = {**self._state.add_file(content, size), "file_name": name, "mime_type": mime}
        return self._sends(document=file, **_given(caption=caption))

    def sends_voice(self, content: bytes = b"OggS voice") -> Json:
        """Send a voice message."""
        return self._sends(voice={**self._state.add_file(content), "duration": 3, "mime_type": "audio/ogg"})

    def sends_sticker(self) -> Json:
        """Send a sticker."""
        kind = {"type": "regular", "is_animated": False, "is_video": False, "width": 512, "height": 512}
        return self._sends(sticker={**self._state.add_file(b"sticker"), **kind, "emoji": "👍"})

    def sends_location(self) -> Json:
        """Send where they are."""
        return self._sends(location={"latitude": 51.5, "longitude": -0.1})

    def sends_other(self, **content: Any) -> Json:
        """Send anything else, as Telegram words it: `sends_other(contact={...})`."""
        return self._sends(**content)

    @property
    def files(self) -> list[tuple[str, bytes]]:
        """The photos and files the bot has sent: which of the two, and their bytes; oldest first."""
        with self._state.lock:
            chat = self._state.chats.get(self.chat_id)
            sent = [message for message in chat.messages.values() if message["from"] == BOT] if chat else []
            found = [("photo", message["photo"][-1]) for message in sent if "photo" in message]
            found += [("document", message["document"]) for message in sent if "document" in message]
            return [(kind, self._state.files[file["file_id"]]) for kind, file in found]

    def edits(self, message: Json, text: str) -> None:
        """Change the words of an earlier message."""
        with self._state.lock:
            message = {**message, "text": text, "edit_date": int(time.time())}
            self._chat().messages[message["message_id"]] = message
        self._state.push(self.chat_id, edited_message=message)

    def presses(self, message: Seen, title: str) -> str:
        """Press a button that can be seen under a message. Out: the press's id, for `answer_to`."""
        now = next(seen for seen in self.messages if seen.message_id == message.message_id)
        assert title in now.buttons, f"no button {title!r} there, only {now.buttons}"
        return self.presses_data(message, now.data[now.buttons.index(title)])

    def presses_data(self, message: Seen, data: str) -> str:
        """Press a button that may be gone meanwhile: two fingers, a slow phone, an old message, a forgery."""
        callback_id = str(secrets.randbelow(10**18))
        with self._state.lock:
            self._state.presses[callback_id] = None
            carrier = self._chat().messages[message.message_id]
        query = {"id": callback_id, "from": self._user, "message": carrier, "chat_instance": "1", "data": data}
        self._state.push(self.chat_id, callback_query=query)
        return callback_id

    def answer_to(self, callback_id: str) -> Json | None:
        """The bot's answer to a press; None while the phone still waits for it."""
        return self._state.presses[callback_id]

    def blocks(self) -> None:
        """Block the bot."""
        self._membership("member", "kicked")

    def unblocks(self) -> None:
        """Let the bot in again."""
        self._membership("kicked", "member")

    def _membership(self, old: str, new: str) -> None:
        chat = self._chat()
        chat.blocked = new == "kicked"
        until = {"until_date": 0}
        change = {
            "chat": chat.object,
            "from": self._user,
            "date": int(time.time()),
            "old_chat_member": {"user": BOT, "status": old, **(until if old == "kicked" else {})},
            "new_chat_member": {"user": BOT, "status": new, **(until if new == "kicked" else {})},
        }
        self._state.push(self.chat_id, my_chat_member=change)

    def _sends(self, **content: Any) -> Json:
        message = self._state.add_message(self._chat(), self._user, **content)
        self._state.push(self.chat_id, message=message)
        return message

    def _chat(self) -> Chat:
        with self._state.lock:
            return self._state.chats.setdefault(self.chat_id, Chat(self._object))


class Group:
    """A group with the bot in it."""

    def __init__(self, state: State, chat_id: int, title: str) -> None:
        self._state = state
        self.chat_id = chat_id
        self._chat = Chat({"id": chat_id, "type": "supergroup", "title": title})
        state.chats[chat_id] = self._chat

    def sends(self, text: str, user_id: int = 77) -> Json:
        """Somebody writes in the group."""
        user = {"id": user_id, "is_bot": False, "first_name": "Bo"}
        message = self._state.add_message(self._chat, user, text=text, **_entities(text))
        self._state.push(self.chat_id, message=message)
        return message

    @property
    def messages(self) -> list[Seen]:
        """What the bot has said there, as it stands now."""
        with self._state.lock:
            return [_seen(message) for message in self._chat.messages.values() if message["from"] == BOT]

    @property
    def texts(self) -> list[str]:
        """Only the words of it."""
        return [message.text for message in self.messages]

    def migrates(self, new_id: int) -> None:
        """The group gets another id, as when it becomes a supergroup."""
        with self._state.lock:
            self._state.moved[self.chat_id] = new_id
            del self._state.chats[self.chat_id]
            self._chat.object = {**self._chat.object, "id": new_id}
            self._state.chats[new_id] = self._chat
            self.chat_id = new_id


def _seen(message: Json) -> Seen:
    buttons = [button for row in message.get("reply_markup", {}).get("inline_keyboard", ()) for button in row]
    return Seen(
        message["message_id"],
        message.get("text") or message.get("caption", ""),
        tuple(button["text"] for button in buttons),
        tuple(button.get("callback_data", "") for button in buttons),
        tuple(button["url"] for button in buttons if "url" in button),
        message.get("reply_to_message", {}).get("message_id"),
    )


def _entities(text: str) -> Json:
    if not text.startswith("/"):
        return {}
    return {"entities": [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}]}


def _given(**fields: Any) -> Json:
    return {name: value for name, value in fields.items() if value is not None}
