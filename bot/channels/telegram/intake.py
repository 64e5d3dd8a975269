"""What becomes of an update: it is stored, and only then may it be acknowledged."""

import asyncio
import logging
from dataclasses import replace

from telegram import Update

from bot.channels.telegram import phrases
from bot.channels.telegram.commands import Commands
from bot.channels.telegram.composing import Composing
from bot.channels.telegram.files import FileError, Files
from bot.channels.telegram.groups import Groups
from bot.channels.telegram.kept import CHANNEL, Keeper
from bot.channels.telegram.order import InOrder
from bot.channels.telegram.phrases import Phrases
from bot.channels.telegram.presses import Presses
from bot.channels.telegram.updates import (
    Blocking,
    Elsewhere,
    Incoming,
    Pressed,
    PressedElsewhere,
    chat_of,
    read,
)
from bot.conversation.inbound import Inbound, Upload
from bot.conversation.sniffing import is_picture
from bot.services import Services
from bot.store.away import AWAY
from bot.store.tables import Kind

log = logging.getLogger(__name__)

# Faults of the house rather than of the update: it waits until they have passed, however long.
PASSING = (*AWAY, OSError)
PATIENCE = 5  # how often an update may fail for any other reason before the others go on without it


class AlbumBegunError(Exception):
    """Two processes began the same album."""


class Intake:
    """Takes updates in, for polling and webhook alike."""

    def __init__(
        self, services: Services, say: Phrases, files: Files, presses: Presses, groups: Groups, composing: Composing
    ) -> None:
        self._services = services
        self._say = say
        self._files = files
        self._presses = presses
        self._groups = groups
        self._composing = composing
        self._keeper = Keeper(services)
        self._commands = Commands(services, say)
        self._takes_files = services.clinic.channels.telegram == "full"
        self._order = InOrder()
        self._failed: dict[int, int] = {}

    async def take(self, update: Update, retry_after: float | None = None) -> None:
        """See to one update; when this returns it is safe to acknowledge. Updates of one chat are seen to in order.

        Raises what made it fail. With `retry_after` (seconds) it does not: it tries again until it has succeeded, and
        the chat's later updates wait.
        """
        async with self._order.turn(chat_of(update)):
            while True:
                try:
                    await self._take(update)
                except Exception as error:
                    if self._given_up(update.update_id, error):
                        return
                    if retry_after is None:
                        raise
                    await asyncio.sleep(retry_after)
                    retry_after = min(retry_after * 2, 30.0)
                else:
                    self._failed.pop(update.update_id, None)
                    return

    def _given_up(self, update_id: int, error: Exception) -> bool:
        # The exception's own words may quote the patient, and so may its traceback's: its type and place must do.
        where = error.__traceback__
        while where is not None and where.tb_next is not None:
            where = where.tb_next
        place = f"{where.tb_frame.f_code.co_filename}:{where.tb_lineno}" if where else "nowhere"
        log.error("update %s was not stored: %s at %s", update_id, type(error).__name__, place)
        if isinstance(error, PASSING):
            return False
        self._failed[update_id] = self._failed.get(update_id, 0) + 1
        if self._failed[update_id] < PATIENCE:
            return False
        del self._failed[update_id]
        log.critical("update %s is given up after %s attempts: a patient's message is lost", update_id, PATIENCE)
        return True

    async def _take(self, update: Update) -> None:
        match read(update):
            case Incoming() as incoming:
                await self._incoming(incoming)
            case Pressed() as pressed:
                conversation_id = await self._presses.take(pressed)
                if conversation_id:
                    self._composing.follow(conversation_id, pressed.chat_id)
            case PressedElsewhere(callback_id):
                await self._presses.answer(callback_id)
            case Elsewhere(chat_id, asks_id):
                await self._groups.answer(chat_id, asks_id=asks_id)
            case Blocking(chat_id, blocked):
                await asyncio.to_thread(self._keeper.set_blocked, str(chat_id), blocked=blocked)

    async def _incoming(self, incoming: Incoming) -> None:
        inbound = Inbound(
            CHANNEL, str(incoming.chat_id), incoming.external_id, incoming.sent_at, incoming.text, incoming.kind
        )
        if incoming.command:
            inbound = replace(inbound, text=f"/{incoming.command}")  # without the token a link may have brought
            await asyncio.to_thread(self._keeper.keep, inbound, self._commands.then(incoming))
            return
        if incoming.file is None:
            await self._receive(inbound, incoming.chat_id)
            return
        if await asyncio.to_thread(self._keeper.known, incoming.external_id):
            return  # delivered again: nothing to fetch
        if not self._takes_files:
            await self._without_file(inbound, incoming, phrases.LIMITED)
            return
        try:
            upload = await self._files.fetch(incoming.file)
        except FileError as failure:
            log.warning("the file of message %s could not be had: %s", incoming.external_id.split(":")[-1], failure)
            key = phrases.FILE_TOO_BIG if failure.too_big else phrases.FILE_FAILED
            await self._without_file(inbound, incoming, key)
            return
        try:
            await self._with_file(replace(inbound, uploads=(upload,), kind=_kind(incoming.kind, upload)), incoming)
        except Exception:
            self._files.drop(upload)
            raise

    async def _receive(self, inbound: Inbound, chat_id: int) -> bool:
        """Store a message to be answered. Out: whether it was here before."""
        received = await asyncio.to_thread(self._services.reception.receive, inbound)
        self._composing.follow(received.conversation_id, chat_id)
        return received.duplicate

    async def _without_file(self, inbound: Inbound, incoming: Incoming, key: str) -> None:
        """Say honestly that the file is not here; a caption is answered as words."""
        line = self._say.line(key, incoming.language)
        if inbound.text.strip():
            await asyncio.to_thread(self._keeper.tell, inbound, line)
            await self._receive(replace(inbound, kind=Kind.TEXT), incoming.chat_id)
        else:
            await asyncio.to_thread(self._keeper.keep, inbound, lambda *_: [line])

    async def _with_file(self, inbound: Inbound, incoming: Incoming) -> None:
        """Store a file. Photos of one album are one message; of those after its first, what has words is answered."""
        if incoming.album is None or (inbound.text.strip() and await self._has_begun(incoming)):
            await self._receive(inbound, incoming.chat_id)
            return
        key = _album_key(incoming)
        of_album = replace(
            inbound,
            external_id=key,
            uploads=tuple(replace(upload, external_id=incoming.external_id) for upload in inbound.uploads),
        )
        if await asyncio.to_thread(self._keeper.add_to, key, of_album.uploads):
            return
        if await self._receive(of_album, incoming.chat_id):
            # Another process has begun the album between our two looks, and this photo is not kept: it comes again.
            raise AlbumBegunError

    async def _has_begun(self, incoming: Incoming) -> bool:
        return await asyncio.to_thread(self._keeper.known, _album_key(incoming))


def _album_key(incoming: Incoming) -> str:
    return f"{incoming.chat_id}:album:{incoming.album}"


def _kind(kind: Kind, upload: Upload) -> Kind:
    """What a file is by its bytes: a picture sent as a file is a photo, and a "photo" that is no picture is not."""
    if kind is Kind.VOICE:
        return kind
    return Kind.PHOTO if is_picture(upload.content_type) else Kind.DOCUMENT
