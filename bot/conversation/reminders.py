"""Whether a patient wants reminders, as it is stored: changed by their word, and told to the dialogue."""

from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.care.wording import Wording
from bot.conversation.choices import Choice, Verb, button
from bot.conversation.events import audit
from bot.store.tables import Author, Conversation, FollowUp, FollowUpState, Message, Reminders


def set_wish(session: Session, now: datetime, conversation: Conversation, *, wanted: bool) -> None:
    """Keep what the patient said about reminders; a no drops what is planned, in the same transaction."""
    conversation.reminders, conversation.reminders_at = Reminders.ON if wanted else Reminders.OFF, now
    action = "reminders_wanted" if wanted else "reminders_stopped"
    audit(session, now, "patient", action, conversation_id=conversation.id, case_id=None)
    if not wanted:
        session.execute(
            update(FollowUp)
            .where(FollowUp.conversation_id == conversation.id, FollowUp.state == FollowUpState.PLANNED)
            .values(state=FollowUpState.DROPPED, reason="stopped")
        )


def offer_buttons(wording: Wording) -> list[dict[str, Any]]:
    """The buttons under the offer."""
    verbs: tuple[Verb, ...] = ("remind", "leave")
    return [button(wording.render(f"utter_reminders_button_{verb}"), Choice(verb)) for verb in verbs]


def reminder_facts(session: Session, conversation: Conversation, message: Message) -> dict[str, Any]:
    """What Rasa's actions are told: on, off, or asked where this message is the first word after the offer."""
    wish, since = conversation.reminders, conversation.reminders_at
    if wish is not Reminders.ASKED or since is None:
        return {"reminders": wish.value if wish and wish is not Reminders.ASKED else None}
    said_since = session.scalar(
        select(Message.id)
        .where(
            Message.conversation_id == conversation.id,
            Message.author == Author.PATIENT,
            Message.created_at >= since,
        )
        .order_by(Message.id)
        .limit(1)
    )
    return {"reminders": "asked" if said_since == message.id else None}
