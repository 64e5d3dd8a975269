"""Answers subjects in one reply. Shared by every action that ends in an answer."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.effects import send_effect
from actions.house import House
from actions.notes import Notes, take_notes
from actions.reply import Reply
from actions.turn import Events, Turn, remember
from bot.care.advice import escalation_keys
from bot.care.again import remembered, shortened
from bot.care.answers import answer_subject
from bot.care.asking import Answer
from bot.care.context import MOST_SUBJECTS, carried, words_about
from bot.care.effects import TopicEffect
from bot.care.holding import HELD_TOPICS, says_minor
from bot.triage.tier import Tier

_PLAYS_DOWN = re.compile(
    r"\brelax\b|\bchill\b|calm down|probably|prob\b|just (?:a |some )?(?:sweat|cold|spot|scab|bit)|overreact"
    r"|no big deal|don'?t worry|nothing|i'?m fine|its? fine|it'?s fine|not that bad|silly|paranoid",
    re.IGNORECASE,
)
_OWN_REMINDERS = {"vet": "utter_vet_again", "crisis": "utter_again_crisis"}
# Calm answers about the very thing a clinician must see would take the urgency back.
_CALMING = {"side_effects", "infection_signs", "healing_timeline"}
_MAY_HIDE_A_FEVER = {
    "utter_pain_relief", "utter_pain_relief_dose", "utter_nsaid", "utter_nsaid_not_yet", "utter_nsaid_ok",
}  # fmt: skip


def answer_subjects(
    dispatcher: CollectingDispatcher,
    turn: Turn,
    home: House,
    subjects: Sequence[str],
    *,
    lead: Sequence[str] = (),
    notes: Notes | None = None,
) -> Events:
    """Answer up to four subjects (topic, or topic/activity), after taking in what the message states.

    `lead` stands in front of the answer.
    With an urgent case open nothing is allowed: what would be a yes is held until the clinic has looked.
    """
    notes = notes or take_notes(turn, home, dispatcher)
    turn = notes.turn
    if turn.alarm and plays_down(turn):
        return stay_firm(dispatcher, turn, home)
    if turn.must_be_seen and subjects[0].partition("/")[0] in _CALMING:
        return stay_firm(dispatcher, turn, home)
    asking = turn.asking(home)
    reply = Reply(home, asking.values)
    reply.lead(*lead).say_all(notes.said)
    answers = []
    for subject in subjects[:MOST_SUBJECTS]:
        words = carried(words_about(subject, turn.text) if len(subjects) > 1 else turn.text, list(turn.last))
        answer = answer_subject(subject, asking.about(words))
        _speak(reply, shortened(answer, turn.told, asking.plan), turn, home)
        answers.append(answer)
    may_ask = turn.asked != "session_time" and not turn.must_be_seen and not turn.general
    wants_time = may_ask and any(answer.wants_time for answer in answers)
    asks_time = wants_time and not (turn.wants_check or turn.check_open)  # one question at a time
    if asks_time:
        reply.say("utter_ask_session_time")
    if any("/" in answer.subject and not _is_over(answer) for answer in answers):
        reply.say_all(notes.counted)
    remind(reply, turn)
    reply.send(dispatcher)
    spoken = [answer.subject for answer in answers]
    send_effect(dispatcher, TopicEffect(tuple(dict.fromkeys(s.partition("/")[0] for s in spoken))))
    asked = "session_time" if asks_time else next((a.asked for a in answers if a.asked), None)
    pair = spoken if len(spoken) > 1 else None if spoken[0] in turn.pair else []
    kept = "+".join(remembered(turn.told, answers))
    return [
        *remember(spoken, pair=pair, pending=spoken if wants_time else (), asked=asked),
        SlotSet("told", kept),
        *([SlotSet("minor", "yes")] if says_minor(turn.text) else []),
    ]


def plays_down(turn: Turn) -> bool:
    """Whether the patient plays a sign down without asking anything."""
    return "?" not in turn.text and _PLAYS_DOWN.search(turn.text) is not None


def stay_firm(dispatcher: CollectingDispatcher, turn: Turn, home: House) -> Events:
    """Repeat, kindly and shortly, what an open case still needs; not to somebody who has refused it."""
    reply = Reply(home, turn.asking(home).values)
    if turn.answered or turn.help_reached:
        reply.say("utter_case_reminder_reached").send(dispatcher)
        return remember(["escalated"])
    if turn.refusal_respected and plays_down(turn):
        reply.say("utter_refusal_respected").send(dispatcher)
        return remember(["escalated"])
    verdict = turn.standing
    said = escalation_keys(verdict, home.clinic, turn.now, again=True, promised=turn.case_due)
    reply.say(*(key for key, _ in said), **said[0][1])
    reply.send(dispatcher)
    return remember(["escalated"])


def remind(reply: Reply, turn: Turn) -> None:
    """One line that an open case still needs to be seen; only where it is urgent or worse, and nobody refused."""
    if turn.refusal_respected or turn.answered:
        return
    if turn.help_reached:
        reply.say("utter_case_reminder_reached")
    elif turn.alarm and turn.concern in _OWN_REMINDERS:
        reply.say(_OWN_REMINDERS[turn.concern])
    elif turn.case_tier is Tier.EMERGENCY:
        reply.say("utter_case_reminder_emergency")
    elif turn.case_tier is Tier.URGENT:
        reply.say("utter_case_reminder")


def _is_over(answer: Answer) -> bool:
    """Whether the answer is that a wait is over, whenever that day the session was."""
    return all(key.endswith("_ok") for key in answer.keys) and not any(
        key.startswith("utter_proposal") for key in answer.keys
    )


def _speak(reply: Reply, answer: Answer, turn: Turn, home: House) -> None:
    masks = not _MAY_HIDE_A_FEVER.isdisjoint(answer.keys)
    topic, until, _ = answer.subject.partition("/")  # a wait's end is a promise too
    hold = "utter_hold_painkiller" if masks else f"utter_hold_{topic}"
    withheld = turn.must_be_seen or topic in {HELD_TOPICS[one] for one in turn.held}
    if withheld and (answer.go_ahead or masks or until) and hold in home.wording:
        reply.say("utter_hold_told" if turn.answered else hold)
    else:
        reply.answer(answer)
