"""Recording from the console when the session ended. What staff record stands until somebody records it anew."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import joinedload

from bot.care.treatment import Treatment
from bot.console.auth import Member
from bot.console.console import Console
from bot.conversation.desk import DeskError
from bot.conversation.events import audit, record
from bot.conversation.record import correct
from bot.store.tables import Conversation

_OLDEST = timedelta(days=400)
_SLACK = timedelta(minutes=5)  # between the clock of the console's machine and ours


class FormError(ValueError):
    """A field is not filled in so that it can be used. `field` names it, the message says the mend."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Session:
    """A session as the form gives it."""

    ended_at: datetime
    depth_mm: float | None


def read_session(console: Console, form: Mapping[str, str]) -> Session:
    """The form's session. Its time is local to the clinic; of an hour that comes twice, the later one is meant."""
    now, tz = console.services.clock.now(), console.services.clinic.tz
    try:
        local = datetime.fromisoformat(form.get("ended_at", ""))
    except ValueError:
        raise FormError("ended_at", "Write the day and time when the session ended.") from None
    ended_at = local.replace(tzinfo=tz, fold=1).astimezone(UTC)
    if ended_at > now + _SLACK:
        raise FormError("ended_at", "This time is in the future: write when the session ended.")
    if ended_at < now - _OLDEST:
        raise FormError("ended_at", "This is more than a year ago: check the year.")
    return Session(min(ended_at, now), _depth(form.get("depth_mm", "")))


def _depth(written: str) -> float | None:
    if not written.strip():
        return None
    try:
        depth = float(written.replace(",", ".").removesuffix("mm"))
    except ValueError:
        depth = 0.0
    if not 0.1 <= depth <= 3:
        raise FormError("depth_mm", "Write the needle depth in mm, between 0.1 and 3, or leave it empty.")
    return depth


def record_session(console: Console, member: Member, conversation_id: str, said: Session) -> None:
    """Write the session down as recorded by the clinic. Raises DeskError when there is no such conversation."""
    services = console.services
    now = services.clock.now()
    with services.store.write() as session:
        conversation = session.get(Conversation, conversation_id, options=[joinedload(Conversation.patient)])
        if conversation is None:
            raise DeskError("There is no such conversation.")
        told_by = f"staff:{member.staff.id}"
        correct(session, now, conversation.patient, Treatment(said.ended_at, "recorded", said.depth_mm), told_by)
        record(session, now, conversation_id, "treatment")
        audit(session, now, told_by, "treatment_recorded", conversation_id=conversation_id, case_id=None)
    services.bell.ring(conversation_id)
