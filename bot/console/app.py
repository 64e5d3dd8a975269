"""The console: everything under /console."""

from urllib.parse import quote

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from bot.console import (
    action_routes,
    case_routes,
    conversation_routes,
    enrol_routes,
    file_routes,
    person_routes,
    queue_routes,
    report_routes,
    review_routes,
    search_routes,
    second_factor_routes,
    setting_routes,
    shift_routes,
    sign_in_routes,
    staff_routes,
)
from bot.console.auth import FactorNeededError, NotSignedInError, Reader, RefusedError, safe_next, wants_fragment
from bot.console.console import STATIC, Console, page
from bot.console.headers import ConsoleHeaders
from bot.console.presence import Presence
from bot.console.replies import load_replies
from bot.console.signs import load_signs
from bot.faults import AnsweredFaults
from bot.services import RED_FLAGS, Services

FAILED = "That failed on our side. Nothing you wrote is lost: go back and try again."
AWAY = "The console cannot reach its database just now. Nothing is lost: try again in a minute."
NOTHING_HERE = "There is nothing at this address."

_everything_else = APIRouter(prefix="/console")


def mount(app: FastAPI, services: Services) -> None:
    """Register the console's routes, files, headers and error pages."""
    replies = load_replies(services.settings.clinic_file, services.clinic)
    app.state.console = Console(services, load_signs(RED_FLAGS), replies, Presence(services.wire))
    app.add_middleware(AnsweredFaults, under="/console", failed=_failed)
    app.add_middleware(ConsoleHeaders)
    app.mount("/console/static", StaticFiles(directory=STATIC), name="console-static")
    for part in (
        sign_in_routes,
        second_factor_routes,
        queue_routes,
        shift_routes,
        action_routes,
        case_routes,
        conversation_routes,
        file_routes,
        person_routes,
        search_routes,
        enrol_routes,
        review_routes,
        report_routes,
        setting_routes,
        staff_routes,
    ):
        app.include_router(part.routes, include_in_schema=False)
    app.include_router(_everything_else, include_in_schema=False)
    app.add_exception_handler(NotSignedInError, _ask_to_sign_in)
    app.add_exception_handler(RefusedError, _refuse)
    app.add_exception_handler(FactorNeededError, _ask_for_factor)


def serves(request: Request) -> bool:
    """Whether a request is for the console."""
    return request.url.path.startswith("/console")


def unavailable(request: Request) -> Response:
    """The answer while the database is away: a page with another try; for a script, a sentence."""
    later = {"Retry-After": "5"}
    if wants_fragment(request):
        return JSONResponse({"error": AWAY, "field": ""}, 503, later)
    again = _asked(request) if request.method == "GET" else None
    answer = page("away.html", 503, again=again)
    answer.headers.update(later)
    return answer


def malformed(request: Request) -> Response:
    """The answer to an address that no page of ours has, such as one with a word for a number."""
    return _said(request, 404, NOTHING_HERE)


@_everything_else.get("/{rest:path}")
def nothing_here(request: Request, member: Reader, rest: str) -> Response:
    """Every other address: for staff a page that says so, for outsiders the sign-in page."""
    raise RefusedError(404, NOTHING_HERE)


async def _ask_to_sign_in(request: Request, _error: Exception) -> Response:
    going = safe_next(_asked(request)) if request.method == "GET" else "/console"
    address = "/console/sign-in" if going == "/console" else f"/console/sign-in?next={quote(going)}"
    if wants_fragment(request):
        return JSONResponse({"error": "Your session has ended."}, 401, headers={"HX-Redirect": address})
    return RedirectResponse(address, 303)


def _asked(request: Request) -> str:
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


async def _ask_for_factor(request: Request, _error: Exception) -> Response:
    if wants_fragment(request):
        said = {"error": "Set up your second factor first, under your name.", "field": ""}
        return JSONResponse(said, 403, headers={"HX-Redirect": "/console/account"})
    return RedirectResponse("/console/account", 303)


async def _refuse(request: Request, error: Exception) -> Response:
    return _said(request, error.status if isinstance(error, RefusedError) else 500, str(error))


def _failed(scope: Scope) -> Response:
    return _said(Request(scope), 500, FAILED)


def _said(request: Request, status: int, message: str) -> Response:
    if wants_fragment(request):
        return JSONResponse({"error": message, "field": ""}, status)
    return page("error.html", status, message=message)
