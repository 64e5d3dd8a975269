"""action_remember_session_time: the patient says when the session was."""

from __future__ import annotations

from rasa_sdk.executor import CollectingDispatcher

from actions.house import House
from actions.remembering import note_session
from actions.turn import Events, Turn
from actions.turn_action import TurnAction


class ActionRememberSessionTime(TurnAction):
    """Keeps the time and answers what was waiting for it."""

    def name(self) -> str:
        """Name in domain.yml."""
        return "action_remember_session_time"

    def answer(self, dispatcher: CollectingDispatcher, turn: Turn, home: House) -> Events:
        """Remember."""
        return note_session(dispatcher, turn, home)
