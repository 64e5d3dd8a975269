"""Keeping the session's time, and answering what was waiting for it."""

from __future__ import annotations

import re

from rasa_sdk.executor import CollectingDispatcher

from actions.answering import answer_subjects, remind
from actions.house import House
from actions.notes import Notes, keep_treatment
from actions.reply import Reply
from actions.turn import Events, Turn, remember
from bot.care.context import continued
from bot.care.session_time import parse_session_time, refine
from bot.care.treatment import contradicts, supersedes
from bot.care.values import Values, session_values

_LONG_AGO = re.compile(
    r"longer ago|ages ago|long (?:time )?ago|(?:few|several|some) (?:weeks|months) ago", re.IGNORECASE
)
_COMING = re.compile(
    r"\btomorrow\b|\bnext\b|booked|\bwill\b|going to|gonna|not (?:had|done|yet)|haven'?t", re.IGNORECASE
)


def note_session(dispatcher: CollectingDispatcher, turn: Turn, home: House) -> Events:
    """Read the time, keep it where it adds to what is known, and answer the pending topic with it."""
    tz = home.clinic.tz
    stated = parse_session_time(turn.text, turn.now, tz, home.clinic.date_order, asked=True)
    if stated is None and turn.treatment is not None:
        stated = refine(turn.text, turn.treatment, turn.now, tz)
    if stated is None:
        return _not_read(dispatcher, turn, home)
    said: tuple[tuple[str, Values], ...]
    if supersedes(stated, turn.treatment, tz):
        turn = turn.knowing(keep_treatment(stated, turn.treatment, dispatcher), turn.personal)
        vague = stated.certainty == "vague"
        said = (("utter_session_noted_vague" if vague else "utter_session_noted", {}),)
    else:
        known = turn.treatment or stated
        key = "utter_session_kept" if contradicts(stated, known) else "utter_session_noted"
        said = ((key, session_values(known, home.clinic, turn.now)),)
    turn = turn.without_words()
    waiting = turn.pending or tuple(subject for subject in turn.last[:1] if "/" in subject)
    if waiting:
        return answer_subjects(dispatcher, turn, home, waiting, notes=Notes(turn, said))
    reply = Reply(home, turn.asking(home).values).say_all(said)
    remind(reply, turn)
    reply.send(dispatcher)
    return remember()


def _not_read(dispatcher: CollectingDispatcher, turn: Turn, home: House) -> Events:
    again = continued(turn.text, list(turn.last), turn.now, home.clinic.tz)
    if again and turn.treatment is not None:
        return answer_subjects(dispatcher, turn, home, again)
    reply = Reply(home, turn.asking(home).values)
    if _LONG_AGO.search(turn.text):
        reply.say("utter_session_long_ago")
        asked = None
    elif _COMING.search(turn.text):
        reply.say("utter_session_coming")
        asked = None
    else:
        reply.say("utter_session_not_understood")
        asked = "session_time"
    remind(reply, turn)
    reply.send(dispatcher)
    return remember(pending=turn.pending if asked else (), asked=asked)
