"""Picks up the thread where the classifier lost it: a varied question, an answer to ours, a sign played down."""

from __future__ import annotations

from rasa_sdk.executor import CollectingDispatcher

from actions.answering import answer_subjects, plays_down, stay_firm
from actions.handing_over import hand_over, wants_person
from actions.house import House
from actions.privacy import answer_privacy, asks_to_delete
from actions.remembering import note_session
from actions.sign_question import confirmed_in_words
from actions.turn import Events, Turn
from bot.care.context import continued
from bot.care.session_time import parse_session_time, refine


def pick_up(dispatcher: CollectingDispatcher, turn: Turn, home: House) -> Events | None:
    """Reply where the message continues what was being talked about; None where it does not."""
    confirmed = confirmed_in_words(dispatcher, turn, home)
    if confirmed is not None:
        return confirmed
    if _tells_session(turn, home):
        return note_session(dispatcher, turn, home)
    if wants_person(turn):
        return hand_over(dispatcher, turn, home)
    if turn.asked == "privacy" and asks_to_delete(turn):
        return answer_privacy(dispatcher, turn, home)
    again = continued(turn.text, list(turn.spoken_about), turn.now, home.clinic.tz)
    if again:
        return answer_subjects(dispatcher, turn, home, again)
    if turn.alarm and plays_down(turn):
        return stay_firm(dispatcher, turn, home)
    return None


def _tells_session(turn: Turn, home: House) -> bool:
    """Whether the message says when the session was: in answer to our question, or of the patient's own accord."""
    tz, order, asked = home.clinic.tz, home.clinic.date_order, turn.asked == "session_time"
    if (asked or "?" not in turn.text) and parse_session_time(turn.text, turn.now, tz, order, asked=asked) is not None:
        return True
    return turn.treatment is not None and refine(turn.text, turn.treatment, turn.now, tz) is not None
