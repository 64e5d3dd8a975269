"""action_privacy_request: what is stored, delete it, send it, stop messages. Never claims what is not done."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.house import house
from actions.privacy import answer_privacy
from actions.turn import Events, Turn


class ActionPrivacyRequest(Action):  # type: ignore[misc]  # rasa_sdk is untyped
    """Says what is stored, or passes the request to the staff."""

    def name(self) -> str:
        """Name in domain.yml."""
        return "action_privacy_request"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Answer or pass on."""
        turn, home = Turn.read(tracker), house()
        return answer_privacy(dispatcher, turn, home)
