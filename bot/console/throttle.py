"""Slows down guessing of passwords and codes: after some failures, a wait. Not stored.

Nobody can lock a colleague out: in a browser that signed in before, only its own failures count (device cookies, as
OWASP describes them). Elsewhere the longest wait is the window, and a one-time link from an admin goes past it.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.live import Memory

WINDOW = timedelta(minutes=15)
HERE = 10  # failures of one account from one address, or in one known browser
ACCOUNT = 20  # of one account from anywhere, known browsers aside
ADDRESS = 100  # from one address: a whole clinic may share one


@dataclass(frozen=True)
class Tries:
    """Where failures of one try count: a key each, and how many it bears."""

    limits: tuple[tuple[str, int], ...]

    @classmethod
    def of(cls, account: str, address: str, browser: str | None) -> "Tries":
        """Tries to be `account` (an e-mail, or whose code it is). `browser`: the known browser's mark, if it is one."""
        if browser is not None:
            return cls(((_key("browser", browser, account), HERE),))
        return cls(
            (
                (_key("here", address, account), HERE),
                (_key("account", account), ACCOUNT),
                (_key("address", address), ADDRESS),
            )
        )


@dataclass(frozen=True)
class Throttle:
    """Counts failures, of all bots together."""

    memory: Memory

    def wait(self, tries: Tries, now: datetime) -> timedelta | None:
        """How long until one more may be tried; None when it may be now."""
        waits = [wait for key, most in tries.limits if (wait := self._wait(key, most, now)) is not None]
        return max(waits, default=None)

    def failed(self, tries: Tries, now: datetime) -> None:
        """Count a failure."""
        for key, most in tries.limits:
            self.memory.append(key, now.isoformat(), most, WINDOW.total_seconds())

    def succeeded(self, tries: Tries) -> None:
        """Forget the failures of this account here. Those from elsewhere still count."""
        self.memory.forget(tries.limits[0][0])

    def _wait(self, key: str, most: int, now: datetime) -> timedelta | None:
        failures = (datetime.fromisoformat(at) for at in self.memory.listed(key))
        recent = [at for at in failures if at > now - WINDOW]
        return recent[-most] + WINDOW - now if len(recent) >= most else None


def _key(*parts: str) -> str:
    return f"sign-in:{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()}"
