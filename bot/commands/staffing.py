"""`aftercare staff add`: an account for a member of staff, and the link with which they choose their password."""

from bot.clock import SystemClock
from bot.settings import Settings
from bot.staff import StaffError, add_staff, make_sign_in_link
from bot.store.database import Store
from bot.store.tables import Role


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
