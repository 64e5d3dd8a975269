"""The queue's page and its fragment, and the stream that keeps every page live."""

from typing import Annotated, cast

from fastapi import APIRouter, Header, Query, Request, Response
from sse_starlette import EventSourceResponse

from bot.console.auth import Reader, cookie_name, wants_fragment
from bot.console.console import console_of, page
from bot.console.live import stream
from bot.console.queue_view import TABS, Tab, queue
from bot.triage.tier import Tier

routes = APIRouter(prefix="/console")


@routes.get("")
def show_queue(
    request: Request,
    member: Reader,
    tab: str = "open",
    tier: str = "",
    number: Annotated[int, Query(alias="page", ge=1, le=10_000)] = 1,
) -> Response:
    """One tab of the queue: whole, or for scripts the parts that change."""
    console = console_of(request)
    with console.services.store.read() as session:
        shown = queue(
            console,
            session,
            member.staff,
            cast(Tab, tab if tab in TABS else "open"),
            next((one for one in Tier if one.label == tier and one > Tier.NONE), None),
            number,
        )
    template = "parts/queue_parts.html" if wants_fragment(request) else "queue.html"
    return page(template, queue=shown, member=member, tabs=TABS, counts=shown.counts)


@routes.get("/events")
def events(
    request: Request,
    member: Reader,
    last_event_id: Annotated[str, Header()] = "",
    after: str = "",
) -> Response:
    """Server-sent events from the one after `Last-Event-ID` (or `after`, for a page's first connection) on."""
    console = console_of(request)
    seen = next((int(one) for one in (last_event_id, after) if one.isdecimal() and len(one) < 16), -1)
    token = request.cookies.get(cookie_name(console.services.settings))
    return EventSourceResponse(stream(console, token, seen), headers={"X-Accel-Buffering": "no"}, ping=60)
