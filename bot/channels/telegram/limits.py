"""What the Bot API allows, by name, and the pace that keeps us within it."""

import asyncio
import time
from collections.abc import Callable

MAX_MESSAGE = 4096  # UTF-16 code units of one message
MAX_CALLBACK_DATA = 64  # bytes
MAX_CALLBACK_ANSWER = 200  # characters of the line shown on a pressed button
MAX_BUTTON_TITLE = 64  # characters; Telegram takes more but phones cut them
MAX_CAPTION = 1024  # UTF-16 code units below a photo or file
MAX_PHOTO = 10 * 1024 * 1024  # bytes a bot may send as a photo; larger ones go as files
MAX_UPLOAD = 50 * 1024 * 1024  # bytes a bot may send as a file
MAX_DOWNLOAD = 20 * 1024 * 1024  # bytes a bot may fetch through getFile
MAX_WEBHOOK_BODY = 1024 * 1024  # bytes; real updates are a few kilobytes
TYPING_LASTS = 4.0  # seconds until the typing sign wants renewing; Telegram clears it after 5
LONG_POLL = 30  # seconds getUpdates may wait for something to happen

PER_CHAT = 1.0  # seconds between messages to one chat
PER_GROUP = 3.0  # seconds between messages to one group: 20 a minute
OVERALL = 1 / 30  # seconds between messages to anybody

_MANY = 1000  # chats remembered before idle ones are forgotten


class Pace:
    """Gives each message its turn: one a second in a chat (a group: three), thirty a second in all.

    A chat that waits holds up no other.
    """

    def __init__(
        self,
        per_chat: float = PER_CHAT,
        overall: float = OVERALL,
        per_group: float = PER_GROUP,
        now: Callable[[], float] = time.monotonic,
    ):
        self._per_chat = per_chat
        self._overall = overall
        self._per_group = per_group
        self._now = now
        self._chats: dict[int, float] = {}
        self._anyone = 0.0

    async def turn(self, chat_id: int) -> None:
        """Return when the next message to this chat may go."""
        at = max(self._now(), self._chats.get(chat_id, 0.0))
        self._chats[chat_id] = at + (self._per_group if chat_id < 0 else self._per_chat)  # groups have negative ids
        await self._until(at)
        # The place in the common line is taken only now, so that a waiting chat does not leave it empty.
        at = max(self._now(), self._anyone)
        self._anyone = at + self._overall
        await self._until(at)
        if len(self._chats) > _MANY:
            self._chats = {chat: free for chat, free in self._chats.items() if free > self._now()}

    def hold(self, chat_id: int, seconds: float) -> None:
        """Send nothing to this chat for so long: Telegram asked for it."""
        self._chats[chat_id] = max(self._chats.get(chat_id, 0.0), self._now() + seconds)

    async def _until(self, at: float) -> None:
        wait = at - self._now()
        if wait > 0:
            await asyncio.sleep(wait)
