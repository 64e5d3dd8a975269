"""action_correction: "no, I meant the shampoo"."""

from __future__ import annotations

from rasa_sdk.executor import CollectingDispatcher

from actions.answering import answer_subjects
from actions.buttons import topic_buttons
from actions.house import House
from actions.notes import take_notes
from actions.remembering import note_session
from actions.reply import Reply
from actions.turn import Events, Turn, remember
from actions.turn_action import TurnAction
from bot.care.answers import TOPICS
from bot.care.context import corrected
from bot.care.session_time import parse_session_time


class ActionCorrection(TurnAction):
    """Takes the correction without fuss and answers what was meant; asks only where that is unclear."""

    def name(self) -> str:
        """Name in domain.yml."""
        return "action_correction"

    def answer(self, dispatcher: CollectingDispatcher, turn: Turn, home: House) -> Events:
        """Correct."""
        meant = corrected(turn.text, list(turn.pair))
        if meant:
            return answer_subjects(dispatcher, turn, home, meant[:1], lead=("utter_correction_lead",))
        if parse_session_time(turn.text, turn.now, home.clinic.tz, home.clinic.date_order, asked=True) is not None:
            return note_session(dispatcher, turn, home)
        others = [
            topic for topic in turn.topics if topic in TOPICS and topic not in {s.partition("/")[0] for s in turn.last}
        ]
        if others:
            return answer_subjects(dispatcher, turn, home, others[:1], lead=("utter_correction_lead",))
        turn = take_notes(turn, home, dispatcher).turn
        reply = Reply(home, turn.asking(home).values)
        reply.say("utter_correction").offer(topic_buttons(turn, home)).send(dispatcher)
        return remember(asked="topic")
