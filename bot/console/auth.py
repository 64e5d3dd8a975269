"""Who asks: sessions, roles, and the proof that a form is ours. Every route but sign-in, welcome and static uses it."""

import re
import secrets
from dataclasses import replace
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from bot.console.console import console_of
from bot.console.sessions import Member as Member
from bot.console.sessions import cookie_name, member_of
from bot.store.tables import Audit, Role

MAX_FORM = 64 * 1024  # bytes
MAX_FILE = 10_000_000  # bytes of one file, added to a reply
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_BY_ITSELF = ("/presence", "/seen")  # what a page posts without anybody doing anything
_NEXT = re.compile(r"/console(?:/[A-Za-z0-9_\-]+)*(?:\?[A-Za-z0-9_=&\-]*)?")


class NotSignedInError(Exception):
    """There is no session, or it has ended."""


class FactorNeededError(Exception):
    """The clinic asks everybody for a second factor, and this member has none yet."""


class RefusedError(Exception):
    """The request is not allowed. `status` and a sentence for the person who asked."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


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
    with_file = request.url.path.endswith("/files")
    if not length.isdigit() or int(length) > MAX_FORM + (MAX_FILE if with_file else 0):
        much = "This file is over 10 MB. Choose a smaller one." if with_file else "That is more text than fits."
        raise RefusedError(413, much)
    try:
        form = await request.form()
    except ClientDisconnect:
        raise RefusedError(400, "The browser left before the form was here.") from None
    return {name: value for name, value in form.items() if isinstance(value, str)}


async def signed_in(request: Request) -> Member:
    """Anybody signed in; on anything but GET with the session's CSRF token. Raises NotSignedInError or RefusedError."""
    console = console_of(request)
    token = request.cookies.get(cookie_name(console.services.settings))
    # What a page sends by itself does not keep an idle session alive.
    by_itself = (request.method in _SAFE and wants_fragment(request)) or request.url.path.endswith(_BY_ITSELF)
    member = await run_in_threadpool(member_of, console, token, used=not by_itself)
    if member is None:
        raise NotSignedInError
    if request.method in _SAFE:
        return member
    form = await form_of(request)
    given = request.headers.get("x-csrf-token") or form.get("csrf", "")
    if not from_our_page(request) or not secrets.compare_digest(given.encode(), member.csrf.encode()):
        raise RefusedError(403, "This page is out of date. Reload it and try again; nothing was changed.")
    return replace(member, form=form)


async def reader(request: Request, member: Annotated[Member, Depends(signed_in)]) -> Member:
    """Anybody signed in who has the second factor that the clinic asks for. Raises FactorNeededError."""
    if console_of(request).services.settings.require_totp and not member.has_factor:
        raise FactorNeededError
    return member


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


SignedIn = Annotated[Member, Depends(signed_in)]
Reader = Annotated[Member, Depends(reader)]
Actor = Annotated[Member, Depends(actor)]
Admin = Annotated[Member, Depends(admin)]


def _note_denial(request: Request, member: Member) -> None:
    services = console_of(request).services
    route = request.scope.get("route")
    detail = {"method": request.method, "path": getattr(route, "path", "")[:200]}
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
