"""Answers "what now?" and "is anyone there?" while an urgent case is open: with what has to be done, not with why."""

from __future__ import annotations

from rasa_sdk.executor import CollectingDispatcher

from actions.answering import stay_firm
from actions.house import House
from actions.reply import Reply
from actions.turn import Events, Turn
from bot.care.values import due_value
from bot.care.what_now import asks_what_now
from bot.triage.tier import Tier


def answer_what_now(dispatcher: CollectingDispatcher, turn: Turn, home: House) -> Events | None:
    """Say again what the open case calls for, and by when staff answer.

    None where no such case is open, or where a sign comes with the question.
    """
    if not turn.alarm or turn.pressed or turn.verdict.tier > Tier.NONE or not asks_what_now(turn.text):
        return None
    events = stay_firm(dispatcher, turn, home)
    due = due_value(home.clinic, turn.case_tier, turn.now, turn.case_due)
    if turn.case_tier is Tier.URGENT and due["due"]:
        Reply(home, turn.asking(home).values | due).say("utter_team_aims").append(dispatcher)
    return events
