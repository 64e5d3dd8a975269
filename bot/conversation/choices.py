"""Buttons whose press we answer ourselves, without Rasa: consent, reminders, the confirmation of a deletion."""

from dataclasses import dataclass
from typing import Any, Literal, cast, get_args

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from bot.store.tables import Author, Message

Verb = Literal["agree", "decline", "unproven", "delete", "keep", "remind", "leave", "teach", "not_teach"]
_MARK = "aftercare"  # Rasa's payloads begin with a slash


@dataclass(frozen=True)
class Choice:
    """What a button of ours stands for; `number` is the enrolment's, else 0."""

    verb: Verb
    number: int = 0

    @property
    def payload(self) -> str:
        """As the button carries it."""
        return f"{_MARK}:{self.verb}:{self.number}"

    @classmethod
    def read(cls, payload: str | None) -> "Choice | None":
        """A payload's choice; None for buttons that are Rasa's."""
        mark, _, rest = (payload or "").partition(":")
        verb, _, number = rest.partition(":")
        return cls(cast(Verb, verb), int(number)) if mark == _MARK and verb in get_args(Verb) else None


def button(title: str, choice: Choice) -> dict[str, Any]:
    """A button as the outbox takes it."""
    return {"title": title, "payload": choice.payload}


_NEWEST = (
    select(Message.id, Message.buttons)
    .where(Message.conversation_id == bindparam("conversation_id"), Message.author == Author.BOT)
    .order_by(Message.id.desc())
    .limit(1)
)


def typed_choice(session: Session, conversation_id: str, text: str) -> tuple[int, str] | None:
    """The message and payload that words stand for which repeat the title of a button of ours, just offered."""
    newest = session.execute(_NEWEST, {"conversation_id": conversation_id}).first()
    if newest is None:
        return None
    said = _plain(text)
    for one in newest.buttons:
        if Choice.read(one["payload"]) is not None and _plain(one["title"]) == said:
            return newest.id, one["payload"]
    return None


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("’", "'").strip(" .!").split())
