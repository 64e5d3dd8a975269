"""The answers to "how is your scalp?" that are no sign. "Getting worse" is one, and escalates like any other."""

from __future__ import annotations

from rasa_sdk.executor import CollectingDispatcher

from actions.answering import stay_firm
from actions.checking import ask_check
from actions.house import House
from actions.reply import Reply
from actions.turn import Events, Turn, remember


def answer_check_in(dispatcher: CollectingDispatcher, turn: Turn, home: House) -> Events | None:
    """Take a pressed answer to a check-in; None where the message is none."""
    feeling = turn.entities.get("feeling") if turn.pressed else None
    if feeling not in ("calm", "worried"):
        return None
    if turn.must_be_seen:
        return stay_firm(dispatcher, turn, home)
    if feeling == "worried":
        return ask_check(dispatcher, turn, home)
    Reply(home, turn.asking(home).values).say("utter_check_in_calm", "utter_check_watch").send(dispatcher)
    return remember()
