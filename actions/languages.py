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


def answer_in_language(dispatcher: CollectingDispatcher, turn: Turn, home: House, language: str) -> Events:
    """Say what can be said in `language` (es, fr, de, pt or it); a person has to read what the message asks."""
    send_effect(dispatcher, CaseEffect("routine", "unsure", ()))
    turn = take_notes(turn, home, dispatcher).turn
    reply = Reply(home, turn.asking(home).values)
    reply.say(f"utter_language_{language}")
    remind(reply, turn)
    reply.send(dispatcher)
    return remember()
