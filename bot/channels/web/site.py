"""Where the widget's API, its files and the demo page are joined to the application."""

import logging
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.responses import HTMLResponse, JSONResponse, Response
from fastapi.staticfiles import StaticFiles
from fastapi.templating import Jinja2Templates
from starlette.exceptions import HTTPException
from starlette.types import Scope

from bot.care.values import opening_hours
from bot.channels.web.errors import ApiError, error_response, own_fault
from bot.channels.web.headers import SharedWithOrigins
from bot.channels.web.limits import BodyLimit
from bot.channels.web.routes import router
from bot.faults import AnsweredFaults
from bot.services import Services
from bot.store.away import reason

log = logging.getLogger(__name__)

HERE = Path(__file__).parent


class WidgetFiles(StaticFiles):
    """The widget's files: those named with their version never change, the others are asked after each time."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, with how long a browser may keep it."""
        response = await super().get_response(path, scope)
        versioned = scope["query_string"].startswith(b"v=")
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if versioned else "no-cache"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response


def mount(app: FastAPI, services: Services) -> None:
    """Add the API, the widget's files and the demo page to the application."""
    templates = Jinja2Templates(HERE / "templates")

    def demo(request: Request) -> HTMLResponse:
        contacts = services.clinic.contacts
        context = {
            "clinic_name": services.clinic.name,
            "phone": contacts.phone,
            "emergency_number": contacts.emergency_number,
            "locale": services.clinic.locale,
            "address": contacts.address,
            "opening_hours": opening_hours(services.clinic),
        }
        response = templates.TemplateResponse(request, "demo.html", context)
        response.headers.update(DEMO_HEADERS)
        return response

    app.add_api_route("/", demo, include_in_schema=False, response_class=HTMLResponse)
    app.include_router(router)
    app.mount("/widget", GZipMiddleware(WidgetFiles(directory=HERE / "static"), compresslevel=9), name="widget")
    app.add_middleware(BodyLimit)
    # Inside CORS: without its header a browser on the clinic's site tells the widget that the network is gone.
    app.add_middleware(AnsweredFaults, under="/api", failed=own_fault)
    app.add_middleware(
        SharedWithOrigins,
        allow_origins=services.settings.embedding_origins,
        allow_methods=["GET", "POST"],
        allow_headers=["Authorization", "Content-Type", "Last-Event-ID"],
        expose_headers=["Retry-After"],
        max_age=600,
    )
    app.add_exception_handler(ApiError, _api_error)
    app.add_exception_handler(HTTPException, _http_error)


DEMO_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",  # it holds nothing of a patient's, and may lie in the back/forward cache
}


def _language(request: Request) -> str:
    return request.headers.get("accept-language", "")


async def _api_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, ApiError)  # noqa: S101 - the handler is registered for it alone
    return error_response(error.code, _language(request), error.headers)


def malformed(request: Request) -> Response:
    """The answer to a call that is not of the form it has to have."""
    return error_response("malformed", _language(request))


def unavailable(request: Request) -> Response:
    """The answer to a call that cannot be served now."""
    return error_response("unavailable", _language(request), {"Retry-After": "5"})


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - the handler is registered for it alone
    if request.url.path.startswith("/api/"):
        if isinstance(error.__cause__, OSError):  # a large body waits on the disk while it comes in, and it is full
            log.error("a call cannot be served now: %s", reason(error.__cause__))
            return unavailable(request)
        code = {401: "unauthorised", 404: "not_found", 413: "too_large"}.get(error.status_code, "malformed")
        return error_response(code, _language(request))
    return JSONResponse({"detail": error.detail}, status_code=error.status_code, headers=error.headers)
