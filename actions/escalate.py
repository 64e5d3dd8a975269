"""action_escalate: a message with a sign. Nothing outranks it."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.escalating import escalate
from actions.house import house
from actions.turn import Events, Turn


class ActionEscalate(Action):  # type: ignore[misc]  # rasa_sdk is untyped
    """Tells the patient what to do and the clinic that it must look."""

    def name(self) -> str:
        """Name in domain.yml."""
        return "action_escalate"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Escalate."""
        turn, home = Turn.read(tracker), house()
        return escalate(dispatcher, turn, home, turn.verdict)
