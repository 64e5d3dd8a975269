"""A yes to one of our questions about signs: it escalates, in whatever words it comes."""

from __future__ import annotations

import re

from rasa_sdk.executor import CollectingDispatcher

from actions.escalating import escalate
from actions.house import House
from actions.turn import Events, Turn
from bot.care.answered import answered
from bot.triage.tier import Tier

# What a yes to each question means.
_MEANS = {"infection": ("infection", Tier.URGENT), "suicidal": ("crisis", Tier.EMERGENCY)}
_YES = re.compile(
    r"\W*(?:yes|yeah|yea|yep|yup|ya|aye|i do|i have|i am|i think about it|sometimes|often|kind of|kinda|sort of|"
    r"a bit|a little|maybe|most (?:days|nights)|every (?:day|night)|all the time|honestly,? yes)\b",
    re.IGNORECASE,
)


def confirm_sign(dispatcher: CollectingDispatcher, turn: Turn, home: House) -> Events | None:
    """Escalate what was asked about; None where the last question was not about a sign."""
    if turn.asked not in _MEANS:
        return None
    sign, tier = _MEANS[turn.asked]
    return escalate(dispatcher, turn, home, answered(sign, tier))


def confirmed_in_words(dispatcher: CollectingDispatcher, turn: Turn, home: House) -> Events | None:
    """The same for a message that begins with a yes and says more, whatever topic it was read as."""
    return confirm_sign(dispatcher, turn, home) if _YES.match(turn.text) else None
