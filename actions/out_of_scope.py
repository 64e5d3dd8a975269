"""action_out_of_scope: none of our business, said honestly."""

from __future__ import annotations

from rasa_sdk.executor import CollectingDispatcher

from actions.answering import remind
from actions.house import House
from actions.notes import take_notes
from actions.picking_up import pick_up
from actions.reply import Reply
from actions.turn import Events, Turn, remember
from actions.turn_action import TurnAction


class ActionOutOfScope(TurnAction):
    """Refuses and names who can help; first looks whether it continues what was talked about."""

    def name(self) -> str:
        """Name in domain.yml."""
        return "action_out_of_scope"

    def answer(self, dispatcher: CollectingDispatcher, turn: Turn, home: House) -> Events:
        """Refuse."""
        picked_up = pick_up(dispatcher, turn, home)
        if picked_up is not None:
            return picked_up
        turn = take_notes(turn, home, dispatcher).turn
        reply = Reply(home, turn.asking(home).values)
        reply.say("utter_out_of_scope")
        remind(reply, turn)
        reply.send(dispatcher)
        return remember()
