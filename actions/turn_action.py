"""What every action is: it answers one turn, with the symptom check minded before and after."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.checking import answer_check, mind_check
from actions.checking_in import answer_check_in
from actions.house import House, house
from actions.languages import answer_in_language
from actions.refusing import answer_refusal
from actions.remembering import answer_not_known, recall_session
from actions.reminding import answer_reminders
from actions.showing_today import answer_today
from actions.standing_by import answer_help, answer_what_now
from actions.turn import Events, Turn, keep


class TurnAction(Action, ABC):  # type: ignore[misc]  # rasa_sdk is untyped
    """An answer to the open check goes first, whatever the classifier read in it; doubt asks the check at the end."""

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Answer the tracker's latest message (called by Rasa). Out: what the conversation keeps of it."""
        turn, home = Turn.read(tracker), house()
        return [*self._events(dispatcher, turn, home), *keep(turn, home)]

    def _events(self, dispatcher: CollectingDispatcher, turn: Turn, home: House) -> Events:
        for take in (
            answer_check,
            answer_refusal,
            answer_what_now,
            answer_help,
            answer_check_in,
            answer_reminders,
            answer_today,
            answer_not_known,
            recall_session,
        ):
            answered = take(dispatcher, turn, home)
            if answered is not None:
                return answered
        events = answer_in_language(dispatcher, turn, home)
        return mind_check(dispatcher, turn, home, self.answer(dispatcher, turn, home) if events is None else events)

    @abstractmethod
    def answer(self, dispatcher: CollectingDispatcher, turn: Turn, home: House) -> Events:
        """Say what there is to say to the turn."""
