"""action_hand_over: booking, opening hours, the address, or a person."""

from __future__ import annotations

from rasa_sdk.executor import CollectingDispatcher

from actions.handing_over import hand_over
from actions.house import House
from actions.turn import Events, Turn
from actions.turn_action import TurnAction


class ActionHandOver(TurnAction):
    """Answers what the clinic's file knows; everything else goes to a person, without conditions."""

    def name(self) -> str:
        """Name in domain.yml."""
        return "action_hand_over"

    def answer(self, dispatcher: CollectingDispatcher, turn: Turn, home: House) -> Events:
        """Hand over."""
        return hand_over(dispatcher, turn, home)
