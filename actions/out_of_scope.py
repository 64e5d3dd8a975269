"""action_out_of_scope: none of our business, said honestly."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.answering import remind
from actions.house import house
from actions.languages import answer_in_language
from actions.notes import take_notes
from actions.picking_up import pick_up
from actions.reply import Reply
from actions.turn import Events, Turn, remember
from bot.care.language import language_of


class ActionOutOfScope(Action):  # type: ignore[misc]  # rasa_sdk is untyped
    """Refuses and names who can help; first looks whether it continues what was talked about."""

    def name(self) -> str:
        """Name in domain.yml."""
        return "action_out_of_scope"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Refuse."""
        turn, home = Turn.read(tracker), house()
        picked_up = pick_up(dispatcher, turn, home)
        if picked_up is not None:
            return picked_up
        if language := language_of(turn.text):
            return answer_in_language(dispatcher, turn, home, language)
        turn = take_notes(turn, home, dispatcher).turn
        reply = Reply(home, turn.asking(home).values)
        reply.say("utter_out_of_scope")
        remind(reply, turn)
        reply.send(dispatcher)
        return remember()
