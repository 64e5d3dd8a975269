"""Answers somebody who writes in another language: in it, shortly, and hands the message to the staff."""

from __future__ import annotations

from rasa_sdk.executor import CollectingDispatcher

from actions.answering import remind
from actions.effects import send_effect
from actions.house import House
from actions.notes import take_notes
from actions.reply import Reply
from actions.turn import Events, Turn, remember
from bot.care.effects import CaseEffect
from bot.care.language import OTHER
from bot.triage.tier import Tier


def answer_in_language(dispatcher: CollectingDispatcher, turn: Turn, home: House) -> Events | None:
    """Say what can be said in the message's language; a person has to read what it asks.

    None where it is English, a button or flagged (of a language we have no words in: flagged as urgent). While a case
    is open that must be seen today, that is what is said again.
    """
    language = turn.language
    if language is None or turn.verdict.tier > (Tier.ROUTINE if language == OTHER else Tier.NONE):
        return None
    send_effect(dispatcher, CaseEffect("routine", "unsure", ()))
    turn = take_notes(turn, home, dispatcher).turn
    reply = Reply(home, turn.asking(home).values)
    told = "again_" if turn.spoken == language else ""  # who has read all of it is not told all of it again
    firm = f"utter_{told}{turn.case_tier.label}_{language}"
    if turn.must_be_seen and firm in home.wording:
        reply.say(firm)
    else:
        reply.say(f"utter_{told}language_{language}")
        remind(reply, turn)
    reply.send(dispatcher)
    return remember()
