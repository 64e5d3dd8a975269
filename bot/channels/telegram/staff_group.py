"""The staff's own Telegram group: pages with a button into the console, changed once somebody has the case."""

import logging

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter, TelegramError

from bot.alerts.pagers import PageError
from bot.alerts.words import Words
from bot.channels.telegram.failures import seconds_asked
from bot.channels.telegram.limits import Pace

log = logging.getLogger(__name__)

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_OPEN = "Open in the console"


class StaffGroup:
    """A `GroupPager`. Receipts are `<chat id>:<message id>`, for a group may get another id."""

    def __init__(self, bot: Bot, chat_id: int, pace: Pace) -> None:
        self._bot = bot
        self._chat_id = chat_id
        self._pace = pace

    async def post(self, words: Words) -> str:
        """Post a page. Out: its receipt. Raises PageError."""
        try:
            return await self._post(words)
        except ChatMigrated as moved:
            log.warning(
                "the staff's group has a new id: set AFTERCARE_TELEGRAM_STAFF_GROUP=%s before the next start",
                moved.new_chat_id,
            )
            self._chat_id = moved.new_chat_id
        except TelegramError as error:
            raise self._failure(error) from error
        try:
            return await self._post(words)
        except TelegramError as error:
            raise self._failure(error) from error

    async def change(self, receipt: str, text: str) -> None:
        """Put another text in place of a page; its button goes. Raises PageError."""
        chat_id, message_id = map(int, receipt.split(":"))
        try:
            await self._pace.turn(chat_id)
            await self._bot.edit_message_text(text, chat_id, message_id, link_preview_options=_NO_PREVIEW)
        except ChatMigrated as moved:
            raise PageError("the group has a new id, and the page stands under the old one", for_good=True) from moved
        except TelegramError as error:
            raise self._failure(error) from error

    async def _post(self, words: Words) -> str:
        await self._pace.turn(self._chat_id)
        try:
            sent = await self._bot.send_message(
                self._chat_id, words.text, reply_markup=_button(words.link), link_preview_options=_NO_PREVIEW
            )
        except BadRequest:
            # Telegram refuses buttons to addresses that are not public, such as localhost: the link goes as text.
            sent = await self._bot.send_message(self._chat_id, words.body, link_preview_options=_NO_PREVIEW)
        return f"{self._chat_id}:{sent.message_id}"

    def _failure(self, error: TelegramError) -> PageError:
        if isinstance(error, RetryAfter):
            self._pace.hold(self._chat_id, seconds_asked(error))
        for_good = isinstance(error, (BadRequest, Forbidden))
        return PageError(f"{type(error).__name__} from Telegram", for_good=for_good)


def _button(link: str) -> InlineKeyboardMarkup | None:
    return InlineKeyboardMarkup([[InlineKeyboardButton(_OPEN, url=link)]]) if link else None
