"""action_plain_reply: greetings, thanks, goodbyes, and what the bot is."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.answering import remind
from actions.house import house
from actions.notes import take_notes
from actions.reply import Reply
from actions.turn import Events, Turn, remember


class ActionPlainReply(Action):  # type: ignore[misc]  # rasa_sdk is untyped
    """The response named after the intent, with the clinic's own names and numbers."""

    def name(self) -> str:
        """Name in domain.yml."""
        return "action_plain_reply"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Reply."""
        turn, home = Turn.read(tracker), house()
        turn = take_notes(turn, home, dispatcher).turn
        reply = Reply(home, turn.asking(home).values)
        reply.say(f"utter_{turn.intent}")
        if turn.intent != "bot_identity":
            remind(reply, turn)
        reply.send(dispatcher)
        return remember()
