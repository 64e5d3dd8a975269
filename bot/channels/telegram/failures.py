"""What an error of the Bot API means for an outgoing message: try again later, or never. By type, not by its words."""

from datetime import timedelta

from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter, TelegramError

from bot.conversation.deliver import PermanentFailure, TransientFailure


def failure_of(error: TelegramError) -> TransientFailure | PermanentFailure:
    """The outbox's failure for an error. A refused token is transient: staff can mend it while the message waits."""
    if isinstance(error, RetryAfter):
        return TransientFailure("Telegram asked to wait", retry_after=seconds_asked(error))
    if isinstance(error, Forbidden):
        return PermanentFailure("the patient has blocked the bot or left Telegram", blocked=True)
    if isinstance(error, BadRequest):
        return PermanentFailure(f"Telegram refused it: {error.message}")
    if isinstance(error, ChatMigrated):
        return PermanentFailure("the chat became another one")
    return TransientFailure(f"{type(error).__name__} from Telegram")


def seconds_asked(error: RetryAfter) -> float:
    """How long Telegram asked us to wait."""
    asked = error.retry_after
    return asked.total_seconds() if isinstance(asked, timedelta) else float(asked)
