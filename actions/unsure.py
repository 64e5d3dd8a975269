"""action_unsure: the bot did not understand, and says so. Also the core fallback."""

from __future__ import annotations

from rasa_sdk.executor import CollectingDispatcher

from actions.answering import remind
from actions.buttons import topic_buttons
from actions.handing_over import ask_for_person
from actions.house import House
from actions.notes import take_notes
from actions.picking_up import pick_up
from actions.reply import Reply
from actions.turn import Events, Turn, remember
from actions.turn_action import TurnAction


class ActionUnsure(TurnAction):
    """Asks for other words with buttons; then offers a person; then fetches one."""

    def name(self) -> str:
        """Name in domain.yml."""
        return "action_unsure"

    def answer(self, dispatcher: CollectingDispatcher, turn: Turn, home: House) -> Events:
        """Ask back."""
        picked_up = pick_up(dispatcher, turn, home)
        if picked_up is not None:
            return picked_up
        if turn.unsure_count >= 2:
            return ask_for_person(dispatcher, turn, home, reason="unsure")
        turn = take_notes(turn, home, dispatcher).turn
        reply = Reply(home, turn.asking(home).values)
        if turn.unsure_count == 1:
            reply.say("utter_unsure_again")
        else:
            reply.say("utter_unsure").offer(topic_buttons(turn, home))
        remind(reply, turn)
        reply.send(dispatcher)
        return remember(asked="person" if turn.unsure_count == 1 else "topic", unsure_count=turn.unsure_count + 1)
