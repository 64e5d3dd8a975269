"""The cookie by which a browser is known to have signed in before, and as whom. It gives access to nothing.

Its value: chance, then a signature for each account that signed in here, the newest last.
"""

import hashlib
import hmac
import secrets
from datetime import timedelta

from fastapi import Request, Response

from bot.console.console import console_of
from bot.settings import Settings

LIFE = timedelta(days=180)
MOST = 8  # accounts of one shared browser


def _name(settings: Settings) -> str:
    return "__Host-aftercare_known" if settings.cookies_are_secure else "aftercare_known"


def known_as(request: Request, email: str) -> str | None:
    """The browser's mark where this account signed in in it before; else None."""
    settings = console_of(request).services.settings
    mark, *signed = request.cookies.get(_name(settings), "").split(".")
    wanted = _signature(settings, mark, email)
    return mark if any(hmac.compare_digest(wanted.encode(), one.encode()) for one in signed[:MOST]) else None


def remember(request: Request, response: Response, email: str) -> None:
    """Let the browser show from now on that this account signed in in it."""
    settings = console_of(request).services.settings
    mark, *signed = request.cookies.get(_name(settings), "").split(".")
    if len(mark) != 22:
        mark, signed = secrets.token_urlsafe(16), []
    new = _signature(settings, mark, email)
    kept = [one for one in signed if len(one) == len(new) and one != new][-(MOST - 1) :]
    response.set_cookie(
        _name(settings),
        ".".join([mark, *kept, new]),
        max_age=int(LIFE.total_seconds()),
        path="/",
        secure=settings.cookies_are_secure,
        httponly=True,
        samesite="lax",
    )


def _signature(settings: Settings, mark: str, email: str) -> str:
    said = f"known browser:{mark}:{email.strip().lower()}".encode()
    return hmac.new(settings.secret().encode(), said, hashlib.sha256).hexdigest()[:32]
