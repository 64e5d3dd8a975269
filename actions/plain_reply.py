"""action_plain_reply: greetings, thanks, goodbyes, and what the bot is."""

from __future__ import annotations

import re

from rasa_sdk.executor import CollectingDispatcher

from actions.answering import answer_subjects, remind
from actions.handing_over import hand_over, wants_person
from actions.house import House
from actions.notes import take_notes
from actions.reply import Reply
from actions.turn import Events, Turn, remember
from actions.turn_action import TurnAction
from bot.care.context import continued

IDENTITY = "bot_identity"
_NO_THANKS = re.compile(
    r"\b(?:thanks?|thank you|cheers|ta)\b (?:a lot |very much )?for (?:\w+ )?(?:nothing|nowt)\b", re.IGNORECASE
)


class ActionPlainReply(TurnAction):
    """The response named after the intent, with the clinic's own names and numbers."""

    def name(self) -> str:
        """Name in domain.yml."""
        return "action_plain_reply"

    def answer(self, dispatcher: CollectingDispatcher, turn: Turn, home: House) -> Events:
        """Reply."""
        if wants_person(turn):
            return hand_over(dispatcher, turn, home)
        again = continued(turn.text, list(turn.last), turn.now, home.clinic.tz) if turn.intent == "greet" else []
        if again:
            return answer_subjects(dispatcher, turn, home, again)
        notes = take_notes(turn, home, dispatcher)
        turn = notes.turn
        reply = Reply(home, turn.asking(home).values)
        reply.say(_key(turn)).say_all((*notes.said, *notes.counted))
        if turn.intent != IDENTITY:
            remind(reply, turn)
        reply.send(dispatcher)
        return remember(asked=IDENTITY if turn.intent == IDENTITY else None)


def _key(turn: Turn) -> str:
    if turn.intent == IDENTITY and turn.asked == IDENTITY:
        return "utter_bot_identity_again"
    return "utter_anger" if _NO_THANKS.search(turn.text) else f"utter_{turn.intent}"
