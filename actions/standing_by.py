"""Answers what is said of getting help while an urgent case is open: what now, called, nobody answers, it has eased."""

from __future__ import annotations

import re

from rasa_sdk.executor import CollectingDispatcher

from actions.answering import stay_firm
from actions.house import House
from actions.reply import Reply
from actions.turn import Events, Turn, remember
from bot.care.advice import escalation_keys
from bot.care.help_words import Said, asks_more, says_safe
from bot.care.values import due_value
from bot.care.what_now import asks_what_now, asks_when
from bot.triage.tier import Tier

_RINSES = re.compile(r"\b(?:rins|wash|flush)", re.IGNORECASE)
_OF_THE_MIND = {"crisis", "mood"}
_PLAYED_DOWN: frozenset[Said] = frozenset({"eased", "waiting", "will"})


def answer_what_now(dispatcher: CollectingDispatcher, turn: Turn, home: House) -> Events | None:
    """Say again what the open case calls for, and by when staff answer.

    None where no such case is open, or where a sign comes with the question.
    """
    if turn.pressed or turn.verdict.tier > Tier.NONE:
        return None
    if turn.case_tier is Tier.ROUTINE and asks_when(turn.text):
        due = due_value(home.clinic, Tier.ROUTINE, turn.now, turn.case_due)
        Reply(home, turn.asking(home).values | due).say("utter_routine_again").send(dispatcher)
        return remember()
    if not turn.alarm or not (asks_what_now(turn.text) or asks_when(turn.text)):
        return None
    events = stay_firm(dispatcher, turn, home)
    due = due_value(home.clinic, turn.case_tier, turn.now, turn.case_due)
    if turn.case_tier is Tier.URGENT and due["due"]:
        Reply(home, turn.asking(home).values | due).say("utter_team_aims").append(dispatcher)
    return events


def answer_help(dispatcher: CollectingDispatcher, turn: Turn, home: House) -> Events | None:
    """Answer what is said of the help an open case calls for; None where nothing is, or where a sign comes with it."""
    if not turn.alarm or turn.pressed or turn.verdict.tier > Tier.ROUTINE or turn.answered:
        return None
    if turn.concern in _OF_THE_MIND:
        return _of_the_mind(dispatcher, turn, home)
    said = turn.said_of_help
    if turn.concern == "eye" and _RINSES.search(turn.text):
        Reply(home, turn.asking(home).values).say("utter_keep_rinsing").send(dispatcher)
        return remember(["escalated"])
    if said is None or (asks_more(turn.text) and said in _PLAYED_DOWN | {"reached"}):
        return None  # a question beside it is answered, with what was said in mind
    if said in _PLAYED_DOWN and turn.help_reached:
        return stay_firm(dispatcher, turn, home)
    keys = ["utter_refusal_respected"] if said in _PLAYED_DOWN and turn.refusal_respected else _keys(said, turn, home)
    if not keys:
        return stay_firm(dispatcher, turn, home)
    values = due_value(home.clinic, turn.case_tier, turn.now, turn.case_due)
    Reply(home, turn.asking(home).values).say(*keys, **values).send(dispatcher)
    return remember(["escalated"])


def _keys(said: Said, turn: Turn, home: House) -> list[str]:
    """What is said of it, and after it what has to be done; none of a pet, whose advice says it all."""
    if turn.concern == "vet":
        return {"reached": ["utter_reached_vet"], "unreached": ["utter_unreached_vet"]}.get(said, [])
    if said == "reached":
        return ["utter_reached"]
    if said == "will":
        return ["utter_will_emergency" if turn.case_tier is Tier.EMERGENCY else "utter_will"]
    again = [key for key, _ in escalation_keys(turn.standing, home.clinic, turn.now, again=True)]
    if turn.case_tier is Tier.EMERGENCY:
        return ["utter_unreached_emergency"] if said == "unreached" else [f"utter_{said}_emergency", *again]
    if said == "unreached":
        return ["utter_unreached"]
    route = again[1:] if said in _PLAYED_DOWN else again[1:2]
    return [f"utter_{said}", *route]


def _of_the_mind(dispatcher: CollectingDispatcher, turn: Turn, home: House) -> Events | None:
    said = turn.said_of_help
    safe = turn.asked == "safe" and says_safe(turn.text)
    if safe or said == "reached":
        key = "utter_crisis_safe"
    elif said == "unreached":
        key = "utter_unreached_crisis"
    else:
        return None
    Reply(home, turn.asking(home).values).say(key).send(dispatcher)
    return remember(["escalated"], asked=None if safe else "safe")
