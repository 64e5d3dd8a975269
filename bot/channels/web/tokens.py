"""The tokens with which browsers open their conversation: chance, kept as hashes, ended when unused, and exchanged.

A conversation outlives its tokens: each is a row of its own, so a new one opens the same conversation.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session, contains_eager

from bot.store.database import Store
from bot.store.tables import Conversation, Patient, WebToken

UNUSED = timedelta(days=90)  # after so long without use a token opens nothing
EXCHANGED = timedelta(days=30)  # after so long the browser is given another
BOTH = timedelta(days=1)  # the one before works so long beside it: another tab may still hold it
_NOTED = timedelta(days=1)  # use is written down no more often than this


@dataclass(frozen=True)
class Held:
    """A token that opens something: which conversation, of which patient, and since when there is this token."""

    conversation: Conversation
    patient_key: str
    made_at: datetime
    expires_at: datetime


def hash_of(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_token() -> str:
    """256 bits of chance."""
    return secrets.token_urlsafe(32)


_OPENS = (
    select(Conversation, WebToken.made_at, WebToken.expires_at)
    .join(Conversation.patient)
    .join(WebToken, WebToken.patient_id == Patient.id)
    .where(
        WebToken.token_hash == bindparam("token_hash"),
        WebToken.expires_at > bindparam("now"),
        Patient.channel == "web",
    )
    .options(contains_eager(Conversation.patient))
)


def held(session: Session, now: datetime, token: str) -> Held | None:
    """What a token opens; None when it is unknown or has run out."""
    found = session.execute(_OPENS, {"token_hash": hash_of(token), "now": now}).first()
    if found is None:
        return None
    conversation, made_at, expires_at = found
    return Held(conversation, conversation.patient.channel_key, made_at, expires_at)


def opened(store: Store, now: datetime, token: str) -> Held | None:
    """What a token opens, for a browser that uses it now: its end is put off."""
    with store.read() as session:
        found = held(session, now, token)
    if found is not None and found.expires_at - now < UNUSED - _NOTED:
        with store.write() as session:
            used = update(WebToken).where(WebToken.token_hash == hash_of(token), WebToken.exchanged_at.is_(None))
            session.execute(used.values(expires_at=now + UNUSED))
    return found


def give(session: Session, now: datetime, conversation: Conversation, had: str, fresh: str) -> str:
    """The token with which a browser goes on: the one it `had` while that is young, else `fresh`, which is stored."""
    known = held(session, now, had) if had else None
    same = known is not None and known.conversation.id == conversation.id
    if same and known is not None and known.made_at > now - EXCHANGED:
        return had
    session.execute(delete(WebToken).where(WebToken.expires_at <= now))
    if same:
        old = update(WebToken).where(WebToken.token_hash == hash_of(had), WebToken.exchanged_at.is_(None))
        session.execute(old.values(expires_at=now + BOTH, exchanged_at=now))
    row = WebToken(patient_id=conversation.patient_id, token_hash=hash_of(fresh), made_at=now, expires_at=now + UNUSED)
    session.add(row)
    return fresh
