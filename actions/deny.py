"""action_deny: no, in answer to whatever the bot asked last."""

from __future__ import annotations

from rasa_sdk.executor import CollectingDispatcher

from actions.answering import answer_subjects, remind
from actions.checking import ask_check
from actions.escalating import escalate
from actions.house import House
from actions.picking_up import pick_up
from actions.remembering import note_session
from actions.reply import Reply
from actions.turn import Events, Turn, remember
from actions.turn_action import TurnAction
from bot.care.answered import NOT_SAFE, answered
from bot.care.context import corrected
from bot.care.denials import all_denied
from bot.care.session_time import parse_session_time
from bot.triage.tier import Tier
from bot.triage.vague import sounds_off

_BARE_NO = 4  # words


class ActionDeny(TurnAction):
    """A no to "are you safe?" is an emergency; a no to a list of signs is good news."""

    def name(self) -> str:
        """Name in domain.yml."""
        return "action_deny"

    def answer(self, dispatcher: CollectingDispatcher, turn: Turn, home: House) -> Events:
        """Take the no."""
        if turn.asked == "safe" and not (len(turn.text.split()) <= _BARE_NO or "safe" in turn.text.lower()):
            # "No, not like that" answers something else than whether they are safe.
            Reply(home, turn.asking(home).values).say("utter_again_crisis").send(dispatcher)
            return remember(["escalated"], asked="safe")
        if turn.asked == "safe":
            return escalate(dispatcher, turn, home, answered(NOT_SAFE, Tier.EMERGENCY))
        meant = corrected(turn.text, list(turn.pair))
        if meant:
            return answer_subjects(dispatcher, turn, home, meant[:1])
        if parse_session_time(turn.text, turn.now, home.clinic.tz, home.clinic.date_order, asked=True) is not None:
            return note_session(dispatcher, turn, home)
        picked_up = pick_up(dispatcher, turn, home)
        if picked_up is not None:
            return picked_up
        if sounds_off(turn.text) and turn.wants_check:
            return ask_check(dispatcher, turn, home)
        reply = Reply(home, turn.asking(home).values)
        if turn.asked == "suicidal":
            reply.say("utter_mood_no")
        elif not turn.must_be_seen and (turn.asked == "infection" or all_denied(turn.text)):
            reply.say("utter_signs_denied")
        else:
            reply.say("utter_deny")
            remind(reply, turn)
        reply.send(dispatcher)
        return remember()
