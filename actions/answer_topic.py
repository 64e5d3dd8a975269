"""action_answer_topic: answers the one or two topics of a message."""

from __future__ import annotations

from rasa_sdk.executor import CollectingDispatcher

from actions.answering import answer_subjects
from actions.following_up import asks_how_long, asks_why, follow_up
from actions.handing_over import hand_over, wants_person
from actions.house import House
from actions.picking_up import pick_up
from actions.privacy import answer_privacy, asks_to_delete
from actions.sign_question import confirmed_in_words
from actions.turn import Events, Turn
from actions.turn_action import TurnAction
from bot.care.answers import TOPICS
from bot.care.context import resolve


class ActionAnswerTopic(TurnAction):
    """Answers what the gate found, read in the light of what the conversation was about."""

    def name(self) -> str:
        """Name in domain.yml."""
        return "action_answer_topic"

    def answer(self, dispatcher: CollectingDispatcher, turn: Turn, home: House) -> Events:
        """Answer."""
        confirmed = confirmed_in_words(dispatcher, turn, home)
        if confirmed is not None:
            return confirmed
        if turn.asked == "privacy" and asks_to_delete(turn):
            return answer_privacy(dispatcher, turn, home)
        if wants_person(turn):
            return hand_over(dispatcher, turn, home)
        if asks_how_long(turn):
            return follow_up(dispatcher, turn, home, for_reason=False)
        if asks_why(turn):
            return follow_up(dispatcher, turn, home, for_reason=True)
        picked_up = pick_up(dispatcher, turn, home) if turn.doubtful else None
        if picked_up is not None:
            return picked_up
        topics = [topic for topic in turn.topics if topic in TOPICS] or [turn.intent]
        subjects = resolve(topics, turn.text, list(turn.spoken_about), list(turn.pair), turn.now, home.clinic.tz)
        return answer_subjects(dispatcher, turn, home, subjects[:1] if turn.doubtful else subjects)
