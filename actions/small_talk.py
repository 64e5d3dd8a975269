"""action_small_talk: a remark that asks nothing."""

from __future__ import annotations

import re

from rasa_sdk.executor import CollectingDispatcher

from actions.answering import answer_subjects, remind, stay_firm
from actions.checking import ask_check
from actions.escalating import escalate
from actions.house import House
from actions.notes import take_notes
from actions.picking_up import pick_up
from actions.reply import Reply
from actions.turn import Events, Turn, remember
from actions.turn_action import TurnAction
from bot.care.answered import answered
from bot.care.denials import all_denied
from bot.triage.tier import Tier
from bot.triage.vague import sounds_off

_PINK = re.compile(r"\bpink|\bred\b|strawberry|tomato|lobster|sunburn|beetroot|glow", re.IGNORECASE)
_LOW = re.compile(
    r"\b(?:get(?:s|ting)?|got|bring(?:s|ing)?|feel(?:ing)?|i'?m) (?:me |a bit |so |really |quite |pretty |very |just )*"
    r"(?:down|low|depressed|miserable|hopeless|tearful)\b",
    re.IGNORECASE,
)
_BURNS = re.compile(
    r"^\W*(?:it|my (?:head|scalp)|this|that)(?: just| still| really)? (?:burns?|stings?)\b", re.IGNORECASE
)
_STILL_PINK_DAYS = 3


class ActionSmallTalk(TurnAction):
    """A light word back; firm where an open case is being played down."""

    def name(self) -> str:
        """Name in domain.yml."""
        return "action_small_talk"

    def answer(self, dispatcher: CollectingDispatcher, turn: Turn, home: House) -> Events:
        """Reply."""
        picked_up = pick_up(dispatcher, turn, home)
        if picked_up is not None:
            return picked_up
        if turn.alarm:
            return stay_firm(dispatcher, turn, home)
        if sounds_off(turn.text) and turn.wants_check:
            return ask_check(dispatcher, turn, home)
        if _BURNS.search(turn.text):
            return answer_subjects(dispatcher, turn, home, ["side_effects"])
        if _LOW.search(turn.text):
            return escalate(dispatcher, turn, home, answered("mood", Tier.ROUTINE))
        notes = take_notes(turn, home, dispatcher)
        turn = notes.turn
        asking = turn.asking(home)
        reply = Reply(home, asking.values).say_all(notes.said)
        if notes.said:
            reply.send(dispatcher)
            return remember(asked=notes.asked)
        if all_denied(turn.text):
            reply.say("utter_signs_denied")
        elif _PINK.search(turn.text) and (asking.day is None or asking.day <= _STILL_PINK_DAYS):
            reply.say("utter_small_talk_pink")
        else:
            reply.say("utter_small_talk")
        remind(reply, turn)
        reply.send(dispatcher)
        return remember()
