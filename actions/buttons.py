"""Quick replies made from what the classifier thought most likely."""

from __future__ import annotations

from actions.house import House
from actions.turn import Turn
from bot.care.answers import TOPICS
from bot.care.topic_words import subjects

_MOST_TOPICS = 2


def topic_buttons(turn: Turn, home: House) -> list[dict[str, str]]:
    """The two most likely topics, those the words name first, and a person."""
    last = [subject.partition("/")[0] for subject in turn.last]
    likely = [*subjects(turn.text), *turn.topics, *turn.ranking, *last]
    topics = [topic for topic in dict.fromkeys(likely) if topic in TOPICS][:_MOST_TOPICS]
    buttons = [{"title": home.wording.render(f"utter_title_{topic}"), "payload": f"/{topic}"} for topic in topics]
    return buttons + home.wording.buttons("utter_button_person")
