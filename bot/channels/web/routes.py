"""The widget's API and the demo page."""

import asyncio
import hashlib
import secrets
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, File, Form, Header, Request, UploadFile
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import HTMLResponse, JSONResponse, Response
from fastapi.staticfiles import StaticFiles
from fastapi.templating import Jinja2Templates
from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.exceptions import HTTPException

from bot.care.hours import is_open
from bot.care.values import clinic_values, opening_hours
from bot.channels.sniffing import content_type
from bot.channels.uploads import keep
from bot.channels.web.errors import ApiError, error_response
from bot.channels.web.limits import FILE_BYTES, BodyLimit, Pace
from bot.channels.web.stream import events
from bot.conversation.inbound import Inbound, Press, clean
from bot.conversation.outbox import enqueue
from bot.conversation.receive import conversation_of
from bot.services import Services
from bot.store.tables import Author, Conversation, Kind, Message, Patient

HERE = Path(__file__).parent
MAX_TEXT = 4000  # characters
PHOTOS = frozenset({"image/jpeg", "image/png", "image/webp", "image/heic"})
HEARTBEAT = 15  # seconds

ClientId = Annotated[str, Field(min_length=8, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]


class Opened(BaseModel):
    """A new conversation. The token is its only key: it is shown once and only its hash is kept."""

    token: str
    conversation_id: str


class Opening(BaseModel):
    """How a conversation is opened: `enrolment` is the token of the clinic's link, where the patient came by one."""

    enrolment: str | None = Field(None, max_length=200)


class PressIn(BaseModel):
    """A button that was pressed: of which message, and which of its buttons."""

    message_id: int = Field(ge=1, lt=2**63)
    index: int = Field(ge=0, le=20)


class MessageIn(BaseModel):
    """What a patient sends: text or a press. `client_message_id` makes sending again harmless."""

    client_message_id: ClientId
    text: str = ""
    button: PressIn | None = None


class Accepted(BaseModel):
    """The message is stored: its id."""

    message_id: int


router = APIRouter(prefix="/api/v1", tags=["widget"])
_sending = Pace(burst=20, per_second=1.0)
_opening = Pace(burst=30, per_second=0.5)


def _services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


Parts = Annotated[Services, Depends(_services)]


def _patient_key(authorization: Annotated[str, Header()] = "") -> str:
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise ApiError("unauthorised")
    return _hash(token)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _conversation(services: Parts, key: Annotated[str, Depends(_patient_key)]) -> Conversation:
    with services.store.read() as session:
        query = select(Conversation).join(Patient).where(Patient.channel == "web", Patient.channel_key == key)
        conversation = session.scalar(query)
    if conversation is None:
        raise ApiError("unauthorised")
    return conversation


@router.get("/widget")
def widget(services: Parts) -> dict[str, Any]:
    """What the widget shows before a conversation: names, notice, numbers and hours."""
    now = services.clock.now()
    values = clinic_values(services.clinic, now)
    open_now = is_open(services.clinic, now)
    return {
        "clinic": services.clinic.name,
        "assistant": services.clinic.tone.bot_name,
        "greeting": services.wording.render("utter_widget_greeting", **values),
        "notice": services.wording.render("utter_widget_notice", **values),
        "emergency_number": services.clinic.contacts.emergency_number,
        "phone": services.clinic.contacts.phone,
        "open_now": open_now,
        "hours_text": services.wording.render(f"utter_widget_hours_{'open' if open_now else 'closed'}", **values),
    }


@router.post("/conversations", status_code=201)
def open_conversation(
    request: Request, services: Parts, body: Opening | None = None, authorization: Annotated[str, Header()] = ""
) -> Opened:
    """Start a conversation, or with the token of one go on with it. A clinic's link is answered in it."""
    if not _opening.allows(request.client.host if request.client else ""):
        raise ApiError("too_many", {"Retry-After": "5"})
    now, known = services.clock.now(), authorization.partition(" ")[2]
    with services.store.write() as session:
        token = known if known and _exists(session, _hash(known)) else secrets.token_urlsafe(32)
        conversation = conversation_of(session, "web", _hash(token), now)
        if body is not None and body.enrolment:
            for text, buttons in services.enrolling.open(session, now, conversation, body.enrolment):
                enqueue(session, now, conversation, Author.BOT, text, buttons=buttons)
        opened = Opened(token=token, conversation_id=conversation.id)
    services.bell.ring()
    return opened


def _exists(session: Session, key: str) -> bool:
    query = select(Patient.id).where(Patient.channel == "web", Patient.channel_key == key)
    return session.scalar(query) is not None


@router.post("/messages", status_code=202)
def send_message(
    body: MessageIn,
    services: Parts,
    conversation: Annotated[Conversation, Depends(_conversation)],
    key: Annotated[str, Depends(_patient_key)],
) -> Accepted:
    """Send text or press a button. 202 means that it is stored, screened and, if flagged, has its case."""
    if not _sending.allows(key):
        raise ApiError("too_many", {"Retry-After": "2"})
    press = _press(services, conversation, body.button)
    if press is None:
        _check(body.text)
    return _receive(services, key, conversation, body.client_message_id, text=body.text, press=press)


@router.post("/attachments", status_code=202)
async def send_attachment(
    services: Parts,
    conversation: Annotated[Conversation, Depends(_conversation)],
    key: Annotated[str, Depends(_patient_key)],
    file: Annotated[UploadFile, File()],
    client_message_id: Annotated[str, Form(min_length=8, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")],
    text: Annotated[str, Form()] = "",
) -> Accepted:
    """Send a photo, with a caption if the patient wrote one. What it is, is told by its bytes."""
    if not _sending.allows(key):
        raise ApiError("too_many", {"Retry-After": "2"})
    if len(text) > MAX_TEXT:
        raise ApiError("text_too_long")
    content = await file.read(FILE_BYTES + 1)
    if len(content) > FILE_BYTES:
        raise ApiError("too_large")
    if content_type(content[:16]) not in PHOTOS:
        raise ApiError("file_type")
    upload = await asyncio.to_thread(keep, services.settings.uploads, content)
    return await asyncio.to_thread(
        _receive, services, key, conversation, client_message_id, text=text, kind=Kind.PHOTO, uploads=(upload,)
    )


@router.get("/events")
async def stream(
    services: Parts,
    conversation: Annotated[Conversation, Depends(_conversation)],
    last_event_id: Annotated[str, Header()] = "",
) -> EventSourceResponse:
    """The conversation as server-sent events: what was missed since Last-Event-ID, then what happens."""
    last = int(last_event_id) if last_event_id.isdecimal() and len(last_event_id) < 19 else 0

    async def flow() -> AsyncIterator[ServerSentEvent]:
        async for event in events(services, conversation.id, last):
            yield event

    return EventSourceResponse(flow(), ping=HEARTBEAT, headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})


def _check(text: str) -> None:
    if len(text) > MAX_TEXT:
        raise ApiError("text_too_long")
    if not clean(text):
        raise ApiError("text_empty")


def _press(services: Services, conversation: Conversation, button: PressIn | None) -> Press | None:
    if button is None:
        return None
    with services.store.read() as session:
        carrier = session.get(Message, button.message_id)
    if carrier is None or carrier.conversation_id != conversation.id or button.index >= len(carrier.buttons):
        raise ApiError("button_unknown")
    return Press(button.message_id, button.index)


def _receive(services: Services, key: str, conversation: Conversation, client_id: str, **given: Any) -> Accepted:
    inbound = Inbound(
        channel="web",
        patient_key=key,
        external_id=f"{conversation.id}:{client_id}",
        sent_at=services.clock.now(),
        **given,
    )
    return Accepted(message_id=services.reception.receive(inbound).message_id)


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
    app.mount("/widget", StaticFiles(directory=HERE / "static"), name="widget")
    app.add_middleware(BodyLimit)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=services.settings.embedding_origins,
        allow_methods=["GET", "POST"],
        allow_headers=["Authorization", "Content-Type", "Last-Event-ID"],
        expose_headers=["Retry-After"],
        max_age=600,
    )
    app.add_exception_handler(ApiError, _api_error)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(OperationalError, _unavailable)
    app.add_exception_handler(HTTPException, _http_error)


DEMO_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


async def _api_error(_request: Request, error: Exception) -> Response:
    assert isinstance(error, ApiError)  # noqa: S101 - the handler is registered for it alone
    return error_response(error.code, error.headers)


async def _malformed(_request: Request, _error: Exception) -> Response:
    return error_response("malformed")


async def _unavailable(_request: Request, _error: Exception) -> Response:
    return error_response("unavailable", {"Retry-After": "5"})


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - the handler is registered for it alone
    if request.url.path.startswith("/api/"):
        code = {401: "unauthorised", 404: "not_found", 413: "too_large"}.get(error.status_code, "malformed")
        return error_response(code)
    return JSONResponse({"detail": error.detail}, status_code=error.status_code, headers=error.headers)
