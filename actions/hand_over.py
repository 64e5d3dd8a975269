"""action_hand_over: booking, opening hours, the address, or a person."""

from __future__ import annotations

from rasa_sdk.executor import CollectingDispatcher

from actions.answering import answer_subjects
from actions.handing_over import hand_over, names_no_wish, wants_person
from actions.house import House
from actions.picking_up import pick_up
from actions.turn import Events, Turn
from actions.turn_action import TurnAction
from bot.care.personal import parse_personal
from bot.care.topic_words import subjects


class ActionHandOver(TurnAction):
    """Answers what the clinic's file knows; everything else goes to a person, without conditions."""

    def name(self) -> str:
        """Name in domain.yml."""
        return "action_hand_over"

    def answer(self, dispatcher: CollectingDispatcher, turn: Turn, home: House) -> Events:
        """Hand over."""
        if "?" not in turn.text and not wants_person(turn) and parse_personal(turn.text, None) is not None:
            return answer_subjects(dispatcher, turn, home, subjects(turn.text)[:1] or ["minoxidil_timing"])
        picked_up = pick_up(dispatcher, turn, home) if names_no_wish(turn) else None
        return picked_up if picked_up is not None else hand_over(dispatcher, turn, home)
