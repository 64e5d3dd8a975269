"""Shows "typing..." in Telegram while the bot thinks or a clinician writes. Best effort: it never holds anything up."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable

from telegram import Bot
from telegram.constants import ChatAction
from telegram.error import TelegramError

from bot.channels.telegram.limits import TYPING_LASTS
from bot.conversation.typing import Typing

RENEWALS = 8  # half a minute: nobody is told for longer that an answer is coming
FOLLOWED = 1000  # conversations watched at once; the one silent longest is let go


class Composing:
    """Follows conversations and shows in their chats that somebody writes."""

    def __init__(self, bot: Bot, typing: Typing) -> None:
        self._bot = bot
        self._typing = typing
        self._followed: OrderedDict[str, Callable[[], None]] = OrderedDict()
        self._showing: dict[str, asyncio.Task[None]] = {}

    def follow(self, conversation_id: str, chat_id: int) -> None:
        """Show what happens in a conversation in this chat."""
        if conversation_id in self._followed:
            self._followed.move_to_end(conversation_id)
            return

        def watcher(_conversation_id: str, _author: str, on: bool) -> None:
            self._show(chat_id, conversation_id) if on else self._hide(conversation_id)

        self._followed[conversation_id] = self._typing.watch(conversation_id, watcher)
        if len(self._followed) > FOLLOWED:
            oldest, stop = self._followed.popitem(last=False)
            stop()
            self._hide(oldest)

    def close(self) -> None:
        """Stop following."""
        for stop in self._followed.values():
            stop()
        self._followed.clear()
        for conversation_id in tuple(self._showing):
            self._hide(conversation_id)

    def _show(self, chat_id: int, conversation_id: str) -> None:
        if conversation_id not in self._showing:
            task = asyncio.create_task(self._renew(chat_id))
            self._showing[conversation_id] = task
            task.add_done_callback(lambda done: self._forget(conversation_id, done))

    def _hide(self, conversation_id: str) -> None:
        task = self._showing.pop(conversation_id, None)
        if task is not None:
            task.cancel()

    def _forget(self, conversation_id: str, task: asyncio.Task[None]) -> None:
        if self._showing.get(conversation_id) is task:
            del self._showing[conversation_id]

    async def _renew(self, chat_id: int) -> None:
        for _ in range(RENEWALS):
            try:
                await self._bot.send_chat_action(chat_id, ChatAction.TYPING)
            except TelegramError:
                return
            await asyncio.sleep(TYPING_LASTS)
