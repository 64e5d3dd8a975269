"""One's own account: the second factor, its recovery codes, where one is signed in and for how long."""

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse

from bot.console import auth, second_factor, sessions, sign_in_routes
from bot.console.auth import Member, RefusedError, SignedIn
from bot.console.console import Console, console_of, page
from bot.console.counts import counts
from bot.console.noting import note_down
from bot.console.qr import qr
from bot.staff import StaffError

routes = APIRouter(prefix="/console")


@routes.get("/account")
def show_account(request: Request, member: SignedIn) -> Response:
    """The page."""
    return _account(console_of(request), member)


@routes.post("/account/factor/begin")
def begin(request: Request, member: SignedIn) -> Response:
    """Make a secret and show its code; with the password, for a page may have been left open."""
    console = console_of(request)
    staff, error = sign_in_routes.who(request, member.staff.email, member.form.get("password", ""))
    if staff is None:
        wrong = "The password is not right." if error == sign_in_routes.WRONG else error
        return _account(console, member, StaffError(wrong, "password"), 422)
    try:
        with console.services.store.write() as session:
            second_factor.begin(session, console.services.clock.now(), member.staff.id)
    except StaffError as refused:
        return _account(console, member, refused, 409)
    return RedirectResponse("/console/account", 303)


@routes.post("/account/factor/confirm")
def confirm(request: Request, member: SignedIn) -> Response:
    """Turn the factor on. This browser gets another session; the others end."""
    console = console_of(request)
    services = console.services
    try:
        with services.store.write() as session:
            codes = second_factor.confirm(session, services.clock.now(), member.staff, member.form.get("code", ""))
    except StaffError as error:
        return _account(console, member, error, 422)
    note_down(console, member, "factor_on")
    return _renewed(request, member, codes)


@routes.post("/account/factor/codes")
def new_codes(request: Request, member: SignedIn) -> Response:
    """New recovery codes instead of the old ones."""
    console = console_of(request)
    if error := sign_in_routes.code_error(request, member.staff, member.form.get("code", "")):
        return _account(console, member, StaffError(error, "code"), 422)
    with console.services.store.write() as session:
        codes = second_factor.make_recovery_codes(session, member.staff.id)
    note_down(console, member, "recovery_codes_made")
    return _account(console, member, codes=codes)


@routes.post("/account/factor/off")
def turn_off(request: Request, member: SignedIn) -> Response:
    """Turn the factor off, where the clinic does not ask for one."""
    console = console_of(request)
    if console.services.settings.require_totp:
        raise RefusedError(403, "Your clinic asks everybody for a second factor.")
    if error := sign_in_routes.code_error(request, member.staff, member.form.get("code", "")):
        return _account(console, member, StaffError(error, "code"), 422)
    with console.services.store.write() as session:
        second_factor.turn_off(session, member.staff.id)
    note_down(console, member, "factor_off")
    return _renewed(request, member, [])


@routes.post("/account/end-others")
def end_others(request: Request, member: SignedIn) -> Response:
    """Sign out in every other browser."""
    console = console_of(request)
    sessions.end_others(console, member)
    note_down(console, member, "signed_out_elsewhere")
    return RedirectResponse("/console/account", 303)


@routes.get("/session")
def session_ends(request: Request, member: SignedIn) -> Response:
    """Whose session it is, its CSRF token, and how many seconds it lasts if nothing is done.

    For scripts, whose asking does not count as doing: a tab learns of the session that another tab has begun.
    """
    return _told(member)


@routes.post("/session")
def stay(request: Request, member: SignedIn) -> Response:
    """Somebody is here: an idle session goes on."""
    return _told(member)


def _told(member: Member) -> Response:
    left = int(member.left.total_seconds())
    return JSONResponse({"member": member.staff.id, "name": member.staff.name, "csrf": member.csrf, "left": left})


def _renewed(request: Request, member: Member, codes: list[str]) -> Response:
    """The page under a new session: what the old ones were allowed has changed."""
    console = console_of(request)
    sessions.end_others(console, member)
    browser = sessions.browser_of(request.headers.get("user-agent", ""))
    old = request.cookies.get(sessions.cookie_name(console.services.settings))
    started = sessions.start_session(console, member.staff, browser, instead_of=old)
    now = sessions.member_of(console, started.token)
    if now is None:
        raise auth.NotSignedInError
    answer = _account(console, now, codes=codes) if codes else RedirectResponse("/console/account", 303)
    sessions.set_cookie(console, answer, started)
    return answer


def _account(
    console: Console, member: Member, error: StaffError | None = None, status: int = 200, codes: list[str] | None = None
) -> Response:
    services = console.services
    with services.store.read() as session:
        shown: dict[str, Any] = {
            "counts": counts(session, member.staff),
            "has_factor": second_factor.is_on(session, member.staff.id),
            "setup": second_factor.setup(session, services.clock.now(), member.staff),
            "codes_left": second_factor.recovery_codes_left(session, member.staff.id),
        }
    return page(
        "account.html",
        status,
        member=member,
        times=console.times(),
        sessions=sessions.sessions_of(console, member.staff.id),
        idle=services.settings.session_idle_minutes,
        required=services.settings.require_totp,
        code_picture=qr(shown["setup"].address) if shown["setup"] else "",
        codes=codes or [],
        error=error,
        **shown,
    )
