"""action_follow_up: "why?" and "how long?", about whatever was answered last."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.answering import answer_subjects, remind
from actions.buttons import topic_buttons
from actions.house import house
from actions.notes import take_notes
from actions.reply import Reply
from actions.turn import Events, Turn, remember
from bot.care.answers import how_long, why
from bot.care.context import resolve
from bot.care.topic_words import subjects


class ActionFollowUp(Action):  # type: ignore[misc]  # rasa_sdk is untyped
    """Answers from what the conversation was about."""

    def name(self) -> str:
        """Name in domain.yml."""
        return "action_follow_up"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Follow up."""
        turn, home = Turn.read(tracker), house()
        last = list(turn.last)
        named = subjects(turn.text)
        if named and turn.intent != "follow_up_why":
            return answer_subjects(dispatcher, turn, home, named[:2])
        turn = take_notes(turn, home, dispatcher).turn
        asking = turn.asking(home)
        reply = Reply(home, asking.values)
        if not last:
            reply.say("utter_follow_up_unclear").offer(topic_buttons(turn, home)).send(dispatcher)
            return remember(asked="topic")
        subject = resolve([], turn.text, last, list(turn.pair), turn.now, home.clinic.tz)[:1] or last[:1]
        explain = why if turn.intent == "follow_up_why" else how_long
        reply.answer(explain(subject[0], asking))
        if subject != ["escalated"]:
            remind(reply, turn)
        reply.send(dispatcher)
        return remember()
