"""Fetches patients' files from Telegram into the uploads folder."""

import asyncio

from telegram import Bot
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError

from bot.channels.telegram.failures import seconds_asked
from bot.channels.telegram.limits import MAX_DOWNLOAD
from bot.channels.telegram.updates import FileRef
from bot.conversation.inbound import Upload
from bot.conversation.uploads import keep
from bot.store.files import SealedFiles

AT_ONCE = 4  # files held in memory at the same time, of 20 MB each at most
ATTEMPTS = 3
FIRST_WAIT = 0.5  # seconds until the second attempt, doubled for the third
DEADLINE = 25.0  # seconds for all attempts; Telegram waits for the webhook's answer not much longer


class FileError(Exception):
    """The file cannot be had. `too_big`: it is over what a bot may fetch."""

    def __init__(self, reason: str, *, too_big: bool = False) -> None:
        super().__init__(reason)
        self.too_big = too_big


class Files:
    """Fetches and keeps files. Their names here are random and their types sniffed."""

    def __init__(self, bot: Bot, kept: SealedFiles) -> None:
        self._bot = bot
        self._kept = kept
        self._room = asyncio.Semaphore(AT_ONCE)

    async def fetch(self, ref: FileRef) -> Upload:
        """Fetch one file. Raises FileError, or OSError when it cannot be written."""
        if ref.too_big:
            raise FileError("over the limit", too_big=True)
        async with self._room:
            try:
                async with asyncio.timeout(DEADLINE):
                    content = await self._download(ref)
            except TimeoutError:
                raise FileError("not in time") from None
            if len(content) > MAX_DOWNLOAD:
                raise FileError("over the limit", too_big=True)
            return await asyncio.to_thread(keep, self._kept, content)

    async def _download(self, ref: FileRef) -> bytearray:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                file = await self._bot.get_file(ref.file_id)
                if file.file_size and file.file_size > MAX_DOWNLOAD:
                    raise FileError("over the limit", too_big=True)
                return await file.download_as_bytearray(read_timeout=DEADLINE)
            except (BadRequest, Forbidden) as error:
                # The Bot API has no other sign than these words; getting them wrong only changes what we explain.
                raise FileError("refused", too_big="too big" in error.message.lower()) from error
            except RetryAfter as error:
                await asyncio.sleep(seconds_asked(error))
            except NetworkError as error:
                if attempt == ATTEMPTS:
                    raise FileError(type(error).__name__) from error
                await asyncio.sleep(FIRST_WAIT * 2 ** (attempt - 1))
            except TelegramError as error:
                raise FileError(type(error).__name__) from error
        raise FileError("asked to wait too often")

    def drop(self, upload: Upload) -> None:
        """Remove a file whose message was not kept."""
        self._kept.drop(upload.stored_name)
