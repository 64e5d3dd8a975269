"""Opens the Telegram channel: the bot's connection, the way in (polling or webhook) and the way out."""

import asyncio
import hashlib
import hmac
import logging
import random
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from fastapi import FastAPI
from telegram import Bot
from telegram.error import BadRequest, InvalidToken, RetryAfter, TelegramError
from telegram.request import HTTPXRequest

from bot.channels.telegram.composing import Composing
from bot.channels.telegram.failures import seconds_asked
from bot.channels.telegram.files import Files
from bot.channels.telegram.groups import Groups
from bot.channels.telegram.health import Health, OwnWebhook, watch
from bot.channels.telegram.intake import Intake
from bot.channels.telegram.introduction import introduce, own_name
from bot.channels.telegram.limits import Pace
from bot.channels.telegram.phrases import Phrases
from bot.channels.telegram.polling import Polling
from bot.channels.telegram.presses import Presses
from bot.channels.telegram.quiet import keep_quiet
from bot.channels.telegram.sender import TelegramSender
from bot.channels.telegram.staff_group import StaffGroup
from bot.channels.telegram.updates import ALLOWED_UPDATES
from bot.channels.telegram.webhook import PATH, webhook
from bot.conversation.deliver import Sender
from bot.conversation.lease import OneAtATime
from bot.services import Services
from bot.settings import Settings

log = logging.getLogger(__name__)

CONNECTIONS = 32  # to Telegram at once
LONGEST_WAIT = 60.0  # seconds between attempts to connect


@dataclass(frozen=True)
class Telegram:
    """The open channel: the way out to patients, the staff's group where there is one, and how it fares."""

    sender: Sender
    staff_group: StaffGroup | None
    health: Health


@asynccontextmanager
async def open_telegram(services: Services, app: FastAPI) -> AsyncIterator[Telegram]:
    """Receive and send while the block lasts. Telegram being away or refusing the token ends nothing else.

    Raises WordingError when domain.yml lacks what the channel says. `app.state.telegram` is the channel's Health.
    """
    settings = services.settings
    keep_quiet()
    say = Phrases(services)
    sending, polling = HTTPXRequest(connection_pool_size=CONNECTIONS, pool_timeout=10), HTTPXRequest(2)
    bot = _bot(settings, sending, polling)
    pace = Pace()
    health = Health(services.clock, settings.telegram_mode, services.clock.now())
    composing = Composing(bot, services.typing)
    presses, groups = Presses(services, bot, say), Groups(services, bot, say, pace)
    intake = Intake(services, say, Files(bot, services.files), presses, groups, composing)
    app.state.telegram = health
    if settings.telegram_mode == "webhook":
        app.add_api_route(
            PATH, webhook(bot, intake, webhook_secret(settings)), methods=["POST"], include_in_schema=False
        )
    group = settings.telegram_staff_group
    staff_group = StaffGroup(bot, group, pace) if group is not None else None
    own = _own_webhook(bot, settings) if settings.telegram_mode == "webhook" else None
    tasks = [
        asyncio.create_task(_receive(bot, services, say, intake, health, own), name="telegram"),
        asyncio.create_task(watch(bot, health, own), name="telegram health"),
    ]
    try:
        yield Telegram(TelegramSender(bot, services.store, services.files, pace, services.memory), staff_group, health)
    finally:
        composing.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.gather(sending.shutdown(), polling.shutdown())


def webhook_secret(settings: Settings) -> str:
    """What Telegram must send with each call: the setting, else one worked out from the signing secret."""
    given = settings.telegram_webhook_secret.get_secret_value()
    return given or hmac.new(settings.secret().encode(), b"telegram webhook", hashlib.sha256).hexdigest()


def _bot(settings: Settings, sending: HTTPXRequest, polling: HTTPXRequest) -> Bot:
    return Bot(
        settings.telegram_token.get_secret_value(),
        base_url=f"{settings.telegram_api_base}/bot",
        base_file_url=f"{settings.telegram_api_base}/file/bot",
        request=sending,
        get_updates_request=polling,
    )


@asynccontextmanager
async def open_bot(settings: Settings) -> AsyncIterator[Bot]:
    """The bot alone, for commands that send something and end."""
    sending, polling = HTTPXRequest(connection_pool_size=1), HTTPXRequest(1)
    try:
        yield _bot(settings, sending, polling)
    finally:
        await asyncio.gather(sending.shutdown(), polling.shutdown())


def _own_webhook(bot: Bot, settings: Settings) -> OwnWebhook:
    url = f"{settings.public_url}{PATH}"
    return OwnWebhook(
        url,
        lambda: bot.set_webhook(
            url,
            allowed_updates=ALLOWED_UPDATES,
            drop_pending_updates=False,
            secret_token=webhook_secret(settings),
        ),
    )


async def _receive(
    bot: Bot, services: Services, say: Phrases, intake: Intake, health: Health, own: OwnWebhook | None
) -> None:
    """Set up and receive, until cancelled. Nothing that Telegram held for us meanwhile is dropped."""
    if own is not None:
        await _until_done(own.set_up, health)
    else:
        with health.asking():  # and not longer: the turn may be another bot's
            await _until_done(lambda: bot.delete_webhook(drop_pending_updates=False), health)
    await introduce(bot, say, services.clinic.name)
    health.username = await own_name(bot)
    if own is None:
        # Telegram answers one that polls at a time. Host and port make the bot known to itself after a restart.
        holder = f"{socket.gethostname()}:{services.settings.port}"
        turn = OneAtATime(services.store, services.clock, "telegram polling", holder)
        await turn.run(lambda: _poll(bot, intake, health))


async def _poll(bot: Bot, intake: Intake, health: Health) -> None:
    with health.asking():
        await Polling(bot, intake, health).run()


async def _until_done(step: Callable[[], Awaitable[object]], health: Health) -> None:
    """Repeat a step until Telegram has taken it."""
    wait = 0.5
    while True:
        try:
            await step()
        except TelegramError as error:
            health.failed(type(error).__name__)
            _complain(error)
            asked = seconds_asked(error) if isinstance(error, RetryAfter) else None
            await asyncio.sleep(asked if asked is not None else wait * random.uniform(0.5, 1.0))  # noqa: S311
            wait = min(wait * 2, LONGEST_WAIT)
        else:
            health.reached()
            return


def _complain(error: TelegramError) -> None:
    if isinstance(error, InvalidToken):
        log.error("Telegram refuses AFTERCARE_TELEGRAM_TOKEN: set the one @BotFather gave")
    elif isinstance(error, BadRequest):
        # Nearly always the address: Telegram posts to public https addresses only.
        log.error("Telegram refuses the webhook; AFTERCARE_PUBLIC_URL must be https and public: %s", error.message)
    else:
        log.warning("Telegram cannot be reached: %s; trying again", type(error).__name__)
