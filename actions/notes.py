"""Takes in what a message states besides its question: when the session was, and what a clinician told the patient."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rasa_sdk.executor import CollectingDispatcher

from actions.effects import send_effect
from actions.house import House
from actions.turn import Turn
from bot.care.clinic_errors import lower_bound
from bot.care.clinic_sections import Protocol
from bot.care.effects import PersonalEffect, TreatmentEffect
from bot.care.local_time import say_wait
from bot.care.personal import parse_personal
from bot.care.plan import wait_hours
from bot.care.session_time import counts_days, parse_session_time
from bot.care.topic_words import activity_for, subjects
from bot.care.treatment import Treatment, contradicts, only_counts_otherwise, supersedes
from bot.care.values import Values, session_values

_TOLD = "told:"  # before the hours of a clinician's instruction where we asked what they are for
_SOMEBODY_ELSE = re.compile(
    r"\b(?:husband|wife|partner|son|daughter|brother|sister|mother|father|mum|mom|dad|friend|mate)\b.*\b(?:his|hers?|their)\b",
    re.IGNORECASE,
)
_FOR_WHAT: tuple[tuple[str, Values], ...] = (("utter_personal_for_what", {}),)


@dataclass(frozen=True)
class Notes:
    """The turn with the message's facts taken in, and what to say about them (response keys with values).

    `counted` says from when a vague session time counts; it goes after the answer. `asked` is what is asked back.
    """

    turn: Turn
    said: tuple[tuple[str, Values], ...] = ()
    counted: tuple[tuple[str, Values], ...] = ()
    asked: str | None = None


def take_notes(turn: Turn, home: House, dispatcher: CollectingDispatcher) -> Notes:
    """Read the message's facts, send their effects, and give back the turn that knows them."""
    if turn.general:
        return Notes(turn)
    treatment = turn.treatment
    stated = parse_session_time(turn.text, turn.now, home.clinic.tz, home.clinic.date_order)
    if treatment is not None and treatment.certainty == "recorded" and _SOMEBODY_ELSE.search(turn.text):
        stated = None
    kept: tuple[tuple[str, Values], ...] = ()
    counted: tuple[tuple[str, Values], ...] = ()
    if stated is not None and replaces(stated, turn, home):
        treatment = keep_treatment(stated, treatment, dispatcher)
        if stated.certainty == "vague":
            counted = (("utter_session_counted", session_values(stated, home.clinic, turn.now)),)
    elif stated is not None and treatment is not None and contradicts(stated, treatment):
        kept = (("utter_session_kept", session_values(treatment, home.clinic, turn.now)),)
    personal, said = _personal(turn, home, treatment, dispatcher)
    told = parse_personal(turn.text, None) if said == _FOR_WHAT else None
    asked = f"{_TOLD}{told[1]:g}" if told else None
    return Notes(turn.knowing(treatment, personal), kept + said, counted, asked)


def replaces(stated: Treatment, turn: Turn, home: House) -> bool:
    """Whether the session a message states replaces the known one; "it's day 2" beside an hour is the same session."""
    zone = home.clinic.tz
    same = counts_days(turn.text) and only_counts_otherwise(stated, turn.treatment, zone)
    return not same and supersedes(stated, turn.treatment, zone)


def keep_treatment(stated: Treatment, known: Treatment | None, dispatcher: CollectingDispatcher) -> Treatment:
    """Send the effect; the depth the clinic recorded stays where the words are about the same session."""
    send_effect(dispatcher, TreatmentEffect(stated.ended_at, stated.certainty))
    depth = known.depth_mm if known is not None else None
    return Treatment(stated.ended_at, stated.certainty, depth)


def _personal(
    turn: Turn, home: House, treatment: Treatment | None, dispatcher: CollectingDispatcher
) -> tuple[dict[str, float], tuple[tuple[str, Values], ...]]:
    personal = dict(turn.personal)
    activity = turn.last[0].partition("/")[2] if turn.last else None
    activity = activity or activity_for(turn.topics[0], turn.text)
    named = subjects(turn.text)
    text = turn.text
    if named and turn.asked and turn.asked.startswith(_TOLD):
        text = f"the nurse said {turn.asked.removeprefix(_TOLD)} hours. {text}"
    told = parse_personal(text, activity or None)
    if told is None:
        return personal, ()
    if not activity and not named:
        return personal, _FOR_WHAT
    key, figure = told
    depth = treatment.depth_mm if treatment else None
    current = wait_hours(home.clinic, key, depth, personal)
    hours = figure * 24 if key.endswith("_d") else figure
    if current is not None and hours < current:
        # A shorter wait than the protocol's, on a patient's word alone, is not ours to grant.
        return personal, (("utter_personal_shorter", {"told": say_wait(current)}),)
    if figure < (lower_bound(Protocol, key) or 0):
        return personal, (("utter_personal_too_short", {}),)
    if current is None or hours > current:
        personal[key] = figure
        send_effect(dispatcher, PersonalEffect(key, figure))
    return personal, (("utter_personal_noted", {"told": say_wait(hours)}),)
