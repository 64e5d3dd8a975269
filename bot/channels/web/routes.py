"""The widget's API."""

import asyncio
import logging
from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Form, Header, Path, Query, Request, Response, UploadFile
from pydantic import BaseModel, Field
from sqlalchemy.orm import joinedload
from sse_starlette import EventSourceResponse

from bot.care.hours import is_open
from bot.care.values import clinic_values
from bot.channels.web.errors import ApiError
from bot.channels.web.history import file_name, older
from bot.channels.web.identity import IdentityError, mark_of, verified
from bot.channels.web.languages import Language, language_of
from bot.channels.web.limits import FILE_BYTES, Pace
from bot.channels.web.stream import events
from bot.channels.web.tokens import Held, give, hash_of, held, new_token, opened
from bot.conversation.inbound import Inbound, Press, clean
from bot.conversation.outbox import enqueue
from bot.conversation.receive import conversation_of
from bot.conversation.sniffing import content_type
from bot.conversation.uploads import keep
from bot.services import Services
from bot.store.tables import Attachment, Author, Conversation, Kind, Message

log = logging.getLogger(__name__)

MAX_TEXT = 4000  # characters
PHOTOS = frozenset({"image/jpeg", "image/png", "image/webp", "image/heic"})
HEARTBEAT = 15  # seconds

