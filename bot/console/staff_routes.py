"""The staff list, for admins: who has access, as what; adding somebody, and taking access away."""

from collections.abc import Callable

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from bot.console.auth import Admin, Member
from bot.console.console import Console, console_of, page
from bot.console.counts import counts
from bot.console.noting import note_down
from bot.console.second_factor import turn_off
from bot.staff import StaffError, add_staff, make_sign_in_link
from bot.staff_access import change_role, disable, enable, end_sessions, everybody
from bot.store.tables import Role

routes = APIRouter(prefix="/console/staff")

ROLES = {
    Role.CLINICIAN: "Clinician: reads and acts on cases",
    Role.REVIEWER: "Reviewer: reads, and reviews answers",
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


@routes.post("/{staff_id}/role")
def give_role(request: Request, member: Admin, staff_id: int) -> Response:
    """Change what somebody may do."""
    store = console_of(request).services.store

    def verb() -> None:
        _not_oneself(member, staff_id)
        change_role(store, staff_id, _role(member.form.get("role", "")))

    return _act(request, member, staff_id, "staff_role_changed", verb)


@routes.post("/{staff_id}/sign-out")
def sign_out_everywhere(request: Request, member: Admin, staff_id: int) -> Response:
    """End somebody's sessions in every browser."""
    store = console_of(request).services.store
    return _act(request, member, staff_id, "staff_signed_out", lambda: end_sessions(store, staff_id))


@routes.post("/{staff_id}/reset-factor")
def reset_factor(request: Request, member: Admin, staff_id: int) -> Response:
    """Take a colleague's second factor off, for a lost phone; it signs them out everywhere."""
    store = console_of(request).services.store

    def verb() -> None:
        _not_oneself(member, staff_id)
        end_sessions(store, staff_id)
        with store.write() as session:
            turn_off(session, staff_id)

    return _act(request, member, staff_id, "factor_reset", verb)


@routes.post("/{staff_id}/disable")
def take_access(request: Request, member: Admin, staff_id: int) -> Response:
    """Take somebody's access away, at once."""
    services = console_of(request).services

    def verb() -> None:
        _not_oneself(member, staff_id)
        disable(services.store, services.clock, staff_id)

    return _act(request, member, staff_id, "staff_disabled", verb)


@routes.post("/{staff_id}/enable")
def give_access_back(request: Request, member: Admin, staff_id: int) -> Response:
    """Give a disabled account its access back."""
    store = console_of(request).services.store
    return _act(request, member, staff_id, "staff_enabled", lambda: enable(store, staff_id))


def _act(request: Request, member: Member, staff_id: int, action: str, verb: Callable[[], None]) -> Response:
    console = console_of(request)
    try:
        verb()
    except StaffError as error:
        return _list(console, member, error, 409)
    note_down(console, member, action, staff_id=staff_id)
    return RedirectResponse("/console/staff", 303)


def _with_link(console: Console, member: Member, staff_id: int, action: str) -> Response:
    services = console.services
    token = make_sign_in_link(services.store, services.clock, staff_id)
    console.links.keep_once(member.token_hash, f"{services.settings.public_url}/console/welcome/{token}")
    note_down(console, member, action, staff_id=staff_id)
    return RedirectResponse("/console/staff", 303)


def _list(console: Console, member: Member, error: StaffError | None = None, status: int = 200) -> Response:
    with console.services.store.read() as session:
        people = everybody(session, console.services.clock.now())
        numbers = counts(session, member.staff)
    link = console.links.take(member.token_hash)
    return page(
        "staff.html",
        status,
        everybody=people,
        times=console.times(),
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
        raise StaffError("You cannot change your own access: ask another admin.")
