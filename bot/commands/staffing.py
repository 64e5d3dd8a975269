"""`aftercare staff`: an account with the link to choose a password, and a second factor taken off."""

from sqlalchemy import select

from bot.clock import SystemClock
from bot.console.second_factor import is_on, turn_off
from bot.conversation.events import audit
from bot.settings import Settings
from bot.staff import StaffError, add_staff, make_sign_in_link
from bot.staff_access import end_sessions
from bot.store.database import Store
from bot.store.tables import Role, Staff


def add(settings: Settings, email: str, name: str, title: str, role: str) -> str:
    """Make the account. Out: the one-time link. Raises StaffError for an unknown role or an address in use."""
    try:
        kind = Role(role)
    except ValueError as error:
        raise StaffError(f"there is no role {role!r}: use {', '.join(Role)}") from error
    store = Store(settings.database, settings.key_ring())
    store.migrate()
    clock = SystemClock()
    staff = add_staff(store, clock, email, name, title, kind)
    token = make_sign_in_link(store, clock, staff.id)
    store.close()
    return f"{settings.public_url}/console/welcome/{token}"


def reset_factor(settings: Settings, email: str) -> str:
    """Forget somebody's second factor and recovery codes, and sign them out. Out: what they do next.

    Raises StaffError for an unknown address, or where there is no second factor.
    """
    store, now = Store(settings.database, settings.key_ring()), SystemClock().now()
    store.migrate()
    try:
        with store.read() as session:
            staff = session.scalar(select(Staff).where(Staff.email == email.strip().lower()))
            if staff is None:
                raise StaffError(f"there is no account of {email}: the console lists them under Staff")
            if not is_on(session, staff.id):
                raise StaffError(f"{email} has no second factor: their password alone signs them in")
        end_sessions(store, staff.id)
        with store.write() as session:
            turn_off(session, staff.id)
            audit(session, now, "command", "factor_reset", conversation_id=None, case_id=None, staff_id=staff.id)
    finally:
        store.close()
    return f"{staff.name} signs in with the password alone now, and sets up another phone under their name."
