"""The sessions of the staff: begun at sign-in with a token of their own, ended by time, idleness, or anybody's word."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from fastapi import Response
from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import joinedload

from bot.console import second_factor
from bot.console.console import Console
from bot.settings import Settings
from bot.staff import digest
from bot.store.tables import Audit, Role, Staff, StaffSession

SESSION_LIFE = timedelta(hours=12)  # however busy it is
_NOTED = timedelta(minutes=1)  # use is written down no more often than this


@dataclass(frozen=True)
class Member:
    """The member of staff who asks, and the form they sent (empty on GET). `left`: what is left of their session, if
    nothing is done; browsers count it down by clocks of their own, which may be wrong."""

    staff: Staff
    csrf: str
    token_hash: str
    left: timedelta
    has_factor: bool = False
    form: Mapping[str, str] = field(default_factory=dict)

    @property
    def acts(self) -> bool:
        """Whether they may do more than read."""
        return self.staff.role is not Role.REVIEWER


@dataclass(frozen=True)
class Started:
    """A new session: the cookie's token, which is stored nowhere, the CSRF token, and what is left of it as of now."""

    token: str
    csrf: str
    left: timedelta


def cookie_name(settings: Settings) -> str:
    """The session cookie's name; its prefix makes browsers refuse one that another host or plain http set."""
    return "__Host-aftercare_session" if settings.cookies_are_secure else "aftercare_session"


def idle_life(settings: Settings) -> timedelta:
    """How long a session lasts in which nobody does anything."""
    return timedelta(minutes=settings.session_idle_minutes)


def start_session(console: Console, staff: Staff, browser: str = "", instead_of: str | None = None) -> Started:
    """Start a session, in place of the one whose token the browser had. Sessions that are over are swept away."""
    services = console.services
    now = services.clock.now()
    left = min(SESSION_LIFE, idle_life(services.settings))
    started = Started(secrets.token_urlsafe(32), secrets.token_urlsafe(24), left)
    over = or_(StaffSession.expires_at <= now, StaffSession.token_hash == digest(instead_of or ""))
    with services.store.write() as session:
        session.execute(delete(StaffSession).where(over))
        session.add(
            StaffSession(
                token_hash=digest(started.token),
                staff_id=staff.id,
                csrf=started.csrf,
                created_at=now,
                expires_at=now + SESSION_LIFE,
                seen_at=now,
                browser=browser,
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


def member_of(console: Console, token: str | None, *, used: bool = False) -> Member | None:
    """Whose session a cookie is; None when it is unknown or over, or the account is disabled.

    `used`: a person did something, which puts off the end of an idle session.
    """
    if not token:
        return None
    services = console.services
    now, idle = services.clock.now(), idle_life(services.settings)
    with services.store.read() as session:
        row = session.get(StaffSession, digest(token), options=[joinedload(StaffSession.staff)])
        has_factor = row is not None and second_factor.is_on(session, row.staff_id)
    if row is None or row.expires_at <= now or row.seen_at <= now - idle or row.staff.disabled_at is not None:
        return None
    seen = row.seen_at
    if used and seen <= now - _NOTED:
        seen = now
        with services.store.write() as session:
            noted = update(StaffSession).where(StaffSession.token_hash == row.token_hash)
            session.execute(noted.values(seen_at=seen))
    return Member(row.staff, row.csrf, row.token_hash, min(row.expires_at, seen + idle) - now, has_factor)


def sessions_of(console: Console, staff_id: int) -> list[StaffSession]:
    """A member's sessions that are not over, the last used first."""
    now = console.services.clock.now()
    live = (StaffSession.expires_at > now, StaffSession.seen_at > now - idle_life(console.services.settings))
    query = select(StaffSession).where(StaffSession.staff_id == staff_id, *live)
    with console.services.store.read() as session:
        return list(session.scalars(query.order_by(StaffSession.seen_at.desc())))


def end_others(console: Console, member: Member) -> None:
    """End a member's sessions in every other browser."""
    others = (StaffSession.staff_id == member.staff.id, StaffSession.token_hash != member.token_hash)
    with console.services.store.write() as session:
        session.execute(delete(StaffSession).where(*others))


def browser_of(user_agent: str) -> str:
    """A browser and its system in plain words, as far as it says: "Firefox on Windows"."""
    names = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}
    systems = {"iPhone": "iPhone", "iPad": "iPad", "Android": "Android", "Windows": "Windows", "Mac OS": "Mac"}
    systems |= {"CrOS": "ChromeOS", "Linux": "Linux"}
    name = next((name for sign, name in names.items() if sign in user_agent), "A browser")
    system = next((name for sign, name in systems.items() if sign in user_agent), "")
    return f"{name} on {system}" if system else name
