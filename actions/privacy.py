"""Privacy requests. The bot deletes nothing itself, and says so."""

from __future__ import annotations

import re

from rasa_sdk.executor import CollectingDispatcher

from actions.effects import send_effect
from actions.house import House
from actions.reminding import set_reminders
from actions.reply import Reply
from actions.turn import Events, Turn, remember
from bot.care.effects import CaseEffect

_DELETE = re.compile(
    r"delet|eras|remov|wipe|forget (?:me|everything|all)|get rid|do it|all of it|withdraw|revoke"
    r"|(?:take|took) back (?:my|the) (?:consent|permission)"
    r"|opt out of|^\W*(?:and )?(?:is|has|was|have you)\b.{0,12}\b(?:done|gone)\b",
    re.IGNORECASE,
)
_EXPORT = re.compile(r"export|download|copy|send me|transcript|access", re.IGNORECASE)
_STOP = re.compile(
    r"stop (?:messag|text|send|remind|contact)|unsubscrib|no more (?:messages"
    r"|reminders)|opt out",
    re.IGNORECASE,
)


def answer_privacy(dispatcher: CollectingDispatcher, turn: Turn, home: House) -> Events:
    """Say what is stored, or stop reminders, or pass a request to delete or copy to the staff."""
    if _STOP.search(turn.text):
        return set_reminders(dispatcher, turn, home, wanted=False)
    if _DELETE.search(turn.text):
        again = turn.last[:1] == ("privacy_request",)
        return pass_on_request(dispatcher, turn, home, f"utter_privacy_delete{'_again' if again else ''}")
    if _EXPORT.search(turn.text):
        return pass_on_request(dispatcher, turn, home, "utter_privacy_export")
    Reply(home, turn.asking(home).values).say("utter_privacy_stored").send(dispatcher)
    return remember(["privacy_request"], asked="privacy" if turn.asked == "privacy" else None)


def asks_to_delete(turn: Turn) -> bool:
    """Whether the message asks to delete."""
    return _DELETE.search(turn.text) is not None


def pass_on_request(dispatcher: CollectingDispatcher, turn: Turn, home: House, key: str) -> Events:
    """Open a routine case for the staff and say truthfully that nothing has been done yet."""
    send_effect(dispatcher, CaseEffect("routine", "privacy_request"))
    Reply(home, turn.asking(home).values).say(key).send(dispatcher)
    return remember(["privacy_request"], asked="privacy")
