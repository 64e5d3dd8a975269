"""action_hand_over: booking, opening hours, the address, or a person."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.handing_over import hand_over
from actions.house import house
from actions.turn import Events, Turn


class ActionHandOver(Action):  # type: ignore[misc]  # rasa_sdk is untyped
    """Answers what the clinic's file knows; everything else goes to a person, without conditions."""

    def name(self) -> str:
        """Name in domain.yml."""
        return "action_hand_over"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Hand over."""
        turn, home = Turn.read(tracker), house()
        return hand_over(dispatcher, turn, home)
