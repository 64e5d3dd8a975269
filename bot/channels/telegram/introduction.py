"""How the bot introduces itself in Telegram before anybody has written: its description and its menu of commands."""

import logging

from telegram import Bot, BotCommand
from telegram.error import RetryAfter, TelegramError

from bot.channels.telegram import phrases
from bot.channels.telegram.phrases import Phrases

log = logging.getLogger(__name__)

MENU = ("today", "help", "privacy", "stop", "delete", "start")
DESCRIPTION = 512  # characters Telegram takes
SHORT_DESCRIPTION = 120


async def introduce(bot: Bot, say: Phrases) -> None:
    """Set menu and descriptions. Best effort: patients are answered without them."""
    commands = [BotCommand(name, say.text(f"utter_telegram_menu_{name}")) for name in MENU]
    try:
        await bot.set_my_commands(commands)
        await bot.set_my_description(say.text(phrases.DESCRIPTION)[:DESCRIPTION])
        await bot.set_my_short_description(say.text(phrases.SHORT_DESCRIPTION)[:SHORT_DESCRIPTION])
    except RetryAfter:
        log.info("Telegram asks to wait with the bot's description; it stays as it was")
    except TelegramError as error:
        log.warning("the bot's description could not be set: %s", type(error).__name__)


async def own_name(bot: Bot) -> str:
    """The bot's username, for links that lead to it; empty where Telegram does not say."""
    try:
        return (await bot.get_me()).username or ""
    except TelegramError as error:
        log.warning("the bot's own name could not be read: %s", type(error).__name__)
        return ""
