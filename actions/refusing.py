"""Respects it when a patient will not call anyone: says what to do once more, and then no more."""

from __future__ import annotations

from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.house import House
from actions.reply import Reply
from actions.turn import Events, Turn, remember
from bot.care.advice import refusal_keys
from bot.care.refusal import refuses_help
from bot.triage.tier import Tier

RESPECTED = "utter_refusal_respected"


def answer_refusal(dispatcher: CollectingDispatcher, turn: Turn, home: House) -> Events | None:
    """Answer a refusal of the help an open case calls for; None where it is none, or where a sign comes with it."""
    if not turn.alarm or turn.pressed or turn.verdict.tier > Tier.ROUTINE or not refuses_help(turn.text):
        return None
    reply = Reply(home, turn.asking(home).values)
    if turn.refusal_respected:
        reply.say(RESPECTED).send(dispatcher)
        return remember(["escalated"])
    verdict = turn.standing
    said = refusal_keys(verdict, home.clinic, turn.now, promised=turn.case_due)
    reply.say(*(key for key, _ in said), **said[0][1]).send(dispatcher)
    asked = "safe" if said[0][0] == "utter_refusal_crisis" else None
    return [*remember(["escalated"], asked=asked), SlotSet("refused", turn.case_tier.label)]
