"""action_plain_reply: greetings, thanks, goodbyes, and what the bot is."""

from __future__ import annotations

from rasa_sdk.executor import CollectingDispatcher

from actions.answering import remind
from actions.handing_over import hand_over, wants_person
from actions.house import House
from actions.notes import take_notes
from actions.reply import Reply
from actions.turn import Events, Turn, remember
from actions.turn_action import TurnAction


class ActionPlainReply(TurnAction):
    """The response named after the intent, with the clinic's own names and numbers."""

    def name(self) -> str:
        """Name in domain.yml."""
        return "action_plain_reply"

    def answer(self, dispatcher: CollectingDispatcher, turn: Turn, home: House) -> Events:
        """Reply."""
        if wants_person(turn):
            return hand_over(dispatcher, turn, home)
        notes = take_notes(turn, home, dispatcher)
        turn = notes.turn
        reply = Reply(home, turn.asking(home).values)
        reply.say(f"utter_{turn.intent}").say_all(notes.counted)
        if turn.intent != "bot_identity":
            remind(reply, turn)
        reply.send(dispatcher)
        return remember()
