"""action_privacy_request: what is stored, delete it, send it, stop messages. Never claims what is not done."""

from __future__ import annotations

from rasa_sdk.executor import CollectingDispatcher

from actions.house import House
from actions.privacy import answer_privacy
from actions.turn import Events, Turn
from actions.turn_action import TurnAction


class ActionPrivacyRequest(TurnAction):
    """Says what is stored, or passes the request to the staff."""

    def name(self) -> str:
        """Name in domain.yml."""
        return "action_privacy_request"

    def answer(self, dispatcher: CollectingDispatcher, turn: Turn, home: House) -> Events:
        """Answer or pass on."""
        return answer_privacy(dispatcher, turn, home)
