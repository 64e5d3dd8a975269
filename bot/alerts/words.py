"""What a page says: which case, how urgent, since when, and where to look. Never what a patient wrote or is called."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from bot.store.tables import Alert
from bot.triage.tier import Tier

_ASKS = {
    "first": "Please look at it in the console.",
    "again": "Nobody has acknowledged it yet.",
    "backup": "Nobody has acknowledged it yet, so the backup is paged too.",
    "overdue": "It is overdue: nobody has acknowledged it in time, so everybody is paged.",
}


@dataclass(frozen=True)
class Words:
    """A page: a title, a text, and a link into the console (empty: there is none)."""

    title: str
    text: str
    link: str

    @property
    def body(self) -> str:
        """The text with the link below it."""
        return f"{self.text}\n{self.link}".strip()


def words_of(alert: Alert, step: str, public_url: str, zone: tzinfo) -> Words:
    """What one step of an alert says."""
    if alert.case is None:
        return outage_words(alert.begun_at, zone)
    name = f"{_tier(alert)} case {alert.case_id}"
    link = f"{public_url}/console/conversations/{alert.case.conversation_id}"
    return Words(name, f"{name}, since {_clock(alert.begun_at, zone)}. {_ASKS[step]}", link)


def settled_words(alert: Alert, zone: tzinfo) -> str:
    """What stands in the staff's group once nobody has to look any more."""
    return f"{_tier(alert)} case {alert.case_id}, since {_clock(alert.begun_at, zone)}. {alert.ending}."


def outage_words(since: datetime, zone: tzinfo) -> Words:
    """That Telegram is not reached."""
    return Words(
        "Telegram is not reached",
        f"Telegram has not been reached for a while (noticed {_clock(since, zone)}). Patients there are not heard, and "
        "after 24 hours what they wrote is lost. Please have the server looked at.",
        "",
    )


def trial_words(public_url: str) -> Words:
    """A page that only tries an address."""
    return Words("Test", "This is a test page of Aftercare. Nothing has happened.", f"{public_url}/console")


def _tier(alert: Alert) -> str:
    return Tier(alert.tier).label.capitalize()


def _clock(at: datetime, zone: tzinfo) -> str:
    local = at.astimezone(zone)
    return f"{local:%H:%M} on {local.day} {local:%B}"
