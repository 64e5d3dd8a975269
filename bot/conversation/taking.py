"""Which conversation waits for an answer, and which worker has it meanwhile. Each statement is built once."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import bindparam, exists, select, update
from sqlalchemy.orm import Session, contains_eager

from bot.clock import Clock
from bot.store.claims import claiming
from bot.store.tables import RECEIVED, Conversation, Message

LEASE = timedelta(seconds=20)  # a worker that died holds a conversation no longer than this; renewed with each message

Waiting = tuple[Message, Conversation]

_THIS = Conversation.id == bindparam("conversation_id")
_FREE = (
    Conversation.claimed_until.is_(None)
    | (Conversation.claimed_until < bindparam("now"))
    | (Conversation.claimed_until > bindparam("beyond"))  # longer than any lasts: the clock was put back
    | (Conversation.claimed_by == bindparam("name"))
)
_HAS_ONE = exists().where(Message.conversation_id == Conversation.id, RECEIVED)
_TAKE = claiming(
    Conversation, _THIS, _FREE, _HAS_ONE, claimed_by=bindparam("name"), claimed_until=bindparam("until")
)  # fmt: skip
_HOLD = (
    update(Conversation.__table__)  # type: ignore[arg-type]
    .where(_THIS, Conversation.claimed_by == bindparam("name"))
    .values(claimed_by=bindparam("holder"), claimed_until=bindparam("until"))
    .returning(Conversation.id)
)
_WAITING = (
    select(Message.conversation_id)
    .join(Conversation, Conversation.id == Message.conversation_id)
    .where(RECEIVED, _FREE)
    .distinct()
)
_MESSAGES = (
    select(Message, Conversation)
    .join(Conversation, Conversation.id == Message.conversation_id)
    .join(Conversation.patient)
    .options(contains_eager(Conversation.patient))
)
_FIRST = (
    _MESSAGES.where(Message.conversation_id == bindparam("conversation_id"), RECEIVED).order_by(Message.id).limit(1)
)
_ONE = _MESSAGES.where(Message.id == bindparam("message_id"))


@dataclass(frozen=True)
class Taking:
    """What one worker takes, in its name."""

    clock: Clock
    name: str

    def waiting(self, session: Session) -> list[str]:
        """Conversations with something to answer that no other worker has."""
        return list(session.scalars(_WAITING, self._now()))

    def take(self, session: Session, conversation_id: str) -> Waiting | None:
        """Claim a conversation. Out: its first message that waits; None where there is none, or another has it."""
        lease = {**self._now(), "conversation_id": conversation_id, "until": self.clock.now() + LEASE}
        if session.connection().scalar(_TAKE, lease) is None:
            return None
        found = self.first(session, conversation_id)
        if found is None:
            self.hold(session, conversation_id, on=False)
        return found

    def first(self, session: Session, conversation_id: str) -> Waiting | None:
        """The first message of a conversation that is to be answered."""
        found = session.execute(_FIRST, {"conversation_id": conversation_id}).first()
        return (found[0], found[1]) if found else None

    def one(self, session: Session, message_id: int) -> Waiting:
        """A message and its conversation."""
        message, conversation = session.execute(_ONE, {"message_id": message_id}).one()
        return message, conversation

    def hold(self, session: Session, conversation_id: str, *, on: bool) -> bool:
        """Begin our lease anew, or end it. Out: whether the conversation was still ours."""
        holder, until = (self.name, self.clock.now() + LEASE) if on else (None, None)
        ours = {"conversation_id": conversation_id, "name": self.name, "holder": holder, "until": until}
        return session.connection().execute(_HOLD, ours).first() is not None

    def _now(self) -> dict[str, object]:
        now = self.clock.now()
        return {"now": now, "beyond": now + 2 * LEASE, "name": self.name}
