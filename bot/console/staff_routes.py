"""The staff list, for admins: who has access, adding somebody, taking access away."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import select

from bot.console.auth import Admin, Member
from bot.console.console import Console, console_of, page
from bot.console.noting import note_down
from bot.console.queue_view import counts
from bot.staff import StaffError, add_staff, disable, make_sign_in_link
from bot.store.tables import Role, Staff

routes = APIRouter(prefix="/console/staff")

ROLES = {
    Role.CLINICIAN: "Clinician: reads and acts on cases",
    Role.REVIEWER: "Reviewer: reads only",
    Role.ADMIN: "Admin: acts on cases and manages staff",
}


@routes.get("")
def show_staff(request: Request, member: Admin) -> Response:
    """The list, and once the link that was just made."""
    return _list(console_of(request), member)


@routes.post("")
def add(request: Request, member: Admin) -> Response:
    """Add somebody, and make their one-time link."""
    console, form = console_of(request), member.form
    services = console.services
    try:
        added = add_staff(
            services.store,
            services.clock,
            form.get("email", ""),
            form.get("name", ""),
            form.get("title", ""),
            _role(form.get("role", "")),
        )
    except StaffError as error:
        return _list(console, member, error, 422)
    return _with_link(console, member, added.id, "staff_added")


@routes.post("/{staff_id}/link")
def new_link(request: Request, member: Admin, staff_id: int) -> Response:
    """A new one-time link: for a forgotten password, or one that ran out."""
    try:
        return _with_link(console_of(request), member, staff_id, "sign_in_link_made")
    except StaffError as error:
        return _list(console_of(request), member, error, 409)


@routes.post("/{staff_id}/disable")
def take_access(request: Request, member: Admin, staff_id: int) -> Response:
    """Take somebody's access away, at once."""
    console = console_of(request)
    try:
        _not_oneself(member, staff_id)
        disable(console.services.store, console.services.clock, staff_id)
    except StaffError as error:
        return _list(console, member, error, 409)
    note_down(console, member, "staff_disabled", staff_id=staff_id)
    return RedirectResponse("/console/staff", 303)


def _with_link(console: Console, member: Member, staff_id: int, action: str) -> Response:
    services = console.services
    token = make_sign_in_link(services.store, services.clock, staff_id)
    console.shown_once[member.token_hash] = f"{services.settings.public_url}/console/welcome/{token}"
    note_down(console, member, action, staff_id=staff_id)
    return RedirectResponse("/console/staff", 303)


def _list(console: Console, member: Member, error: StaffError | None = None, status: int = 200) -> Response:
    with console.services.store.read() as session:
        everybody = session.scalars(select(Staff).order_by(Staff.disabled_at.is_not(None), Staff.name)).all()
        numbers = counts(session, member.staff)
    link = console.shown_once.pop(member.token_hash, None)
    return page(
        "staff.html",
        status,
        everybody=everybody,
        member=member,
        counts=numbers,
        link=link,
        error=error,
        form=member.form,
        roles=ROLES,
    )


def _role(written: str) -> Role:
    try:
        return Role(written)
    except ValueError:
        raise StaffError("Choose a role.", "role") from None


def _not_oneself(member: Member, staff_id: int) -> None:
    if staff_id == member.staff.id:
        raise StaffError("You cannot disable your own account: ask another admin.")
