"""action_remember_session_time: the patient says when the session was."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.house import house
from actions.remembering import note_session
from actions.turn import Events, Turn


class ActionRememberSessionTime(Action):  # type: ignore[misc]  # rasa_sdk is untyped
    """Keeps the time and answers what was waiting for it."""

    def name(self) -> str:
        """Name in domain.yml."""
        return "action_remember_session_time"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Remember."""
        turn, home = Turn.read(tracker), house()
        return note_session(dispatcher, turn, home)
