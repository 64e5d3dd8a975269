"""Answers "what may I do today?" with the day's plan, as /today does."""

from __future__ import annotations

import re

from rasa_sdk.executor import CollectingDispatcher

from actions.house import House
from actions.reply import Reply
from actions.turn import Events, Turn, remember
from bot.care.today import today
from bot.care.today_text import today_text
from bot.triage.tier import Tier

_LEAD = r"^\W*(?:(?:hi|hello|hey|ok(?:ay)?|so|and|thanks?|please)\W+)*"
_ASKS = re.compile(
    rf"{_LEAD}today\W*$"
    rf"|{_LEAD}what (?:can|may|could|should|am) i (?:do|allowed(?: to do)?)(?: and not do"
    rf"| and what not)?(?: now| today| already)*\W*$"
    rf"|{_LEAD}what(?:'s| is) (?:ok|okay|fine|allowed|safe)(?: to do)?(?: now| today| already)*\W*$",
    re.IGNORECASE,
)


def answer_today(dispatcher: CollectingDispatcher, turn: Turn, home: House) -> Events | None:
    """Show the day's plan; None where nobody asks for it, or where "today" answers our question for the session."""
    if turn.pressed or turn.general or turn.asked == "session_time" or turn.verdict.tier > Tier.NONE:
        return None
    if not _ASKS.search(turn.text):
        return None
    if turn.treatment is None:
        Reply(home, turn.asking(home).values).say("utter_ask_session_time").send(dispatcher)
        return remember(asked="session_time")
    plan = today(home.clinic, home.wording, turn.treatment, turn.personal, turn.now, turn.case_tier, turn.held)
    dispatcher.utter_message(text=today_text(plan, home.wording))
    return remember()
