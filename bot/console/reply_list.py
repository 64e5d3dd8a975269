"""The canned replies for one conversation."""

from bot.console.auth import Member, RefusedError
from bot.console.console import Console
from bot.console.replies import Filled, Known, fill
from bot.conversation.desk import called
from bot.conversation.record import personal_of, treatment_of
from bot.store.tables import Conversation


def known_of(console: Console, member: Member, conversation_id: str) -> Known:
    """What replies are filled in with. Raises RefusedError where there is no such conversation."""
    with console.services.store.read() as session:
        conversation = session.get(Conversation, conversation_id)
        if conversation is None:
            raise RefusedError(404, "There is no such conversation.")
        patient = conversation.patient
        return Known(
            called=patient.record.called if patient.record else "",
            me=called(member.staff),
            treatment=treatment_of(session, patient.id),
            personal=personal_of(session, patient, console.services.clinic),
        )


def filled_replies(console: Console, member: Member, conversation_id: str) -> list[Filled]:
    """Every canned reply of the clinic with this patient's dates."""
    known = known_of(console, member, conversation_id)
    return fill(console.replies.replies, console.services.clinic, known, console.services.clock.now())
