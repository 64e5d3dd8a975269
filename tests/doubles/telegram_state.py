"""What the double's server remembers: chats, messages, files, buttons pressed, and updates not confirmed yet."""

import copy
import secrets
import threading
import time
from dataclasses import dataclass, field
from typing import Any

BOT = {"id": 4242, "is_bot": True, "first_name": "Fern", "username": "fern_test_bot"}
KEPT_QUIET = frozenset({"chat_member", "message_reaction", "message_reaction_count"})  # unless asked for by name

Json = dict[str, Any]


@dataclass
class Chat:
    """A chat: its object as Telegram gives it, and what stands in it by message id."""

    object: Json
    messages: dict[int, Json] = field(default_factory=dict)
    blocked: bool = False


@dataclass
class Fault:
    """An answer to give instead of doing what was asked."""

    method: str
    times: int
    status: int
    chat_id: int | None = None
    retry_after: int | None = None
    pause: float = 0.0  # seconds until the answer


@dataclass(frozen=True)
class Call:
    """A call the bot made."""

    method: str
    params: Json
    at: float


@dataclass
class Webhook:
    """Where updates are posted. An empty address: nowhere."""

    url: str = ""
    secret: str = ""
    last_error: str = ""
    last_error_date: int = 0


class State:
    """Everything, behind one lock."""

    def __init__(self, token: str) -> None:
        self.lock = threading.RLock()
        self.token = token
        self.closing = False
        self.reset()

    def reset(self) -> None:
        """Forget everything but the token."""
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, bytes] = {}
        self.sizes: dict[str, int] = {}  # said by Telegram; of files too large to make, larger than their bytes
        self.pending: list[tuple[int, Json]] = []  # (chat id, update)
        self.confirmed: list[tuple[int, Json]] = []
        self.allowed: frozenset[str] | None = None
        self.webhook = Webhook()
        self.faults: list[Fault] = []
        self.calls: list[Call] = []
        self.moved: dict[int, int] = {}  # groups that got another id
        self.presses: dict[str, Json | None] = {}  # callback id -> the bot's answer
        self.commands: dict[str, list[Json]] = {}  # by language code; "": for every other one
        self.descriptions: dict[str, str] = {}
        self.short_descriptions: dict[str, str] = {}
        self.pollers = 0
        self._next_update = 1000
        self._next_message = 0

    def message_id(self) -> int:
        """The next message's id."""
        with self.lock:
            self._next_message += 1
            return self._next_message

    def add_message(self, chat: Chat, sender: Json, **content: Any) -> Json:
        """Put a message into a chat."""
        with self.lock:
            message = {
                "message_id": self.message_id(),
                "date": int(time.time()),
                "chat": chat.object,
                "from": sender,
                **content,
            }
            chat.messages[message["message_id"]] = message
            return message

    def add_file(self, content: bytes, size: int | None = None) -> Json:
        """Keep a file. Out: the fields every file object has."""
        with self.lock:
            file_id = secrets.token_urlsafe(16)
            self.files[file_id] = content
            self.sizes[file_id] = len(content) if size is None else size
            return {"file_id": file_id, "file_unique_id": file_id[:8], "file_size": self.sizes[file_id]}

    def push(self, chat_id: int, **kind: Any) -> int:
        """Add an update, unless the bot asked not to get its kind. Out: its id."""
        with self.lock:
            self._next_update += 1
            name = next(iter(kind))
            wanted = name in self.allowed if self.allowed else name not in KEPT_QUIET
            if wanted:
                # A copy: what an update says does not change when the message it shows is edited later.
                self.pending.append((chat_id, {"update_id": self._next_update, **copy.deepcopy(kind)}))
            return self._next_update

    def confirm(self, update_ids: set[int]) -> None:
        """The bot has these."""
        with self.lock:
            gone = [entry for entry in self.pending if entry[1]["update_id"] in update_ids]
            self.pending = [entry for entry in self.pending if entry not in gone]
            self.confirmed.extend(gone)

    def redeliver(self, update_ids: set[int]) -> None:
        """Deliver confirmed updates again; all for none given."""
        with self.lock:
            again = [entry for entry in self.confirmed if not update_ids or entry[1]["update_id"] in update_ids]
            self.confirmed = [entry for entry in self.confirmed if entry not in again]
            self.pending = sorted([*again, *self.pending], key=lambda entry: entry[1]["update_id"])

    def fault_for(self, method: str, chat_id: int | None) -> Fault | None:
        """The fault to answer this call with, used up by one."""
        with self.lock:
            for fault in self.faults:
                if fault.method in (method, "*") and fault.times > 0 and fault.chat_id in (None, chat_id):
                    fault.times -= 1
                    return fault
            return None
