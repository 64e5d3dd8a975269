"""Bringing in a person, and the clinic's own details."""

from __future__ import annotations

import re

from rasa_sdk.executor import CollectingDispatcher

from actions.answering import remind, stay_firm
from actions.effects import send_effect
from actions.house import House
from actions.notes import take_notes
from actions.reply import Reply
from actions.turn import Events, Turn, remember
from bot.care.advice import escalation_keys, route_key
from bot.care.effects import CaseEffect, CaseReason
from bot.care.hours import is_open
from bot.care.values import due_value
from bot.triage.tier import Tier

_HOURS = re.compile(r"\bopen\b|opening|\bhours?\b|what time do you|close[ds]?\b|weekend|bank holiday", re.IGNORECASE)
_ADDRESS = re.compile(r"address|where are you|where is the clinic|directions|parking|how do i get", re.IGNORECASE)
_BOOKING = re.compile(
    r"\bbook|appointment|appt|resched|move my|cancel|\bslot|change my|earlier date|postpone|availab|(?:next|my) session"
    r"|session (?:\d|two|three|four)|(?:have|got) anything (?:free |on )?(?:next|this|for|on|in|tomorrow)",
    re.IGNORECASE,
)
_PERSON = re.compile(
    r"person|human|nurse|doctor|someone|somebody|staff|real|call me|ring me|call ?back|speak|talk|contact me|her back"
    r"|him back|them back|receptionist|manager",
    re.IGNORECASE,
)
_ONLY_IF = re.compile(r"\b(?:if|in case|should) (?:it|i|that|things?|the)\b", re.IGNORECASE)
_STINGS = re.compile(r"sting|burn|itch|irritat|react", re.IGNORECASE)

_WANTS_PERSON = re.compile(
    r"\b(?:talk|speak|chat) (?:to|with) (?:a |the |my |an? actual )?(?:real )?(?:person|human"
    r"|someone|somebody|nurse|doctor|staff"
    r"|her|him|them)\b|\b(?:have|get) (?:her|him|them|the nurse|the doctor) back\b"
    r"|\bget me (?:a|the|someone|somebody)\b|real (?:person|human)"
    r"|\b(?:let me have|give me|put me (?:on|through) to|i (?:want|need)) (?:a|an|some|the)? ?(?:real |actual )?"
    r"(?:person|human|nurse|someone|somebody)\b",
    re.IGNORECASE,
)
# "Is a nurse typing this, or a computer?" asks what answers, not for somebody else.
_WHAT_ANSWERS = re.compile(
    r"\b(?:are you|is (?:this|it|there|that)|am i|who(?:'s| is))\b[^.!]*"
    r"\b(?:computer|bot|robot|machine|ai|automated|chat ?gpt|typing)\b",
    re.IGNORECASE,
)
_CAN_IT_WAIT = re.compile(
    r"\b(?:can|could|will)(?:'?t| not)? (?:it|this|that) (?:not )?wait\b"
    r"|\bwait (?:till|until|for) (?:you|the clinic|monday|tomorrow|morning|the morning)",
    re.IGNORECASE,
)


def wants_person(turn: Turn) -> bool:
    """Whether the message asks for a person outright, whatever the classifier took it for."""
    return _WANTS_PERSON.search(turn.text) is not None


def names_no_wish(turn: Turn) -> bool:
    """Whether nothing in the words asks for a person, a booking, the hours or the address."""
    return not any(pattern.search(turn.text) for pattern in (_PERSON, _ADDRESS, _BOOKING, _HOURS, _WHAT_ANSWERS))


def hand_over(dispatcher: CollectingDispatcher, turn: Turn, home: House) -> Events:
    """Answer about hours, address or booking; bring in a person for everything else."""
    text = turn.text
    if _WHAT_ANSWERS.search(text):
        return _inform(dispatcher, turn, home, "utter_bot_identity")
    if turn.alarm and _CAN_IT_WAIT.search(text):
        return stay_firm(dispatcher, turn, home)
    if _PERSON.search(text) and _ONLY_IF.search(text):
        key = "utter_person_later" if _STINGS.search(text) else "utter_person_later_no_sting"
        return _inform(dispatcher, turn, home, key)
    if not _PERSON.search(text):
        if _ADDRESS.search(text):
            return _inform(dispatcher, turn, home, "utter_address")
        if _BOOKING.search(text):
            return _inform(dispatcher, turn, home, "utter_book_or_human")
        if _HOURS.search(text):
            return _inform(dispatcher, turn, home, "utter_opening_hours")
    return ask_for_person(dispatcher, turn, home)


def ask_for_person(
    dispatcher: CollectingDispatcher, turn: Turn, home: House, *, reason: CaseReason = "asked_for_person"
) -> Events:
    """Open a routine case so that a person answers, and say by when; a case that is more urgent keeps its own route."""
    send_effect(dispatcher, CaseEffect("routine", reason))
    turn = take_notes(turn, home, dispatcher).turn
    values = turn.asking(home).values | due_value(home.clinic, Tier.ROUTINE, turn.now, turn.case_due)
    reply = Reply(home, values)
    if turn.case_tier is Tier.EMERGENCY and turn.must_be_seen and not (turn.answered or turn.help_reached):
        again = escalation_keys(turn.standing, home.clinic, turn.now, again=True)
        reply.say("utter_person_told", *(key for key, _ in again))
    elif turn.must_be_seen and not (turn.answered or turn.help_reached):
        reply.say("utter_person_urgent", route=home.wording.render(route_key(home.clinic, turn.now), **values))
    else:
        reply.say("utter_person_open" if is_open(home.clinic, turn.now) else "utter_person_closed")
    reply.send(dispatcher)
    return remember(["person"])


def _inform(dispatcher: CollectingDispatcher, turn: Turn, home: House, key: str) -> Events:
    turn = take_notes(turn, home, dispatcher).turn
    values = turn.asking(home).values
    reply = Reply(home, values)
    open_now = "utter_open_now" if is_open(home.clinic, turn.now) else "utter_closed_now"
    reply.say(key, open_now=home.wording.render(open_now, **values))
    remind(reply, turn)
    reply.send(dispatcher)
    return remember(asked="person" if key == "utter_book_or_human" else None)