FileId = Annotated[int, Path(ge=1, lt=2**63)]
ClientId = Annotated[str, Field(min_length=8, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]


class Opened(BaseModel):
    """A conversation. The token is the key to it: only its hash is kept, and after a month another one is given."""

    token: str
    conversation_id: str


class Opening(BaseModel):
    """How a conversation is opened.

    `enrolment` is the token of the clinic's link, where the patient came by one; `identity` the token with which the
    clinic's own portal says who has signed in there.
    """

    enrolment: str | None = Field(None, max_length=200)
    identity: str | None = Field(None, max_length=4000)


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


class Older(BaseModel):
    """A page of messages, oldest first; `more`: there are others before them."""

    messages: list[dict[str, Any]]
    more: bool


router = APIRouter(prefix="/api/v1", tags=["widget"])
_sending = Pace("sending", burst=20, per_second=1.0)
_address = Pace("address", burst=100, per_second=5.0)  # a waiting room may share one
_opening = Pace("opening", burst=30, per_second=0.5)


# What only hands something on is async: FastAPI takes a thread for each that is not.
async def _services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


Parts = Annotated[Services, Depends(_services)]


async def _language(accept_language: Annotated[str, Header()] = "") -> Language | None:
    return language_of(accept_language)


Spoken = Annotated[Language | None, Depends(_language)]


def _held(services: Parts, authorization: Annotated[str, Header()] = "") -> Held:
    scheme, _, token = authorization.partition(" ")
    found = opened(services.store, services.clock.now(), token) if scheme.lower() == "bearer" and token else None
    if found is None:
        raise ApiError("unauthorised")
    return found


async def _conversation(held: Annotated[Held, Depends(_held)]) -> Conversation:
    return held.conversation


def _sender(request: Request, services: Parts, authorization: Annotated[str, Header()] = "") -> Held:
    """Who sends something now, within their pace: one thread for both, since every message comes through here."""
    found = _held(services, authorization)
    address = request.client.host if request.client else ""
    if not (_sending.allows(services.memory, found.patient_key) and _address.allows(services.memory, address)):
        raise ApiError("too_many", {"Retry-After": "2"})
    return found


Sender = Annotated[Held, Depends(_sender)]


@router.get("/widget")
def widget(services: Parts, language: Spoken) -> dict[str, Any]:
    """What the widget shows before a conversation: names, notice, numbers and hours, in the browser's language."""
    now = services.clock.now()
    wording = language.responses.over(services.wording) if language else services.wording
    values = language.values(services.clinic, now) if language else clinic_values(services.clinic, now)
    open_now = is_open(services.clinic, now)
    return {
        "clinic": services.clinic.name,
        "assistant": services.clinic.tone.bot_name,
        "greeting": wording.render("utter_widget_greeting", **values),
        "notice": wording.render("utter_widget_notice", **values),
        "emergency_number": services.clinic.contacts.emergency_number,
        "phone": services.clinic.contacts.phone,
        "open_now": open_now,
        "hours_text": wording.render(f"utter_widget_hours_{'open' if open_now else 'closed'}", **values),
    }


@router.post("/conversations", status_code=201)
def open_conversation(
    request: Request, services: Parts, body: Opening | None = None, authorization: Annotated[str, Header()] = ""
) -> Opened:
    """Start a conversation, or go on with the one of a token or of a signed-in patient. A link is answered in it."""
    if not _opening.allows(services.memory, request.client.host if request.client else ""):
        raise ApiError("too_many", {"Retry-After": "5"})
    now, had, fresh = services.clock.now(), authorization.partition(" ")[2], new_token()
    key = _identified(services, body.identity) if body is not None and body.identity else None
    with services.store.write() as session:
        known = held(session, now, had) if key is None and had else None
        key = key or (known.patient_key if known else hash_of(fresh))
        conversation = conversation_of(session, "web", key, now)
        token = give(session, now, conversation, had, fresh)
        if body is not None and body.enrolment:
            for text, buttons in services.enrolling.open(session, now, conversation, body.enrolment):
                enqueue(session, now, conversation, Author.BOT, text, buttons=buttons)
        opened = Opened(token=token, conversation_id=conversation.id)
    services.bell.ring(opened.conversation_id)
    return opened


def _identified(services: Services, identity: str) -> str:
    settings = services.settings
    try:
        patient_id = verified(identity, settings.identity_secret.get_secret_value(), services.clock.now())
    except IdentityError as error:
        raise ApiError("identity") from error
    return hash_of(mark_of(patient_id, settings.secret()))


@router.get("/messages")
def messages(
    services: Parts,
    conversation: Annotated[Conversation, Depends(_conversation)],
    before: Annotated[int, Query(ge=1, lt=2**63)],
) -> Older:
    """A page of the messages before message `before`, oldest first, each as in a `message` event."""
    return Older(**older(services, conversation.id, before))


@router.post("/messages", status_code=202)
async def send_message(body: MessageIn, services: Parts, sender: Sender) -> Accepted:
    """Send text or press a button. 202 means that it is stored, screened and, if flagged, has its case."""
    return await asyncio.to_thread(_take, services, sender, body)


def _take(services: Services, sender: Held, body: MessageIn) -> Accepted:
    press = _press(services, sender.conversation, body.button)
    if press is None:
        _check(body.text)
    return _receive(services, sender, body.client_message_id, text=body.text, press=press)


@router.post("/attachments", status_code=202)
async def send_attachment(
    services: Parts,
    sender: Sender,
    file: Annotated[UploadFile, File()],
    client_message_id: Annotated[str, Form(min_length=8, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")],
    text: Annotated[str, Form()] = "",
) -> Accepted:
    """Send a photo, with a caption if the patient wrote one. What it is, is told by its bytes."""
    if len(text) > MAX_TEXT:
        raise ApiError("text_too_long")
    content = await file.read(FILE_BYTES + 1)
    if len(content) > FILE_BYTES:
        raise ApiError("too_large")
    if content_type(content[:16]) not in PHOTOS:
        raise ApiError("file_type")
    try:
        upload = await asyncio.to_thread(keep, services.files, content)
    except OSError as error:  # the disk is full, most likely
        log.error("a photo cannot be kept: %s", error.strerror)  # noqa: TRY400
        raise ApiError("unavailable", {"Retry-After": "5"}) from error
    return await asyncio.to_thread(
        _receive, services, sender, client_message_id, text=text, kind=Kind.PHOTO, uploads=(upload,)
    )


@router.get("/attachments/{attachment_id}")
def attachment(
    services: Parts, conversation: Annotated[Conversation, Depends(_conversation)], attachment_id: FileId
) -> Response:
    """A file that a clinician has sent in this conversation, as a download. What patients send is for the staff."""
    with services.store.read() as session:
        row = session.get(Attachment, attachment_id, options=[joinedload(Attachment.message)])
    theirs = row is not None and row.message.conversation_id == conversation.id
    if row is None or not theirs or row.message.author is not Author.CLINICIAN:
        raise ApiError("not_found")
    try:
        content = services.files.read(row.stored_name)
    except OSError as error:
        raise ApiError("not_found") from error
    named = {"Content-Disposition": f'attachment; filename="{file_name(row)}"'}
    return Response(content, media_type=row.content_type, headers=named)


@router.post("/deletion", status_code=202)
def ask_deletion(services: Parts, sender: Sender) -> Accepted:
    """Have the assistant ask in the conversation whether the staff are to delete it. Nothing else happens yet."""
    now = services.clock.now()
    with services.store.write() as session:
        asked = conversation_of(session, "web", sender.patient_key, now)
        for text, buttons in services.own_buttons.ask_to_delete(now):
            message = enqueue(session, now, asked, Author.BOT, text, buttons=buttons)
        accepted = Accepted(message_id=message.id)
    services.bell.ring(sender.conversation.id)
    return accepted


@router.get("/events")
async def stream(
    request: Request,
    services: Parts,
    conversation: Annotated[Conversation, Depends(_conversation)],
    language: Spoken,
    last_event_id: Annotated[str, Header()] = "",
    newest: Annotated[int | None, Query(ge=1, le=200)] = None,
) -> EventSourceResponse:
    """The conversation as server-sent events: what was missed since Last-Event-ID, then what happens.

    Without Last-Event-ID it begins with the first message, or with `newest` with so many of the last ones.
    """
    last = int(last_event_id) if last_event_id.isdecimal() and len(last_event_id) < 19 else 0
    address = request.client.host if request.client else ""
    flow = events(services, conversation.id, last, newest, language, address)
    return EventSourceResponse(flow, ping=HEARTBEAT, headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})


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


def _receive(services: Services, sender: Held, client_id: str, **given: Any) -> Accepted:
    inbound = Inbound(
        channel="web",
        patient_key=sender.patient_key,
        external_id=f"{sender.conversation.id}:{client_id}",
        sent_at=services.clock.now(),
        **given,
    )
    return Accepted(message_id=services.reception.receive(inbound).message_id)
