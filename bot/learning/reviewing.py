"""Recording what a reviewer found about a message, and taking it back. Audited without text."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.conversation.events import audit
from bot.learning.topics import TOPICS
from bot.store.tables import Author, Conversation, Finding, Message, Review, Staff

_CORRECTIONS = (Finding.WRONG_TOPIC, Finding.MISSED_SIGN, Finding.FALSE_ALARM)


class ReviewError(Exception):
    """What was found cannot be kept. The message says why, for the person who reviews."""


def keep_review(
    session: Session, now: datetime, staff: Staff, message: Message, finding: Finding, about: str, signs: set[str]
) -> Review:
    """Keep a finding; the same one again stays one. `signs` are the ids of the catalogue.

    "Fine" and corrections exclude each other: the newer stands. A new right topic takes the place of the last.
    Raises ReviewError where `about` names no topic, no sign, or no sign of this message.
    """
    _check(message, finding, about, signs)
    excluded = _CORRECTIONS if finding is Finding.FINE else (Finding.FINE,)
    replaced = (*excluded, Finding.WRONG_TOPIC) if finding is Finding.WRONG_TOPIC else excluded
    session.execute(delete(Review).where(Review.message_id == message.id, Review.finding.in_(replaced)))
    mine = select(Review).where(
        Review.message_id == message.id, Review.finding == finding, Review.about == about
    )  # fmt: skip
    kept = session.scalar(mine)
    if kept is None:
        kept = Review(message_id=message.id, staff_id=staff.id, finding=finding, about=about, at=now)
        session.add(kept)
        _note(session, now, staff, message, "reviewed", finding=str(finding), about=about)
    return kept


def take_back(session: Session, now: datetime, staff: Staff, message: Message) -> None:
    """Forget everything that was found about a message: it waits for a review again."""
    session.execute(delete(Review).where(Review.message_id == message.id))
    _note(session, now, staff, message, "review_taken_back")


def withdraw_training(session: Session, now: datetime, staff: Staff, message: Message) -> None:
    """Note that the writer of a message told the clinic not to learn from what they write."""
    conversation = session.get_one(Conversation, message.conversation_id)
    conversation.patient.training_at = None
    _note(session, now, staff, message, "training_withdrawn")


def _check(message: Message, finding: Finding, about: str, signs: set[str]) -> None:
    if message.author is not Author.PATIENT:
        raise ReviewError("Only what a patient wrote is reviewed.")
    if finding is Finding.FINE and about:
        raise ReviewError("Fine is about nothing in particular.")
    if finding is Finding.WRONG_TOPIC and about not in TOPICS:
        raise ReviewError("Choose the topic that is right.")
    if finding is Finding.MISSED_SIGN and about not in signs:
        raise ReviewError("Choose the sign that was missed.")
    if finding is Finding.FALSE_ALARM and about not in signs_of(message):
        raise ReviewError("Choose which sign of this message was wrong.")


def signs_of(message: Message) -> list[str]:
    """The ids of the signs that were seen in a message, each once."""
    found = (message.verdict or {}).get("signs", [])
    return list(dict.fromkeys(str(sign["id"]) for sign in found))


def _note(session: Session, now: datetime, staff: Staff, message: Message, action: str, **detail: str) -> None:
    audit(
        session,
        now,
        f"staff:{staff.id}",
        action,
        conversation_id=message.conversation_id,
        case_id=None,
        message_id=message.id,
        **detail,
    )
