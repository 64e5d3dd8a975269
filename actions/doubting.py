"""A message that only weakly looks like a sign: answered, and the one question asked that tells the tiers apart."""

from __future__ import annotations

from rasa_sdk.executor import CollectingDispatcher

from actions.answering import answer_subjects, remind
from actions.house import House
from actions.notes import take_notes
from actions.picking_up import pick_up
from actions.reply import Reply
from actions.turn import Events, Turn, remember
from bot.care.answers import TOPICS
from bot.care.context import resolve
from bot.care.denials import all_denied


def answer_doubtful(dispatcher: CollectingDispatcher, turn: Turn, home: House) -> Events:
    """Answer the topic, then ask whether one of the signs is there; a yes is urgent."""
    picked_up = pick_up(dispatcher, turn, home)
    if picked_up is not None:
        return picked_up
    topics = [topic for topic in turn.topics if topic in TOPICS]
    if topics:
        subjects = resolve(topics, turn.text, list(turn.last), list(turn.pair), turn.now, home.clinic.tz)
        check = () if all_denied(turn.text) else ("utter_check_signs",)
        return answer_subjects(dispatcher, turn, home, subjects[:1], check=check)
    turn = take_notes(turn, home, dispatcher).turn
    reply = Reply(home, turn.asking(home).values)
    reply.say("utter_check_signs")
    remind(reply, turn)
    reply.send(dispatcher)
    return remember(asked="infection")
