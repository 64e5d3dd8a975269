"""The symptom check: its answers taken, and, where a message is doubtful or the check is ignored, asked."""

from __future__ import annotations

from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.answering import remind
from actions.effects import send_effect
from actions.escalating import escalate
from actions.house import House
from actions.notes import take_notes
from actions.reply import Reply
from actions.turn import Events, Turn, remember
from bot.care.answered import answered
from bot.care.check_words import Heard, read_answer
from bot.care.effects import CaseEffect, CheckEffect
from bot.care.symptom_check import UNANSWERED, YES_ALONE, Step, verdict_of
from bot.triage.tier import Tier
from bot.triage.verdict import NO_RISK, Verdict

NONE = "none"  # the sign of the button that says none of them is there

_BUTTONS = "utter_button_check"
# A sign named in one of these ways is not there right now, or not the patient's: worth a question, no yes.
_ELSEWHERE = {
    "past", "healed", "hypothetical", "general_question", "other_person_past", "hearsay", "normal_temperature",
}  # fmt: skip
_TAKEN_NOTE = {"ok", "okay", "k", "alright", "sure", "great", "cool", "understood", "thanks", "fine", "good", "perfect"}


def answer_check(dispatcher: CollectingDispatcher, turn: Turn, home: House) -> Events | None:
    """Take the message as an answer to the check; None where it is none, or where no check waits."""
    if turn.pressed:
        return _reassure(dispatcher, turn, home) if turn.entities.get("sign") == NONE else None
    if not turn.check_answerable:
        return None
    heard = _heard(turn)
    if turn.verdict.tier > Tier.NONE:
        return _escalate_higher(dispatcher, turn, home, heard)
    kind = heard.kind if heard else None
    match kind:
        case "signs" if heard:
            return escalate(dispatcher, turn, home, verdict_of(heard.items))
        case "unsure":
            return escalate(dispatcher, turn, home, answered("unsure", Tier.ROUTINE))
        case "none":
            return None if "?" in turn.text else _reassure(dispatcher, turn, home)
        case "likely":
            return escalate(dispatcher, turn, home, YES_ALONE)
        case "yes" | "unclear":
            return _ask_which(dispatcher, turn, home, kind)
    # Whoever said yes and then speaks of something else has a sign all the same.
    return escalate(dispatcher, turn, home, YES_ALONE) if turn.check == "yes" else None


def ask_check(dispatcher: CollectingDispatcher, turn: Turn, home: House) -> Events:
    """Ask the check of somebody who is worried, whatever was asked before."""
    send_effect(dispatcher, CheckEffect("asked"))
    Reply(home, turn.asking(home).values).say("utter_check").offer(home.wording.buttons(_BUTTONS)).send(dispatcher)
    return remember(pending=turn.pending)


def mind_check(dispatcher: CollectingDispatcher, turn: Turn, home: House, events: Events) -> Events:
    """Put the check, or what is still open of it, under what was answered; after an escalation nothing is asked."""
    if SlotSet("last_topic", "escalated") in events:
        return events
    reply = Reply(home, turn.asking(home).values)
    step: Step | None = None
    if turn.check_open:
        step = _speak_of_open_check(dispatcher, turn, home, reply)
    elif turn.wants_check:
        step = "asked"
        reply.say("utter_check").offer(home.wording.buttons(_BUTTONS))
    elif turn.in_doubt and turn.check_quiet:
        reply.say("utter_check_watch")
    if step is not None:
        send_effect(dispatcher, CheckEffect(step))
        events = [*events, SlotSet("asked", None)]  # the check is the last question now
    reply.append(dispatcher)
    return events


def _speak_of_open_check(dispatcher: CollectingDispatcher, turn: Turn, home: House, reply: Reply) -> Step:
    """Take a no that stands before another question; else remind once, and then leave it to a clinician."""
    heard = _heard(turn)
    if heard is not None and heard.kind == "none":
        reply.say("utter_check_watch")
        return "denied"
    if turn.check == "asked":
        reply.say("utter_check_reminder").offer(home.wording.buttons(_BUTTONS))
        return "reminded"
    send_effect(dispatcher, CaseEffect("routine", "check_unanswered", (UNANSWERED.as_dict(),)))
    reply.say("utter_check_unanswered")
    return "lapsed"


def _heard(turn: Turn) -> Heard | None:
    heard = read_answer(turn.text)
    if heard is not None and heard.kind == "signs":
        elsewhere = any(low.reason in _ELSEWHERE for low in turn.verdict.lowered)
        return Heard("unclear") if elsewhere else heard
    if not turn.check_open:
        return heard if turn.asked is None else None  # a yes or no is to what was asked since
    if heard is not None:
        return heard
    if turn.intent == "affirm" and not _TAKEN_NOTE & set(turn.text.lower().split()):
        return Heard("yes")
    return Heard("unclear") if turn.intent == "nlu_fallback" else None


def _escalate_higher(dispatcher: CollectingDispatcher, turn: Turn, home: House, heard: Heard | None) -> Events | None:
    """Escalate a flagged message by its answer where that weighs more than what the gate found; else None."""
    verdict = _weight(turn, heard)
    if verdict.tier <= turn.verdict.tier:
        return None
    return escalate(dispatcher, turn, home, turn.verdict.merge(verdict))


def _weight(turn: Turn, heard: Heard | None) -> Verdict:
    kind = heard.kind if heard else None
    if heard is not None and kind == "signs":
        return verdict_of(heard.items)
    said_yes = kind in ("yes", "likely") or (turn.check == "yes" and kind not in ("none", "unsure"))
    return YES_ALONE if said_yes else NO_RISK


def _ask_which(dispatcher: CollectingDispatcher, turn: Turn, home: House, step: Step) -> Events:
    """Ask once which one it is; a second answer that does not say so is urgent."""
    if turn.check in ("yes", "unclear"):
        return escalate(dispatcher, turn, home, YES_ALONE)
    send_effect(dispatcher, CheckEffect(step))
    reply = Reply(home, turn.asking(home).values)
    reply.say("utter_check_which").offer(home.wording.buttons(_BUTTONS)).send(dispatcher)
    return remember(pending=turn.pending)


def _reassure(dispatcher: CollectingDispatcher, turn: Turn, home: House) -> Events:
    """None of them: say what to watch for, and ask when the session was where nobody knows."""
    send_effect(dispatcher, CheckEffect("denied"))
    turn = take_notes(turn, home, dispatcher).turn
    reply = Reply(home, turn.asking(home).values)
    if turn.must_be_seen:
        reply.say("utter_deny")
        remind(reply, turn)
        reply.send(dispatcher)
        return remember()
    reply.say("utter_check_none")
    asks_time = turn.treatment is None and not turn.general
    if asks_time:
        reply.say("utter_ask_session_time")
    reply.send(dispatcher)
    return remember(pending=turn.pending, asked="session_time" if asks_time else None)
