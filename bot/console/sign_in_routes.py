"""Signing in, signing out, and the one-time link on which a password is set."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.concurrency import run_in_threadpool

from bot.console import auth
from bot.console.console import Console, console_of, page
from bot.console.times import span
from bot.staff import MIN_PASSWORD, Profile, StaffError, holder_of_link, open_account, verify
from bot.store.tables import Audit, Staff

routes = APIRouter(prefix="/console")

WRONG = "The e-mail or the password is not right."
FOREIGN = "This form was sent from another site. Open this page yourself and sign in here."


@routes.get("/sign-in")
def show_sign_in(request: Request, next: str = "/console") -> Response:
    """The sign-in page; those signed in already go on."""
    console = console_of(request)
    going = auth.safe_next(next)
    if auth.member_of(console, request.cookies.get(auth.cookie_name(console.services.settings))):
        return RedirectResponse(going, 303)
    return page("sign_in.html", next=going, email="", error="")


@routes.post("/sign-in")
async def do_sign_in(request: Request) -> Response:
    """Sign in with e-mail and password. A script that renews a session names whose it was, and gets JSON."""
    console = console_of(request)
    form = await auth.form_of(request)
    if not auth.from_our_page(request):
        return page("sign_in.html", 403, next="/console", email="", error=FOREIGN)
    return await run_in_threadpool(_sign_in, console, form, scripted=auth.wants_fragment(request))


def _sign_in(console: Console, form: dict[str, str], *, scripted: bool) -> Response:
    email, going = form.get("email", "").strip().lower(), auth.safe_next(form.get("next", ""))
    staff, error = _who(console, email, form.get("password", ""))
    if staff is not None and scripted and form.get("staff_id") != str(staff.id):
        staff, error = None, "Sign in as the same person: what you wrote here is theirs."
    if staff is None:
        if scripted:
            return JSONResponse({"error": error}, 422)
        return page("sign_in.html", 422, next=going, email=email, error=error)
    if scripted:
        renewed = auth.start_session(console, staff)
        answer = JSONResponse({"csrf": renewed.csrf, "ends": renewed.expires_at.isoformat(timespec="seconds")})
        auth.set_cookie(console, answer, renewed)
        return answer
    response = RedirectResponse(going, 303)
    auth.set_cookie(console, response, auth.start_session(console, staff))
    return response


def _who(console: Console, email: str, password: str) -> tuple[Staff | None, str]:
    services = console.services
    now = services.clock.now()
    wait = console.throttle.wait(email, now)
    if wait is not None:
        return None, f"Too many tries for this e-mail. Try again in {span(wait)}, or ask an admin for a new link."
    staff = verify(services.store, email, password)
    if staff is None:
        console.throttle.failed(email, now)
        with services.store.write() as session:
            session.add(Audit(at=now, actor="outsider", action="sign_in_failed", detail={}))
        return None, WRONG
    console.throttle.succeeded(email)
    return staff, ""


@routes.post("/sign-out")
def do_sign_out(request: Request, member: auth.Reader) -> Response:
    """End the session."""
    response = RedirectResponse("/console/sign-in", 303)
    auth.sign_out(console_of(request), response, member)
    return response


@routes.get("/welcome/{token}")
def show_welcome(request: Request, token: str) -> Response:
    """The page a one-time link opens. Looking at it does not use it up."""
    services = console_of(request).services
    staff = holder_of_link(services.store, services.clock, token)
    if staff is None:
        return page("link_over.html", 404)
    email = "" if staff.email.endswith("@localhost") else staff.email
    return _welcome(Profile(staff.name if email else "", staff.title, email, ""))


@routes.post("/welcome/{token}")
async def do_welcome(request: Request, token: str) -> Response:
    """Set profile and password with a one-time link, and sign in."""
    console = console_of(request)
    form = await auth.form_of(request)
    if not auth.from_our_page(request):
        return page("sign_in.html", 403, next="/console", email="", error=FOREIGN)
    return await run_in_threadpool(_open, console, token, Profile.from_form(form))


def _open(console: Console, token: str, profile: Profile) -> Response:
    services = console.services
    if holder_of_link(services.store, services.clock, token) is None:
        return page("link_over.html", 404)
    try:
        staff = open_account(services.store, services.clock, token, profile)
    except StaffError as error:
        return _welcome(profile, error)
    response = RedirectResponse("/console", 303)
    auth.set_cookie(console, response, auth.start_session(console, staff))
    return response


def _welcome(profile: Profile, error: StaffError | None = None) -> Response:
    status = 422 if error else 200
    return page("welcome.html", status, profile=profile, error=error, min_password=MIN_PASSWORD)
