"""Between the password and the second factor: who has shown the one and owes the other, for ten minutes."""

import json
import secrets
from datetime import timedelta

from fastapi import Request, Response

from bot.console.console import console_of
from bot.settings import Settings
from bot.staff import digest
from bot.store.tables import Staff

PATIENCE = timedelta(minutes=10)


def _name(settings: Settings) -> str:
    return "__Host-aftercare_half" if settings.cookies_are_secure else "aftercare_half"


def begin(request: Request, response: Response, staff: Staff, going: str) -> None:
    """Remember whose password was right, where they are going, and in which browser. It is no session."""
    services = console_of(request).services
    token = secrets.token_urlsafe(32)
    known = json.dumps({"staff_id": staff.id, "password": digest(staff.password_hash or ""), "going": going})
    services.memory.put(f"half:{digest(token)}", known, PATIENCE.total_seconds())
    response.set_cookie(
        _name(services.settings),
        token,
        max_age=int(PATIENCE.total_seconds()),
        path="/",
        secure=services.settings.cookies_are_secure,
        httponly=True,
        samesite="strict",
    )


def of(request: Request) -> tuple[Staff, str] | None:
    """Who is half-way in in this browser, and where they are going. None after a while, or with another password."""
    services = console_of(request).services
    known = services.memory.get(f"half:{digest(_token(request))}")
    if known is None:
        return None
    said = json.loads(known)
    with services.store.read() as session:
        staff = session.get(Staff, said["staff_id"])
    if staff is None or staff.disabled_at is not None or digest(staff.password_hash or "") != said["password"]:
        return None
    return staff, said["going"]


def end(request: Request, response: Response) -> None:
    """Forget it: they are in."""
    services = console_of(request).services
    services.memory.forget(f"half:{digest(_token(request))}")
    response.delete_cookie(
        _name(services.settings),
        path="/",
        secure=services.settings.cookies_are_secure,
        httponly=True,
        samesite="strict",
    )


def _token(request: Request) -> str:
    return request.cookies.get(_name(console_of(request).services.settings), "")
