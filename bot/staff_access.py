"""Who of the staff has access, and as what: roles, disabled accounts, ended sessions. Each takes effect at once."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.staff import StaffError
from bot.store.database import Store
from bot.store.tables import Role, SignInLink, Staff, StaffFactor, StaffSession

_LAST_ADMIN = "This is the last admin: make somebody else admin first."


@dataclass(frozen=True)
class Access:
    """A member of staff: in how many browsers they are signed in, until when a link waits, and their factor."""

    staff: Staff
    sessions: int
    link_until: datetime | None
    has_factor: bool


def everybody(session: Session, now: datetime) -> list[Access]:
    """All accounts, those with access first."""
    live = select(StaffSession.staff_id, func.count()).where(StaffSession.expires_at > now)
    signed_in: dict[int, int] = dict(session.execute(live.group_by(StaffSession.staff_id)).all())
    waiting = select(SignInLink.staff_id, SignInLink.expires_at).where(
        SignInLink.used_at.is_(None), SignInLink.expires_at > now
    )
    links: dict[int, datetime] = dict(session.execute(waiting).all())
    secured = set(session.scalars(select(StaffFactor.staff_id).where(StaffFactor.confirmed_at.is_not(None))))
    staff = session.scalars(select(Staff).order_by(Staff.disabled_at.is_not(None), Staff.name))
    return [Access(one, signed_in.get(one.id, 0), links.get(one.id), one.id in secured) for one in staff]


def disable(store: Store, clock: Clock, staff_id: int) -> None:
    """Take an account's access away, everywhere. Raises StaffError for the last admin who can sign in."""
    with store.write() as session:
        staff = _of(session, staff_id)
        _keep_an_admin(session, staff)
        staff.disabled_at = staff.disabled_at or clock.now()
        session.execute(delete(StaffSession).where(StaffSession.staff_id == staff_id))
        session.execute(delete(SignInLink).where(SignInLink.staff_id == staff_id, SignInLink.used_at.is_(None)))


def enable(store: Store, staff_id: int) -> None:
    """Give a disabled account its access back, with the password it had. Raises StaffError for an unknown one."""
    with store.write() as session:
        _of(session, staff_id).disabled_at = None


def change_role(store: Store, staff_id: int, role: Role) -> None:
    """Give an account another role; its sessions end, so that no page shows what it may not do any more.

    Raises StaffError for the last admin who can sign in.
    """
    with store.write() as session:
        staff = _of(session, staff_id)
        if staff.role is role:
            return
        _keep_an_admin(session, staff)
        staff.role = role
        session.execute(delete(StaffSession).where(StaffSession.staff_id == staff_id))


def end_sessions(store: Store, staff_id: int) -> None:
    """Sign an account out in every browser. Raises StaffError for an unknown one."""
    with store.write() as session:
        _of(session, staff_id)
        session.execute(delete(StaffSession).where(StaffSession.staff_id == staff_id))


def _of(session: Session, staff_id: int) -> Staff:
    staff = session.get(Staff, staff_id) if staff_id < 2**31 else None
    if staff is None:
        raise StaffError("There is no such account.")
    return staff


def _keep_an_admin(session: Session, staff: Staff) -> None:
    others = select(func.count(Staff.id)).where(
        Staff.role == Role.ADMIN,
        Staff.disabled_at.is_(None),
        Staff.password_hash.is_not(None),
        Staff.id != staff.id,
    )
    if staff.role is Role.ADMIN and not session.scalar(others):
        raise StaffError(_LAST_ADMIN)
