"""The one place that knows what time it is; everything else is told."""

from datetime import UTC, datetime, timedelta
from typing import Protocol

CLOCKS_AGREE = timedelta(minutes=1)  # those of two bots do; what lies further ahead is from before one was put back


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """The present instant, timezone-aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present instant, timezone-aware, in UTC."""
        return datetime.now(UTC)


class SetClock:
    """A clock that stands where it is put: replays and tests."""

    def __init__(self, at: datetime) -> None:
        self._at = at.astimezone(UTC)

    def now(self) -> datetime:
        """The instant the clock was last put to, in UTC."""
        return self._at

    def put(self, at: datetime) -> None:
        """Put the clock to an aware instant."""
        self._at = at.astimezone(UTC)

    def advance(self, by: timedelta) -> None:
        """Move the clock on."""
        self._at += by
