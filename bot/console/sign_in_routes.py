"""Signing in with a password and, where there is one, a second factor; signing out; and the one-time link."""

from datetime import timedelta

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.concurrency import run_in_threadpool

from bot.console import auth, half_way, known_browser, second_factor, sessions
from bot.console.console import console_of, page
from bot.console.throttle import Tries
from bot.console.times import span
from bot.staff import MIN_PASSWORD, Profile, StaffError, holder_of_link, open_account, verify
from bot.store.tables import Audit, Staff

routes = APIRouter(prefix="/console")

WRONG = "The e-mail or the password is not right."
FOREIGN = "This form was sent from another site. Open this page yourself and sign in here."
OVER = "That took longer than ten minutes: sign in again."
ENDING = timedelta(minutes=10)  # pages ask for the password in the last five: what is signed in anew then has to last


@routes.get("/sign-in")
def show_sign_in(request: Request, next: str = "/console") -> Response:
    """The sign-in page; those signed in already go on."""
    console = console_of(request)
    going = auth.safe_next(next)
    if sessions.member_of(console, _token(request)):
        return RedirectResponse(going, 303)
    return page("sign_in.html", next=going, email="", error="")


@routes.post("/sign-in")
async def do_sign_in(request: Request) -> Response:
    """Sign in with e-mail and password. A script that renews a session names whose it was, and gets JSON."""
    form = await auth.form_of(request)
    if not auth.from_our_page(request):
        return page("sign_in.html", 403, next="/console", email="", error=FOREIGN)
    renewed = auth.wants_fragment(request)
    return await run_in_threadpool(_renew if renewed else _sign_in, request, form)


@routes.post("/sign-in/code")
async def do_code(request: Request) -> Response:
    """The second step of signing in: a code of the authenticator app, or a recovery code."""
    form = await auth.form_of(request)
    if not auth.from_our_page(request):
        return page("sign_in.html", 403, next="/console", email="", error=FOREIGN)
    return await run_in_threadpool(_second_step, request, form)


def _sign_in(request: Request, form: dict[str, str]) -> Response:
    email, going = form.get("email", "").strip().lower(), auth.safe_next(form.get("next", ""))
    staff, error = who(request, email, form.get("password", ""))
    if staff is None:
        return page("sign_in.html", 422, next=going, email=email, error=error)
    return _admit(request, staff, going)


def _renew(request: Request, form: dict[str, str]) -> Response:
    email = form.get("email", "").strip().lower()
    staff, error = who(request, email, form.get("password", ""))
    if staff is not None and form.get("staff_id") != str(staff.id):
        staff, error = None, "Sign in as the same person: what you wrote here is theirs."
    if staff is not None and _has_factor(request, staff):
        error = code_error(request, staff, form.get("code", ""))
    if staff is None or error:
        return JSONResponse({"error": error}, 422)
    started = _started(request, staff)
    answer = JSONResponse({"csrf": started.csrf, "left": int(started.left.total_seconds())})
    return _with_session(request, answer, staff, started)


def _second_step(request: Request, form: dict[str, str]) -> Response:
    waiting = half_way.of(request)
    if waiting is None:
        return page("sign_in.html", 422, next="/console", email="", error=OVER)
    staff, going = waiting
    error = code_error(request, staff, form.get("code", ""))
    if error:
        return page("sign_in_code.html", 422, error=error)
    answer = _with_session(request, RedirectResponse(going, 303), staff, _started(request, staff))
    half_way.end(request, answer)
    return answer


def who(request: Request, email: str, password: str) -> tuple[Staff | None, str]:
    """Who has this e-mail and password, or what to say instead. Failures count."""
    console = console_of(request)
    services = console.services
    now = services.clock.now()
    tries = Tries.of(email, _address(request), known_browser.known_as(request, email))
    wait = console.throttle.wait(tries, now)
    if wait is not None:
        return None, _too_many(wait)
    staff = verify(services.store, email, password)
    if staff is None:
        console.throttle.failed(tries, now)
        with services.store.write() as session:
            session.add(Audit(at=now, actor="outsider", action="sign_in_failed", detail={}))
        return None, WRONG
    console.throttle.succeeded(tries)
    return staff, ""


def code_error(request: Request, staff: Staff, code: str) -> str:
    """What is wrong with a code of the second factor; empty when it is right, which uses it up. Failures count."""
    console = console_of(request)
    services = console.services
    now = services.clock.now()
    tries = Tries.of(f"code of {staff.id}", _address(request), known_browser.known_as(request, staff.email))
    wait = console.throttle.wait(tries, now)
    if wait is not None:
        return _too_many(wait)
    if not code.strip():
        return "Write the code that your authenticator app shows now."
    with services.store.write() as session:
        if second_factor.check(session, now, staff.id, code):
            console.throttle.succeeded(tries)
            return ""
        session.add(Audit(at=now, actor=f"staff:{staff.id}", action="code_refused", detail={}))
    console.throttle.failed(tries, now)
    return second_factor.WRONG


@routes.post("/sign-out")
def do_sign_out(request: Request, member: auth.SignedIn) -> Response:
    """End the session."""
    response = RedirectResponse("/console/sign-in", 303)
    sessions.sign_out(console_of(request), response, member)
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
    """Set profile and password with a one-time link, and sign in. A second factor is still asked for."""
    form = await auth.form_of(request)
    if not auth.from_our_page(request):
        return page("sign_in.html", 403, next="/console", email="", error=FOREIGN)
    return await run_in_threadpool(_open, request, token, Profile.from_form(form))


def _open(request: Request, token: str, profile: Profile) -> Response:
    services = console_of(request).services
    if holder_of_link(services.store, services.clock, token) is None:
        return page("link_over.html", 404)
    try:
        staff = open_account(services.store, services.clock, token, profile)
    except StaffError as error:
        return _welcome(profile, error)
    return _admit(request, staff, "/console")


def _welcome(profile: Profile, error: StaffError | None = None) -> Response:
    status = 422 if error else 200
    return page("welcome.html", status, profile=profile, error=error, min_password=MIN_PASSWORD)


def _admit(request: Request, staff: Staff, going: str) -> Response:
    """Let in whose password is right, or ask for the second factor first."""
    if _has_factor(request, staff):
        answer: Response = page("sign_in_code.html", error="")
        half_way.begin(request, answer, staff, going)
        return answer
    return _with_session(request, RedirectResponse(going, 303), staff, _started(request, staff))


def _started(request: Request, staff: Staff) -> sessions.Started:
    """The session that this browser has of theirs, which another tab may just have begun; else a new one instead."""
    console, token = console_of(request), _token(request)
    now = sessions.member_of(console, token, used=True)
    if token and now is not None and now.staff.id == staff.id and now.left > ENDING:
        return sessions.Started(token, now.csrf, now.left)
    browser = sessions.browser_of(request.headers.get("user-agent", ""))
    return sessions.start_session(console, staff, browser, instead_of=token)


def _with_session(request: Request, answer: Response, staff: Staff, started: sessions.Started) -> Response:
    sessions.set_cookie(console_of(request), answer, started)
    known_browser.remember(request, answer, staff.email)
    return answer


def _has_factor(request: Request, staff: Staff) -> bool:
    with console_of(request).services.store.read() as session:
        return second_factor.is_on(session, staff.id)


def _token(request: Request) -> str | None:
    return request.cookies.get(sessions.cookie_name(console_of(request).services.settings))


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _too_many(wait: timedelta) -> str:
    return f"Too many tries. Try again in {span(wait)}, or ask an admin for a new link."
