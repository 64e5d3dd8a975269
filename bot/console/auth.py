"""Who asks: sessions, roles, and the proof that a form is ours. Every route but sign-in, welcome and static uses it."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request, Response
from sqlalchemy import delete
from sqlalchemy.orm import joinedload
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from bot.console.console import Console, console_of
from bot.settings import Settings
from bot.staff import digest
from bot.store.tables import Audit, Role, Staff, StaffSession

SESSION_LIFE = timedelta(hours=12)
MAX_FORM = 64 * 1024  # bytes
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_NEXT = re.compile(r"/console(?:/[A-Za-z0-9_\-]+)*(?:\?[A-Za-z0-9_=&\-]*)?")


class NotSignedInError(Exception):
    """There is no session, or it has ended."""


class RefusedError(Exception):
    """The request is not allowed. `status` and a sentence for the person who asked."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True)
class Member:
    """The member of staff who asks, and the form they sent (empty on GET)."""

    staff: Staff
    csrf: str
    token_hash: str
    expires_at: datetime
    form: Mapping[str, str] = field(default_factory=dict)

    @property
    def acts(self) -> bool:
        """Whether they may do more than read."""
        return self.staff.role is not Role.REVIEWER


def cookie_name(settings: Settings) -> str:
    """The session cookie's name; its prefix makes browsers refuse one that another host or plain http set."""
    return "__Host-aftercare_session" if settings.cookies_are_secure else "aftercare_session"


@dataclass(frozen=True)
class Started:
    """A new session: the cookie's token, which is stored nowhere, and the CSRF token."""

    token: str
    csrf: str
    expires_at: datetime


def start_session(console: Console, staff: Staff) -> Started:
    """Start a session; sessions that are over are swept away."""
    services = console.services
    now = services.clock.now()
    started = Started(secrets.token_urlsafe(32), secrets.token_urlsafe(24), now + SESSION_LIFE)
    with services.store.write() as session:
        session.execute(delete(StaffSession).where(StaffSession.expires_at <= now))
        session.add(
            StaffSession(
                token_hash=digest(started.token),
                staff_id=staff.id,
                csrf=started.csrf,
                created_at=now,
                expires_at=started.expires_at,
            )
        )
        session.add(Audit(at=now, actor=f"staff:{staff.id}", action="signed_in", detail={}))
    return started


def set_cookie(console: Console, response: Response, started: Started) -> None:
    """Give the browser its session."""
    settings = console.services.settings
    response.set_cookie(
        cookie_name(settings),
        started.token,
        max_age=int(SESSION_LIFE.total_seconds()),
        path="/",
        secure=settings.cookies_are_secure,
        httponly=True,
        samesite="lax",
    )


def sign_out(console: Console, response: Response, member: Member) -> None:
    """End a session and take its cookie back."""
    services = console.services
    with services.store.write() as session:
        session.execute(delete(StaffSession).where(StaffSession.token_hash == member.token_hash))
        session.add(Audit(at=services.clock.now(), actor=f"staff:{member.staff.id}", action="signed_out", detail={}))
    response.delete_cookie(
        cookie_name(services.settings),
        path="/",
        secure=services.settings.cookies_are_secure,
        httponly=True,
        samesite="lax",
    )
    response.headers["Clear-Site-Data"] = '"cache"'


def member_of(console: Console, token: str | None) -> Member | None:
    """Whose session a cookie is; None when it is unknown or over, or the account is disabled."""
    if not token:
        return None
    with console.services.store.read() as session:
        row = session.get(StaffSession, digest(token), options=[joinedload(StaffSession.staff)])
    if row is None or row.expires_at <= console.services.clock.now() or row.staff.disabled_at is not None:
        return None
    return Member(row.staff, row.csrf, row.token_hash, row.expires_at)


def from_our_page(request: Request) -> bool:
    """Whether a POST comes from a page of ours, as far as the browser says; one that says nothing is no browser."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("origin")
    if origin is None:
        return True
    ours = {request.headers.get("host", ""), urlsplit(console_of(request).services.settings.public_url).netloc}
    return urlsplit(origin).netloc in ours


def wants_fragment(request: Request) -> bool:
    """Whether a script asks, which must get a status rather than a page to sign in on."""
    accepts = request.headers.get("accept", "")
    return "hx-request" in request.headers or accepts.startswith(("text/event-stream", "application/json"))


def safe_next(address: str) -> str:
    """Where to go after signing in: one of our own pages, else the queue."""
    return address if _NEXT.fullmatch(address) else "/console"


async def form_of(request: Request) -> dict[str, str]:
    """The text fields of a posted form. Refuses what is too long to be one of ours."""
    length = request.headers.get("content-length", "")
    if not length.isdigit() or int(length) > MAX_FORM:
        raise RefusedError(413, "That is more text than fits into this form.")
    try:
        form = await request.form()
    except ClientDisconnect:
        raise RefusedError(400, "The browser left before the form was here.") from None
    return {name: value for name, value in form.items() if isinstance(value, str)}


async def reader(request: Request) -> Member:
    """Anybody signed in; on anything but GET with the session's CSRF token. Raises NotSignedInError or RefusedError."""
    console = console_of(request)
    token = request.cookies.get(cookie_name(console.services.settings))
    member = await run_in_threadpool(member_of, console, token)
    if member is None:
        raise NotSignedInError
    if request.method in _SAFE:
        return member
    form = await form_of(request)
    given = request.headers.get("x-csrf-token") or form.get("csrf", "")
    if not from_our_page(request) or not secrets.compare_digest(given.encode(), member.csrf.encode()):
        raise RefusedError(403, "This page is out of date. Reload it and try again; nothing was changed.")
    return Member(member.staff, member.csrf, member.token_hash, member.expires_at, form)


async def actor(request: Request, member: Annotated[Member, Depends(reader)]) -> Member:
    """Clinicians and admins. Raises RefusedError for reviewers."""
    if not member.acts:
        await run_in_threadpool(_note_denial, request, member)
        raise RefusedError(403, "Reviewers read; ask an admin for the clinician role to act on cases.")
    return member


async def admin(request: Request, member: Annotated[Member, Depends(reader)]) -> Member:
    """Admins. Raises RefusedError for everybody else."""
    if member.staff.role is not Role.ADMIN:
        await run_in_threadpool(_note_denial, request, member)
        raise RefusedError(403, "Only admins manage the staff list.")
    return member


Reader = Annotated[Member, Depends(reader)]
Actor = Annotated[Member, Depends(actor)]
Admin = Annotated[Member, Depends(admin)]


def _note_denial(request: Request, member: Member) -> None:
    services = console_of(request).services
    detail = {"method": request.method, "path": request.url.path[:200]}
    with services.store.write() as session:
        session.add(
            Audit(
                at=services.clock.now(),
                actor=f"staff:{member.staff.id}",
                action="denied",
                conversation_id=request.path_params.get("conversation_id", "")[:32] or None,
                detail=detail,
            )
        )
