"""How the set-up with Telegram stands, asked of Telegram itself, in plain words with the mend."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol
from urllib.parse import urlsplit

from telegram import Bot, User, WebhookInfo
from telegram.error import Conflict, InvalidToken, TelegramError
from telegram.request import HTTPXRequest

from bot.console.times import Times
from bot.settings import Settings

State = Literal["good", "bad", "note"]
PATIENCE = 5.0  # seconds Telegram has to answer
MANY = 20  # updates that wait
_CONFLICT = Conflict.__name__


class ChannelHealth(Protocol):
    """What the channel knows of its connection (bot/channels/telegram/health.py)."""

    last_reached: datetime
    last_error: str
    recent_error: str
    recent_error_at: datetime | None


@dataclass(frozen=True)
class Check:
    """One thing looked at: what, how it stands, in words, and the mend where there is something to mend."""

    name: str
    state: State
    says: str
    mend: str = ""


@dataclass(frozen=True)
class _Asked:
    me: User
    webhook: WebhookInfo


async def telegram_checks(settings: Settings, health: ChannelHealth | None, times: Times) -> tuple[Check, ...]:
    """Look at the token, the bot, the way in, what waits and what went wrong. Neither token nor address is shown."""
    if not settings.telegram_token.get_secret_value():
        mend = "Make a bot with @BotFather, put AFTERCARE_TELEGRAM_TOKEN=... into .env and start again."
        return (Check("Token", "note", "No token is set, so there is no Telegram.", mend),)
    token = Check("Token", "good", "A token is set.")
    return (token, *await set_up_checks(settings, times), *_heard(health, times))


async def set_up_checks(settings: Settings, times: Times) -> tuple[Check, ...]:
    """What Telegram itself says of the bot, the way in and what waits. A token must be set."""
    try:
        asked = await _ask(settings)
    except TelegramError as error:
        return (_unreachable(error),)
    return tuple(_answers(asked, settings, times))


async def _ask(settings: Settings) -> _Asked:
    request = HTTPXRequest(connect_timeout=PATIENCE, read_timeout=PATIENCE, pool_timeout=PATIENCE)
    bot = Bot(
        settings.telegram_token.get_secret_value(),
        base_url=f"{settings.telegram_api_base}/bot",
        base_file_url=f"{settings.telegram_api_base}/file/bot",
        request=request,
    )
    try:
        return _Asked(await bot.get_me(), await bot.get_webhook_info())
    finally:
        await request.shutdown()


def _unreachable(error: TelegramError) -> Check:
    if isinstance(error, InvalidToken):
        mend = "Copy the token from @BotFather once more (/mybots, API Token) and start again."
        return Check("Bot", "bad", "Telegram refuses the token.", mend)
    mend = "Look at this machine's network and proxy; https to api.telegram.org must be open. Messages wait 24 hours."
    return Check("Bot", "bad", f"Telegram cannot be reached ({type(error).__name__}).", mend)


def _answers(asked: _Asked, settings: Settings, times: Times) -> Iterator[Check]:
    yield Check("Bot", "good", f"Telegram knows it as @{asked.me.username}.")
    yield _way_in(asked.webhook, settings)
    waiting = asked.webhook.pending_update_count
    mend = "They come in when the way in works; Telegram keeps them for 24 hours." if waiting > MANY else ""
    yield Check("Waiting", "bad" if waiting > MANY else "good", f"{waiting} updates wait at Telegram.", mend)
    if asked.webhook.last_error_date:
        when = times.moment(asked.webhook.last_error_date)
        said = asked.webhook.last_error_message or "no reason given"
        mend = "AFTERCARE_PUBLIC_URL must be https, public, and lead here with a certificate that is valid."
        yield Check("Last webhook error", "note", f"{when}: {said}", mend)
    if asked.me.can_read_all_group_messages:
        mend = "Send @BotFather /setprivacy, choose the bot, and Enable."
        yield Check("Groups", "bad", "Privacy mode is off: in groups the bot is sent everything.", mend)
    else:
        yield Check("Groups", "good", "Privacy mode is on: in groups the bot is sent only what is meant for it.")


def _way_in(webhook: WebhookInfo, settings: Settings) -> Check:
    host = urlsplit(webhook.url).hostname or ""
    if settings.telegram_mode == "polling":
        if not webhook.url:
            return Check("Way in", "good", "We ask Telegram for updates (polling); no public address is needed.")
        mend = "Stop the program there, or give it a bot of its own; then start again, which removes the webhook."
        return Check("Way in", "bad", f"Updates go to a webhook at {host}, so asking gives a conflict (409).", mend)
    if webhook.url.startswith(f"{settings.public_url}/"):
        return Check("Way in", "good", f"Telegram posts updates to {host} (webhook).")
    said = f"Updates go to {host}, not to us." if webhook.url else "No webhook is set at Telegram."
    return Check("Way in", "bad", said, "AFTERCARE_PUBLIC_URL must be https and public. Start again, which sets it.")


def _heard(health: ChannelHealth | None, times: Times) -> Iterator[Check]:
    if health is None:
        yield Check("Channel", "bad", "The channel does not run.", "Start again, and look at the log.")
        return
    if _CONFLICT in (health.last_error, health.recent_error):
        going_on = health.last_error == _CONFLICT
        when = f", last {times.moment(health.recent_error_at)}" if health.recent_error_at else ""
        said = f"Somebody else uses this token too (conflict, 409){when}."
        mend = "Stop the other program, or get a new token from @BotFather (/revoke) and put it into .env."
        yield Check("Conflict", "bad" if going_on else "note", said, mend)
    else:
        yield Check("Conflict", "good", "Nobody else uses this token, as far as we have seen (no 409).")
    reached = times.moment(health.last_reached)
    if health.last_error:
        mend = "Patients are not heard until this ends; Telegram keeps what they write for 24 hours."
        yield Check("Last error", "bad", f"{health.last_error}; Telegram was last reached {reached}.", mend)
    elif health.recent_error and health.recent_error_at:
        said = f"{health.recent_error}, {times.moment(health.recent_error_at)}; reached since, {reached}."
        yield Check("Last error", "note", said)
    else:
        yield Check("Last error", "good", f"None since the start; last reached {reached}.")
