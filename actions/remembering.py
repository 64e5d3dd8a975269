"""Keeping the session's time, and answering what was waiting for it."""

from __future__ import annotations

import re

from rasa_sdk.executor import CollectingDispatcher

from actions.answering import answer_subjects, remind
from actions.house import House
from actions.notes import Notes, keep_treatment, replaces
from actions.reply import Reply
from actions.turn import Events, Turn, remember
from bot.care.answers import TOPICS
from bot.care.coming_session import coming_session
from bot.care.context import asked_beside, continued
from bot.care.session_time import holds_against, parse_session_time, refine
from bot.care.treatment import contradicts
from bot.care.values import Values, session_values
from bot.triage.tier import Tier

_LONG_AGO = re.compile(
    r"longer ago|ages ago|long (?:time )?ago|(?:few|several|some) (?:weeks|months) ago", re.IGNORECASE
)
_ASKS_MORE = re.compile(r"\bnormal\b|\b(?:is|can|may|should|does|do|will) (?:i|it|this|that|the|my)\b", re.IGNORECASE)
_WHEN_WAS_IT = re.compile(
    r"\bwhen (?:did|was|were) (?:i|my|the|we|that)\b[^?]*\b(?:session|treatment|needling|treated|needled"
    r"|have it|had it|done|in)\b"
    r"|\b(?:what|which) (?:time|day|date) (?:did|do|have) (?:i|you)\b[^?]*\b(?:session|treatment|say|said|tell"
    r"|told|have it|note|noted|down)\b",
    re.IGNORECASE,
)
_NOT_KNOWN = re.compile(
    r"\b(?:don'?t|do not|can'?t|cannot|didn'?t) (?:really |quite |exactly |even )*(?:know|remember|recall)"
    r"|no (?:idea|clue)|not sure"
    r"|\bforgot(?:ten)?\b|\bdunno\b|\bidk\b",
    re.IGNORECASE,
)
_COMING = re.compile(
    r"\btomorrow\b|\bnext\b|booked|\bwill\b|going to|gonna|not (?:had|done|yet)|haven'?t", re.IGNORECASE
)


def note_session(dispatcher: CollectingDispatcher, turn: Turn, home: House) -> Events:
    """Read the time, keep it where it adds to what is known, and answer the pending topic with it."""
    tz = home.clinic.tz
    asked = turn.asked == "session_time" or turn.treatment is None or not holds_against(turn.text)
    stated = parse_session_time(turn.text, turn.now, tz, home.clinic.date_order, asked=asked)
    if stated is None and turn.treatment is not None:
        stated = refine(turn.text, turn.treatment, turn.now, tz)
    if stated is None:
        return _not_read(dispatcher, turn, home)
    said: tuple[tuple[str, Values], ...]
    if replaces(stated, turn, home):
        turn = turn.knowing(keep_treatment(stated, turn.treatment, dispatcher), turn.personal)
        vague = stated.certainty == "vague"
        said = (("utter_session_noted_vague" if vague else "utter_session_noted", {}),)
    else:
        known = turn.treatment or stated
        key = "utter_session_kept" if contradicts(stated, known) else "utter_session_noted"
        said = ((key, session_values(known, home.clinic, turn.now)),)
    beside = tuple(asked_beside(turn.text)) or _asked_of_another_topic(turn)
    turn = turn if beside and "/" not in beside[0] else turn.without_words()
    waiting = beside or turn.pending or tuple(subject for subject in turn.last[:1] if "/" in subject)
    if waiting:
        return answer_subjects(dispatcher, turn, home, waiting, notes=Notes(turn, said))
    reply = Reply(home, turn.asking(home).values).say_all(said)
    remind(reply, turn)
    reply.send(dispatcher)
    return remember()


def recall_session(dispatcher: CollectingDispatcher, turn: Turn, home: House) -> Events | None:
    """Say when the session was, as far as it is known; None where the patient does not ask that."""
    if turn.pressed or turn.general or turn.verdict.tier > Tier.NONE or not _WHEN_WAS_IT.search(turn.text):
        return None
    reply = Reply(home, turn.asking(home).values)
    if turn.treatment is None:
        reply.say("utter_session_not_known")
    else:
        reply.say("utter_session_recalled_vague" if turn.treatment.certainty == "vague" else "utter_session_recalled")
    remind(reply, turn)
    reply.send(dispatcher)
    return remember()


def answer_not_known(dispatcher: CollectingDispatcher, turn: Turn, home: House) -> Events | None:
    """Take not knowing as an answer to our question for the session's time; None where it is none."""
    if turn.pressed or turn.verdict.tier > Tier.NONE or not answers_not_known(turn):
        return None
    return note_session(dispatcher, turn, home)


def answers_not_known(turn: Turn) -> bool:
    """Whether the patient answers our question for the session's time with not knowing it."""
    return turn.asked == "session_time" and "?" not in turn.text and _NOT_KNOWN.search(turn.text) is not None


def _asked_of_another_topic(turn: Turn) -> tuple[str, ...]:
    """The likeliest topic where the message asks something besides: "4 days ago. normal that it flakes?"."""
    if turn.asked == "session_time" or not _ASKS_MORE.search(turn.text):
        return ()
    return tuple([topic for topic in turn.ranking if topic in TOPICS][:1])


def _not_read(dispatcher: CollectingDispatcher, turn: Turn, home: House) -> Events:
    again = continued(turn.text, list(turn.spoken_about), turn.now, home.clinic.tz)
    if again and (turn.treatment is not None or turn.asked != "session_time"):
        return answer_subjects(dispatcher, turn, home, again)
    reply = Reply(home, turn.asking(home).values)
    if _LONG_AGO.search(turn.text):
        reply.say("utter_session_long_ago")
        asked = None
    elif _COMING.search(turn.text) or coming_session(turn.text, turn.now, home.clinic.tz) is not None:
        reply.say("utter_session_coming")
        asked = None
    elif _NOT_KNOWN.search(turn.text):
        reply.say("utter_session_not_known")
        asked = None
    else:
        reply.say("utter_session_not_understood")
        asked = "session_time"
    remind(reply, turn)
    reply.send(dispatcher)
    return remember(pending=turn.pending if asked else (), asked=asked)
