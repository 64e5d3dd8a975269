"""Slows down guessing of passwords: after some failures for one e-mail, a wait. Kept in this process only."""

import threading
from collections import OrderedDict
from datetime import datetime, timedelta

FAILURES = 10
WINDOW = timedelta(minutes=15)
_REMEMBERED = 10_000  # e-mails; the oldest are forgotten, so that a flood of them does not fill memory


class Throttle:
    """Counts failed sign-ins per e-mail."""

    def __init__(self) -> None:
        self._failures: OrderedDict[str, list[datetime]] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, email: str, now: datetime) -> timedelta | None:
        """How long this e-mail has to wait before it may try again; None when it need not."""
        with self._lock:
            recent = self._recent(email, now)
        return recent[-FAILURES] + WINDOW - now if len(recent) >= FAILURES else None

    def failed(self, email: str, now: datetime) -> None:
        """Count a failure."""
        with self._lock:
            self._failures[email] = [*self._recent(email, now), now][-FAILURES:]
            self._failures.move_to_end(email)
            if len(self._failures) > _REMEMBERED:
                self._failures.popitem(last=False)

    def succeeded(self, email: str) -> None:
        """Forget an e-mail's failures."""
        with self._lock:
            self._failures.pop(email, None)

    def _recent(self, email: str, now: datetime) -> list[datetime]:
        return [at for at in self._failures.get(email, ()) if at > now - WINDOW]
