"""A patient's wish that their chat be deleted: what may go without the staff, and what they have to decide about.

What staff have acted on is part of the clinic's record, and the law says how long that is kept.
"""

from datetime import timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from bot.store.tables import Author, Case, Conversation, Message, Note, Owner

GRACE = timedelta(minutes=10)  # from the yes to the deletion; patients are told this figure


def may_go(session: Session, conversation: Conversation) -> bool:
    """Whether no staff have acted on a chat: no case of it, open or closed, no reply, no note, nobody has it."""
    acted = (
        exists().where(Case.conversation_id == conversation.id),
        exists().where(Note.conversation_id == conversation.id),
        exists().where(Message.conversation_id == conversation.id, Message.author == Author.CLINICIAN),
    )
    return conversation.owner is Owner.BOT and not any(session.scalar(select(one)) for one in acted)
