"""Staff accounts: made by an admin or the command line, opened with a one-time link, signed in to with a password."""

import hashlib
import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from bot.clock import Clock
from bot.errors import MendableError
from bot.services import Services
from bot.store.database import Store
from bot.store.tables import Role, SignInLink, Staff, StaffSession

LINK_LIFE = timedelta(hours=72)
MIN_PASSWORD = 12
MAX_PASSWORD = 200
FIRST_ADMIN = "admin@localhost"

# One of the equal-strength settings of OWASP's password storage cheat sheet; two at a time keep memory bounded.
_HASHER = PasswordHasher(time_cost=1, memory_cost=46 * 1024, parallelism=1)
_AT_ONCE = threading.BoundedSemaphore(2)
_NOBODY = _HASHER.hash(secrets.token_hex(16))  # checked for unknown e-mails, so that they cost the same


class StaffError(MendableError):
    """What was asked of the staff list cannot be done. `field` names the form's field, the message says the mend."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Profile:
    """What a member of staff fills in when they open their one-time link."""

    name: str
    title: str
    email: str
    password: str

    @classmethod
    def from_form(cls, form: Mapping[str, str]) -> "Profile":
        """Read the welcome form."""
        return cls(
            form.get("name", "").strip(),
            form.get("title", "").strip(),
            form.get("email", "").strip(),
            form.get("password", ""),
        )


def digest(token: str) -> str:
    """What is stored of a random token."""
    return hashlib.sha256(token.encode()).hexdigest()


def add_staff(store: Store, clock: Clock, email: str, name: str, title: str, role: Role) -> Staff:
    """Add an account without a password. Raises StaffError when a field is missing or the e-mail is taken."""
    staff = Staff(
        email=_email(email), name=_named(name), title=_titled(title), role=role, created_at=clock.now()
    )  # fmt: skip
    try:
        with store.write() as session:
            session.add(staff)
    except IntegrityError:
        raise StaffError("There is an account with this e-mail already.", "email") from None
    return staff


def make_sign_in_link(store: Store, clock: Clock, staff_id: int) -> str:
    """A token for /console/welcome/<token>: works once, for 72 hours; unused older ones of the account stop working."""
    token = secrets.token_urlsafe(32)
    with store.write() as session:
        if session.get(Staff, staff_id) is None:
            raise StaffError("There is no such account.")
        session.execute(delete(SignInLink).where(SignInLink.staff_id == staff_id, SignInLink.used_at.is_(None)))
        session.add(SignInLink(token_hash=digest(token), staff_id=staff_id, expires_at=clock.now() + LINK_LIFE))
    return token


def first_run_link(services: Services) -> str | None:
    """The address where the first admin sets their password; None once any member of staff has one."""
    with services.store.read() as session:
        if session.scalar(select(func.count(Staff.id)).where(Staff.password_hash.is_not(None))):
            return None
        admin = session.scalar(
            select(Staff).where(Staff.role == Role.ADMIN, Staff.disabled_at.is_(None)).order_by(Staff.id).limit(1)
        )
    if admin is None:
        admin = add_staff(services.store, services.clock, FIRST_ADMIN, "Administrator", "", Role.ADMIN)
    token = make_sign_in_link(services.store, services.clock, admin.id)
    return f"{services.settings.public_url}/console/welcome/{token}"


def holder_of_link(store: Store, clock: Clock, token: str) -> Staff | None:
    """Whose one-time link this is; None when it is unknown, used, expired, or its account is disabled."""
    with store.read() as session:
        link = _usable_link(session, clock, token)
        return link.staff if link else None


def open_account(store: Store, clock: Clock, token: str, profile: Profile) -> Staff:
    """Use a one-time link: set the profile and password, and sign the account out everywhere else.

    Raises StaffError when the link is not usable (any more) or a field is wrong.
    """
    email, name, title = _email(profile.email), _named(profile.name), _titled(profile.title)
    check_password(profile.password, email)
    hashed = _hash(profile.password)
    try:
        with store.write() as session:
            link = _usable_link(session, clock, token)
            if link is None:
                raise StaffError("This link was used already or has expired. Ask an admin for a new one.")
            link.used_at = clock.now()
            staff = link.staff
            staff.email, staff.name, staff.title, staff.password_hash = email, name, title, hashed
            session.execute(delete(StaffSession).where(StaffSession.staff_id == staff.id))
    except IntegrityError:
        raise StaffError("There is an account with this e-mail already.", "email") from None
    return staff


def check_password(password: str, email: str) -> None:
    """Raises StaffError when a password is too short, too long or too easily guessed."""
    if len(password) < MIN_PASSWORD:
        raise StaffError(f"The password is too short: use {MIN_PASSWORD} characters or more.", "password")
    if len(password) > MAX_PASSWORD:
        raise StaffError(f"The password is too long: {MAX_PASSWORD} characters is the most.", "password")
    if len(set(password)) < 5 or email.partition("@")[0].lower() == password.lower() or email == password.lower():
        raise StaffError("The password is too easily guessed: use a few words that do not belong together.", "password")


def verify(store: Store, email: str, password: str) -> Staff | None:
    """Who signs in with this e-mail and password; None when nobody does. Costs the same either way."""
    with store.read() as session:
        staff = session.scalar(select(Staff).where(Staff.email == email.strip().lower()))
    known = staff.password_hash if staff and staff.disabled_at is None else None
    try:
        with _AT_ONCE:
            _HASHER.verify(known or _NOBODY, password[:MAX_PASSWORD])
    except (VerifyMismatchError, InvalidHashError):
        return None
    if staff is None or known is None:
        return None
    if _HASHER.check_needs_rehash(known):
        with store.write() as session:
            session.execute(update(Staff).where(Staff.id == staff.id).values(password_hash=_hash(password)))
    return staff


def _usable_link(session: Session, clock: Clock, token: str) -> SignInLink | None:
    link = session.get(SignInLink, digest(token), options=[joinedload(SignInLink.staff)])
    if link is None or link.used_at is not None or _past(link.expires_at, clock) or link.staff.disabled_at:
        return None
    return link


def _past(at: datetime, clock: Clock) -> bool:
    return at <= clock.now()


def _hash(password: str) -> str:
    with _AT_ONCE:
        return _HASHER.hash(password)


def _email(email: str) -> str:
    email = email.strip().lower()
    name, at, host = email.partition("@")
    if not (name and at and host) or " " in email or len(email) > 200:
        raise StaffError("Write an e-mail address, such as ana@clinic.example.", "email")
    return email


def _named(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > 100 or not name.isprintable():
        raise StaffError("Write a name of at most 100 characters: patients see it.", "name")
    return name


def _titled(title: str) -> str:
    title = " ".join(title.split())
    if len(title) > 60 or not title.isprintable():
        raise StaffError("Write a title of at most 60 characters, such as Nurse.", "title")
    return title
