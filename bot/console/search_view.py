"""What a search found: patients by name, conversations and cases by number, messages by their words."""

from dataclasses import dataclass

from markupsafe import Markup, escape
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, joinedload

from bot.console.console import Console
from bot.console.people import patient_label
from bot.console.times import Times
from bot.store.search import Wanted, find_messages, find_named
from bot.store.search_words import WORD, words_of
from bot.store.tables import Author, Case, Conversation, Message

MOST = 50  # of each kind
AROUND = 90  # letters shown before and after the first word that was found
SHORTEST = 2  # letters
SIDES = {Author.PATIENT: "Patient", Author.CLINICIAN: "Staff"}


@dataclass(frozen=True)
class Hit:
    """One result: where it leads, whose conversation it is, and the words around what was found."""

    address: str
    patient: str
    about: str
    html: Markup


@dataclass(frozen=True)
class Found:
    """Everything that was found. `more`: there are messages beyond those shown."""

    people: tuple[Hit, ...]
    messages: tuple[Hit, ...]
    more: bool

    @property
    def count(self) -> int:
        """How many results there are."""
        return len(self.people) + len(self.messages)


def search(console: Console, session: Session, written: str) -> Found | None:
    """Look everywhere for what was written; None while it is too short. Everybody on the staff may read all chats."""
    wanted, times = Wanted.read(written), console.times()
    if sum(map(len, wanted.words)) < SHORTEST:
        return None
    keys = console.services.store.keys
    named = {one.id: one for one in [*_numbered(session, written), *find_named(session, keys, wanted, MOST)]}
    messages = find_messages(session, keys, wanted, MOST + 1)
    whose = _conversations(session, {message.conversation_id for message in messages})
    return Found(
        tuple(_person(one, wanted, times) for one in named.values()),
        tuple(_message(one, whose[one.conversation_id], wanted, times) for one in messages[:MOST]),
        len(messages) > MOST,
    )


def _numbered(session: Session, written: str) -> list[Conversation]:
    """Conversations by the code after a patient's name, or the number of a case: "9c1e", "12", "#12", "case 12"."""
    word = written.strip().casefold().removeprefix("case").strip(" #:")
    ways: list[ColumnElement[bool]] = []
    if word.isascii() and word.isdecimal() and len(word) < 10:
        ways.append(Conversation.id.in_(select(Case.conversation_id).where(Case.id == int(word))))
    code = word.rpartition(" ")[2]
    if len(code) >= 4 and set(code) <= set("0123456789abcdef"):
        ways.append(Conversation.id.startswith(code))
    if not ways:
        return []
    query = select(Conversation).where(or_(*ways)).order_by(Conversation.created_at.desc()).limit(MOST)
    return list(session.scalars(query.options(joinedload(Conversation.patient))))


def _conversations(session: Session, ids: set[str]) -> dict[str, Conversation]:
    query = select(Conversation).where(Conversation.id.in_(ids)).options(joinedload(Conversation.patient))
    return {one.id: one for one in session.scalars(query)}


def _person(conversation: Conversation, wanted: Wanted, times: Times) -> Hit:
    label = patient_label(conversation.patient, conversation.id)
    number = conversation.patient.record.patient_number if conversation.patient.record else None
    since = f"{f'No. {number}, ' if number else ''}since {times.moment(conversation.created_at)}"
    return Hit(f"/console/conversations/{conversation.id}", label, since, highlighted(label, wanted.words))


def _message(message: Message, conversation: Conversation, wanted: Wanted, times: Times) -> Hit:
    return Hit(
        f"/console/conversations/{message.conversation_id}#m{message.id}",
        patient_label(conversation.patient, conversation.id),
        f"{SIDES[message.author]}, {times.moment(message.created_at)}",
        highlighted(_around(message.text, wanted.words), wanted.words),
    )


def highlighted(text: str, words: tuple[str, ...]) -> Markup:
    """The text as HTML, with every word in a <mark> that begins as one of these."""
    out, at = Markup(), 0
    for found in WORD.finditer(text):
        if _begins(found[0], words):
            out += escape(text[at : found.start()]) + Markup("<mark>{}</mark>").format(found[0])
            at = found.end()
    return out + escape(text[at:])


def _around(text: str, words: tuple[str, ...]) -> str:
    first = next((found.start() for found in WORD.finditer(text) if _begins(found[0], words)), 0)
    start = text.rfind(" ", 0, max(0, first - AROUND)) + 1 if first > AROUND else 0
    end = min(len(text), first + 2 * AROUND)
    return ("… " if start else "") + text[start:end] + (" …" if end < len(text) else "")


def _begins(word: str, words: tuple[str, ...]) -> bool:
    return any(bare.startswith(words) for bare in words_of(word))
