"""Finding messages and names by words: candidates from the index, read before they count."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from bot.store.keys import KeyRing
from bot.store.search_words import STEMS, holds, message_lookup, name_lookup, words_of
from bot.store.tables import CareRecord, Conversation, Message, MessageWord, NameWord, Patient

PAGE = 200  # candidates read at once
MOST_READ = 10_000  # candidates; who looks for a word that so many share wants the newest


@dataclass(frozen=True)
class Wanted:
    """What is looked for. In quotes the words stand side by side, in this order; the last may go on."""

    words: tuple[str, ...]
    phrase: bool

    @classmethod
    def read(cls, written: str) -> "Wanted":
        """As it was typed."""
        text = written.strip()
        return cls(tuple(words_of(text)), text[:1] in {'"', "“", "”"})

    def looked_up(self) -> set[str]:
        """The words to ask the index for. A last word of few letters is still being written: reading finds it."""
        *whole, last = self.words
        return {*whole} if whole and len(last) < STEMS[0] else {*self.words}


def find_messages(session: Session, keys: KeyRing, wanted: Wanted, most: int) -> list[Message]:
    """Messages of patients and clinicians that hold what is wanted, newest first, so many at most."""
    if not wanted.words:
        return []
    ids = _candidates(session, keys, wanted)
    found: list[int] = []
    for at in range(0, len(ids), PAGE):
        page = select(Message.id, Message.text).where(Message.id.in_(ids[at : at + PAGE])).order_by(Message.id.desc())
        found += [key for key, text in session.execute(page) if holds(text, wanted.words, wanted.phrase)]
        if len(found) >= most:
            break
    return list(session.scalars(select(Message).where(Message.id.in_(found[:most])).order_by(Message.id.desc())))


def _candidates(session: Session, keys: KeyRing, wanted: Wanted) -> list[int]:
    """The ids of messages that may hold all words, newest first."""
    found: set[int] | None = None
    for word in wanted.looked_up():
        theirs = select(MessageWord.message_id).where(MessageWord.word.in_(message_lookup(keys, word)))
        having = set(session.scalars(theirs))
        found = having if found is None else found & having
    return sorted(found or (), reverse=True)[:MOST_READ]


def find_named(session: Session, keys: KeyRing, wanted: Wanted, most: int) -> Sequence[Conversation]:
    """Conversations of patients whose name or number has words that begin as wanted, the newest first."""
    if not wanted.words:
        return []
    named = [
        CareRecord.id.in_(select(NameWord.record_id).where(NameWord.word.in_(name_lookup(keys, word))))
        for word in wanted.words
    ]
    query = select(Conversation).join(Conversation.patient).join(CareRecord, CareRecord.id == Patient.record_id)
    return session.scalars(
        query.where(*named).order_by(Conversation.created_at.desc()).limit(most)
        .options(joinedload(Conversation.patient))
    ).all()  # fmt: skip
