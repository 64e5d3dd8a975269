"""action_escalate: a message with a sign. Nothing outranks it."""

from __future__ import annotations

from rasa_sdk.executor import CollectingDispatcher

from actions.escalating import escalate
from actions.house import House
from actions.turn import Events, Turn
from actions.turn_action import TurnAction


class ActionEscalate(TurnAction):
    """Tells the patient what to do and the clinic that it must look."""

    def name(self) -> str:
        """Name in domain.yml."""
        return "action_escalate"

    def answer(self, dispatcher: CollectingDispatcher, turn: Turn, home: House) -> Events:
        """Escalate."""
        return escalate(dispatcher, turn, home, turn.verdict)
