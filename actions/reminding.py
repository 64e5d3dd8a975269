"""Reminders: a patient's word that they want them, or want them no more. The offer's buttons need no Rasa."""

from __future__ import annotations

import re

from rasa_sdk.executor import CollectingDispatcher

from actions.answering import remind
from actions.effects import send_effect
from actions.house import House
from actions.reply import Reply
from actions.turn import Events, Turn, remember
from bot.care.effects import RemindersEffect, ZoneEffect
from bot.care.reminders import wish_key
from bot.care.zone_words import zone_said
from bot.triage.tier import Tier

_ANY = r"(?:reminders?|reminding me|check-? ?ins?)"
_BEGIN = r"\W*(?:please\W+)?"
_STOP = re.compile(
    _BEGIN + r"(?:stop|cancel|end|no more|turn off|i don'?t want)(?: (?:any|all|the|these|your|my|sending|me|more))* "
    rf"{_ANY}(?: (?:please|now|thanks?|any ?more|off))*\W*",
    re.IGNORECASE,
)
_START = re.compile(
    _BEGIN + rf"(?:(?:yes,? )?remind me|(?:start|turn on|send me|i(?: do|'d)? (?:want|like))(?: the| your)? {_ANY})"
    r"(?: (?:please|again|then|thanks?|after all))*\W*",
    re.IGNORECASE,
)
_BARE_STOP = re.compile(r"\W*stop\W*", re.IGNORECASE)
_BARE = 4  # words of a yes or no that says nothing else


def answer_reminders(dispatcher: CollectingDispatcher, turn: Turn, home: House) -> Events | None:
    """Take what a message says about reminders; None where it says nothing."""
    zone = zone_said(turn.text) if turn.verdict.tier is Tier.NONE and not turn.pressed else None
    if zone is not None:
        return _note_zone(dispatcher, turn, home, zone)
    wanted = _wanted(turn)
    return None if wanted is None else set_reminders(dispatcher, turn, home, wanted=wanted)


def set_reminders(dispatcher: CollectingDispatcher, turn: Turn, home: House, *, wanted: bool) -> Events:
    """Pass the wish on, and say what happens now. What else was being asked stays asked."""
    send_effect(dispatcher, RemindersEffect(wanted))
    reply = Reply(home, turn.asking(home).values)
    reply.say(wish_key(home.clinic, wanted=wanted))
    asks_time = wanted and turn.treatment is None and not turn.must_be_seen
    if asks_time:
        reply.say("utter_ask_session_time")
    remind(reply, turn)
    reply.send(dispatcher)
    return remember(pending=turn.pending, asked="session_time" if asks_time else turn.asked)


def _note_zone(dispatcher: CollectingDispatcher, turn: Turn, home: House, zone: str) -> Events:
    send_effect(dispatcher, ZoneEffect(zone))
    reply = Reply(home, turn.asking(home).values)
    reply.say("utter_zone_noted", zone=zone.rpartition("/")[2].replace("_", " "))
    remind(reply, turn)
    reply.send(dispatcher)
    return remember(pending=turn.pending, asked=turn.asked)


def _wanted(turn: Turn) -> bool | None:
    if turn.pressed or turn.verdict.tier > Tier.NONE or turn.check_open:
        return None
    if _STOP.fullmatch(turn.text) or (turn.reminders == "on" and _BARE_STOP.fullmatch(turn.text)):
        return False
    if _START.fullmatch(turn.text):
        return True
    answers = turn.reminders == "asked" and turn.asked is None and "?" not in turn.text and not turn.doubtful
    if answers and len(turn.text.split()) <= _BARE:
        return {"affirm": True, "deny": False}.get(turn.intent)
    return None
