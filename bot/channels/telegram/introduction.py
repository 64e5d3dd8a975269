"""How the bot introduces itself in Telegram before anybody has written: its description and its menu of commands."""

import logging

from telegram import Bot, BotCommand
from telegram.error import RetryAfter, TelegramError

from bot.channels.telegram import phrases
from bot.channels.telegram.phrases import Phrases

log = logging.getLogger(__name__)

MENU = ("today", "help", "settings", "privacy", "stop", "delete", "start")
DESCRIPTION = 512  # characters Telegram takes
SHORT_DESCRIPTION = 120


async def introduce(bot: Bot, say: Phrases) -> None:
    """Set menu and descriptions, in each language. Best effort: patients are answered without them."""
    try:
        for language in ("", *say.languages):  # the first one is for every language we have not
            commands = [BotCommand(name, say.text(f"utter_telegram_menu_{name}", language=language)) for name in MENU]
            long = say.text(phrases.DESCRIPTION, language=language)[:DESCRIPTION]
            short = say.text(phrases.SHORT_DESCRIPTION, language=language)[:SHORT_DESCRIPTION]
            await bot.set_my_commands(commands, language_code=language or None)
            await bot.set_my_description(long, language_code=language or None)
            await bot.set_my_short_description(short, language_code=language or None)
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
