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


async def introduce(bot: Bot, say: Phrases, clinic: str) -> None:
    """Set menu and descriptions, in each language. Best effort: patients are answered without them.

    `clinic` is its name: where a description would be too long, the name in it is cut.
    """
    try:
        for language in ("", *say.languages):  # the first one is for every language we have not
            commands = [BotCommand(name, say.text(f"utter_telegram_menu_{name}", language=language)) for name in MENU]
            long = _fitting(say, phrases.DESCRIPTION, language, clinic, DESCRIPTION)
            short = _fitting(say, phrases.SHORT_DESCRIPTION, language, clinic, SHORT_DESCRIPTION)
            await bot.set_my_commands(commands, language_code=language or None)
            await bot.set_my_description(long, language_code=language or None)
            await bot.set_my_short_description(short, language_code=language or None)
    except RetryAfter:
        log.info("Telegram asks to wait with the bot's description; it stays as it was")
    except TelegramError as error:
        log.warning("the bot's description could not be set: %s", type(error).__name__)


def _fitting(say: Phrases, key: str, language: str, clinic: str, most: int) -> str:
    """A response in at most so many characters. Its end is never cut, for the number to call stands there."""
    text = say.text(key, language=language)
    if len(text) <= most:
        return text
    kept = max(len(clinic) - (len(text) - most) - 1, 0)
    return say.text(key, {"clinic": f"{clinic[:kept].rstrip()}…"}, language)


async def own_name(bot: Bot) -> str:
    """The bot's username, for links that lead to it; empty where Telegram does not say."""
    try:
        return (await bot.get_me()).username or ""
    except TelegramError as error:
        log.warning("the bot's own name could not be read: %s", type(error).__name__)
        return ""
