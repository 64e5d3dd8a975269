"""action_follow_up: "why?" and "how long?", about whatever was answered last."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.following_up import follow_up
from actions.house import house
from actions.turn import Events, Turn


class ActionFollowUp(Action):  # type: ignore[misc]  # rasa_sdk is untyped
    """Answers from what the conversation was about."""

    def name(self) -> str:
        """Name in domain.yml."""
        return "action_follow_up"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Follow up."""
        turn = Turn.read(tracker)
        return follow_up(dispatcher, turn, house(), for_reason=turn.intent == "follow_up_why")
