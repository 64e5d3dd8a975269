"""Why, and how long: answered about what the conversation was about."""

from __future__ import annotations

import re

from rasa_sdk.executor import CollectingDispatcher

from actions.answering import answer_subjects, remind
from actions.buttons import topic_buttons
from actions.house import House
from actions.notes import take_notes
from actions.reply import Reply
from actions.turn import Events, Turn, remember
from bot.care.again import shortened
from bot.care.answers import how_long, why
from bot.care.context import resolve
from bot.care.topic_words import subjects, surest

_HOW_LONG = re.compile(
    r"^(?:and |so |ok )?how long (?:will|does|do|is|would) (?:this|it|that"
    r"|these|they)\b(?!.*\b(?:heal|recover|get better))",
    re.IGNORECASE,
)
_WHY = re.compile(
    r"(?:and |but |so |ok(?:ay)?,? )*(?:why|how come|what for)\b(?! (?:am|do|does|did|is my|are my)\b)", re.IGNORECASE
)
# That more gets in is the very reason for the wait.
_GOES_DEEPER = re.compile(
    r"\b(?:go(?:es)?|gets?|soaks?|sinks?|absorb\w*|penetrat\w*|works?) (?:it )?(?:in(?:to)?|deeper|better|more"
    r"|faster|quicker)\b"
    r"|\b(?:holes|channels|pores|doors?)\b.*\bopen\b",
    re.IGNORECASE,
)
_SHORT = 6  # words


def asks_how_long(turn: Turn) -> bool:
    """Whether the message asks how long "this" takes, and something was being talked about."""
    return bool(turn.last) and not subjects(turn.text) and _HOW_LONG.search(turn.text) is not None


def asks_why(turn: Turn) -> bool:
    """Whether the message only asks for the reason of what was said last."""
    if turn.last and turn.last[0].startswith("minoxidil_timing") and _GOES_DEEPER.search(turn.text):
        return True
    short = len(turn.text.split()) <= _SHORT
    return bool(turn.last) and short and not subjects(turn.text) and _WHY.match(turn.text) is not None


def follow_up(dispatcher: CollectingDispatcher, turn: Turn, home: House, *, for_reason: bool) -> Events:
    """Give the reason for the last answer, or its length of time; ask back where nothing was said before."""
    last = list(turn.last)
    named = subjects(turn.text) or surest([], turn.text)
    if named and not for_reason:
        return answer_subjects(dispatcher, turn, home, named[:2])
    if not for_reason and turn.says_both:
        return answer_subjects(dispatcher, turn, home, turn.spoken_about)
    turn = take_notes(turn, home, dispatcher).turn
    asking = turn.asking(home)
    reply = Reply(home, asking.values)
    if not last:
        reply.say("utter_follow_up_unclear").offer(topic_buttons(turn, home)).send(dispatcher)
        return remember(asked="topic")
    subject = resolve([], turn.text, last, list(turn.pair), turn.now, home.clinic.tz)[:1] or last[:1]
    explain = why if for_reason else how_long
    reply.answer(shortened(explain(subject[0], asking), turn.told, asking.plan))
    if subject != ["escalated"]:
        remind(reply, turn)
    reply.send(dispatcher)
    return remember()
