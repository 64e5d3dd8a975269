"""Hands a sign over: the case first, then what the patient must do, then what must wait."""

from __future__ import annotations

import re

from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.effects import send_effect
from actions.house import House
from actions.notes import take_notes
from actions.reply import Reply
from actions.turn import Events, Turn, remember
from bot.care.advice import advice_of, escalation_keys, most_telling
from bot.care.advice_abroad import advice_in
from bot.care.answers import answer_topic
from bot.care.effects import CaseEffect, CaseReason, CheckEffect
from bot.care.topic_words import subjects
from bot.triage.tier import Tier
from bot.triage.verdict import Verdict

# Beside a routine sign these may be answered; everything else is held, or would calm where a clinician must look.
_SAFE_BESIDE_ROUTINE = {
    "contraindications", "results_timeline", "scarring", "other_treatments", "minoxidil_side_effects",
    "how_it_works", "needle_length", "procedure", "cost", "sleep_position", "infection_prevention",
}  # fmt: skip
_PEN = re.compile(r"epi-? ?pen|adrenaline|auto-?injector|jext", re.IGNORECASE)
_ASKS = {"utter_do_crisis": "safe", "utter_again_crisis": "safe", "utter_dont_mood": "suicidal"}


def escalate(dispatcher: CollectingDispatcher, turn: Turn, home: House, verdict: Verdict) -> Events:
    """Open or raise the case and say what to do; where a case of this tier or more is open, shortly and firmly."""
    reason: CaseReason = "concern" if verdict.tier is Tier.ROUTINE else "red_flag"
    signs = tuple(sign.as_dict() for sign in verdict.signs)
    send_effect(dispatcher, CaseEffect(verdict.tier.label, reason, signs))
    if turn.check is not None:
        send_effect(dispatcher, CheckEffect(None))
    notes = take_notes(turn, home, dispatcher)
    turn = notes.turn
    by_answer = any(sign.layer == "answer" for sign in verdict.signs)
    if verdict.tier < turn.case_tier and turn.alarm:
        # What was said before stands: a lesser matter must not sound as if it could wait now.
        verdict = turn.standing
    tier = verdict.tier
    again = turn.case_tier >= tier and not by_answer
    said = escalation_keys(verdict, home.clinic, turn.now, again=again, promised=turn.case_due)
    reply = Reply(home, turn.asking(home).values | said[0][1])
    keys = [key for key, _ in said]
    language = turn.language
    translated = advice_in(language, keys, tier, home.wording)
    for key in translated:
        reply.say(key)
    if tier is Tier.EMERGENCY:
        # The call stands in English too, for whoever is with the patient.
        for key in keys[:1] if translated else keys:
            reply.say(key)
        if any(advice_of(sign) == "vet" for sign in verdict.signs):
            reply.say(
                f"utter_pet_{language}" if translated and f"utter_pet_{language}" in home.wording else "utter_vet"
            )
        if not translated and _PEN.search(turn.text) and "utter_do_allergy" not in keys:
            reply.say("utter_do_allergy")
    elif not translated:
        if tier is Tier.ROUTINE:
            reply.say_all(notes.said)
        reply.say(*keys[:-1] or keys)
        reply.say(keys[-1])
        if "utter_vet" not in keys[:1]:
            _beside(reply, turn, home, tier)
    reply.send(dispatcher)
    asked = next((_ASKS[key] for key in keys if key in _ASKS), None)
    if any(key.startswith("utter_crisis_") for key in translated):
        asked = "safe"
    spoken = _condition(verdict)  # what comes next goes on about the condition or medicine
    events = remember([spoken or "escalated"], asked=asked, concern=next(iter(most_telling(verdict)), tier.label))
    return [*events, SlotSet("refused", None), SlotSet("reached", None)] if turn.case_tier < tier else events


def _condition(verdict: Verdict) -> str | None:
    return (
        "contraindications"
        if {sign.id for sign in verdict.signs if sign.layer == "catalogue"} == {"condition"}
        else None
    )


def _beside(reply: Reply, turn: Turn, home: House, tier: Tier) -> None:
    """The benign questions in the same message: held where they could harm, answered where that is safe."""
    for topic in subjects(turn.text)[:2]:
        if tier is Tier.ROUTINE and topic in _SAFE_BESIDE_ROUTINE:
            continue
        if (hold := f"utter_hold_{topic}") in home.wording:
            reply.say(hold)
    for topic in [name for name in (*turn.topics, *subjects(turn.text)) if name in _SAFE_BESIDE_ROUTINE][:1]:
        if tier is Tier.ROUTINE:
            reply.answer(answer_topic(topic, turn.asking(home)))
