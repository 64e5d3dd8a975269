"""action_follow_up: "why?" and "how long?", about whatever was answered last."""

from __future__ import annotations

from rasa_sdk.executor import CollectingDispatcher

from actions.following_up import follow_up
from actions.house import House
from actions.turn import Events, Turn
from actions.turn_action import TurnAction


class ActionFollowUp(TurnAction):
    """Answers from what the conversation was about."""

    def name(self) -> str:
        """Name in domain.yml."""
        return "action_follow_up"

    def answer(self, dispatcher: CollectingDispatcher, turn: Turn, home: House) -> Events:
        """Follow up."""
        return follow_up(dispatcher, turn, home, for_reason=turn.intent == "follow_up_why")
