"""action_affirm: yes, in answer to whatever the bot asked last."""

from __future__ import annotations

from rasa_sdk.executor import CollectingDispatcher

from actions.answering import answer_subjects, remind
from actions.handing_over import ask_for_person
from actions.house import House
from actions.picking_up import pick_up
from actions.privacy import pass_on_request
from actions.reply import Reply
from actions.sign_question import confirm_sign
from actions.turn import Events, Turn, remember
from actions.turn_action import TurnAction


class ActionAffirm(TurnAction):
    """A yes means what was asked: a person, a sign, a danger, a deletion."""

    def name(self) -> str:
        """Name in domain.yml."""
        return "action_affirm"

    def answer(self, dispatcher: CollectingDispatcher, turn: Turn, home: House) -> Events:
        """Take the yes."""
        confirmed = confirm_sign(dispatcher, turn, home)
        if confirmed is not None:
            return confirmed
        match turn.asked:
            case "person":
                return ask_for_person(dispatcher, turn, home)
            case "privacy":
                return pass_on_request(dispatcher, turn, home, "utter_privacy_delete_again")
        picked_up = pick_up(dispatcher, turn, home)
        if picked_up is not None:
            return picked_up
        if "?" in turn.text and turn.asked is None and turn.last and "/" in turn.last[0]:
            return answer_subjects(dispatcher, turn, home, turn.last[:1])
        reply = Reply(home, turn.asking(home).values)
        match turn.asked:
            case "safe":
                reply.say("utter_crisis_safe")
            case "session_time":
                reply.say("utter_ask_session_date")
            case "burning":
                reply.say("utter_side_effects_burning")
            case _:
                reply.say("utter_affirm")
                remind(reply, turn)
        reply.send(dispatcher)
        return remember(pending=turn.pending, asked=turn.asked if turn.asked in ("session_time", "burning") else None)
