"""Deleting the chats whose patients said so, once the time to think again is over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from bot.conversation.cases import open_or_raise
from bot.conversation.watching import watch
from bot.conversation.wished_away import may_go
from bot.privacy.erasing import erase_chat
from bot.services import Services
from bot.store.claims import claim
from bot.store.tables import Conversation, Delivery, Handling, Message
from bot.triage.tier import Tier

LOOK_EVERY = 20.0  # seconds
AGAIN = timedelta(minutes=5)  # until a chat is looked at again that could not be deleted yet, or whose bot died at it


@dataclass(frozen=True)
class Wishes:
    """Watches for chats whose time has come."""

    services: Services

    async def run(self) -> None:
        """Watch until cancelled."""
        await watch(self.fulfil, LOOK_EVERY, "chats that patients want deleted")

    def fulfil(self) -> int:
        """Delete every chat that is due. Out: how many went."""
        done = 0
        for conversation_id, due in self._due():
            if self._take(conversation_id, due):
                done += erase_chat(self.services, conversation_id, "patient", _may_go_now)
        return done

    def _due(self) -> Sequence[tuple[str, datetime]]:
        now = self.services.clock.now()
        query = select(Conversation.id, Conversation.erase_at).where(Conversation.erase_at <= now)
        with self.services.store.read() as session:
            return [(key, due) for key, due in session.execute(query) if due]

    def _take(self, conversation_id: str, due: datetime) -> bool:
        """Claim a chat. Out: whether it is to be deleted now; not where staff have come in since, who then decide."""
        now = self.services.clock.now()
        with self.services.store.write() as session:
            mine = (Conversation.id == conversation_id, Conversation.erase_at == due)
            if not claim(session, Conversation, *mine, erase_at=now + AGAIN):
                return False
            conversation = session.get_one(Conversation, conversation_id)
            if may_go(session, conversation):
                return _may_go_now(session, conversation)
            conversation.erase_at = None
            clinic = self.services.clinic
            open_or_raise(session, clinic, now, conversation_id, tier=Tier.ROUTINE, reason="privacy_request")
        self.services.bell.ring(conversation_id)
        return False


def _may_go_now(session: Session, conversation: Conversation) -> bool:
    """Whether the wish stands, no staff have come in, and nothing is on its way."""
    wished = conversation.erase_at is not None and may_go(session, conversation)
    return wished and not _under_way(session, conversation.id)


def _under_way(session: Session, conversation_id: str) -> bool:
    """Whether something of the chat is still to be answered or sent."""
    waits = (Message.handling == Handling.RECEIVED) | (Message.delivery == Delivery.PENDING)
    return bool(session.scalar(select(exists().where(Message.conversation_id == conversation_id, waits))))
