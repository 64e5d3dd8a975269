"""A question as the answering code sees it, and an answer as the speaking code needs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.care.clinic import Clinic
from bot.care.coming_session import Coming
from bot.care.plan import CarePlan, care_plan
from bot.care.treatment import Treatment
from bot.care.values import Values, clinic_values, personal_values, session_values
from bot.care.wording import Wording


@dataclass(frozen=True)
class Asking:
    """One patient message with all that an answer may depend on. `now` is aware.

    `coming` is the session that still lies ahead, where none is known that is past, or it is but days away.
    """

    clinic: Clinic
    wording: Wording
    now: datetime
    text: str
    treatment: Treatment | None = None
    personal: Mapping[str, float] = field(default_factory=dict)
    coming: Coming | None = None

    @property
    def plan(self) -> CarePlan:
        """The patient's care plan at `now`."""
        return care_plan(self.clinic, self.treatment, self.now, self.personal)

    @property
    def day(self) -> int | None:
        """Local days since the session, or None when it is not known."""
        return None if self.treatment is None else self.treatment.day(self.now, self.clinic.tz)

    @property
    def values(self) -> Values:
        """Values every response may use: the clinic's, this patient's figures, the session."""
        values = clinic_values(self.clinic, self.now) | personal_values(self.clinic, self.personal)
        if self.treatment is not None:
            values |= session_values(self.treatment, self.clinic, self.now)
        return values

    def about(self, text: str) -> Asking:
        """The same situation with other words."""
        return replace(self, text=text)


@dataclass(frozen=True)
class Answer:
    """What to say: responses with their values, in order; they read as one paragraph.

    `subject` is what it was about, as the conversation remembers it: a topic, or topic/activity. `wants_time`: knowing
    the session's time would make it exact. `asked` names the question it ends with. `go_ahead`: it allows something.
    """

    said: tuple[tuple[str, Values], ...]
    subject: str
    wants_time: bool = False
    asked: str | None = None
    go_ahead: bool = False

    @property
    def keys(self) -> list[str]:
        """The response keys alone."""
        return [key for key, _ in self.said]

    def text(self, wording: Wording) -> str:
        """The paragraph."""
        return " ".join(wording.render(key, **values) for key, values in self.said)
