"""The queue's page and its fragment, and the stream that keeps every page live."""

from typing import Annotated

from fastapi import APIRouter, Header, Request, Response
from sse_starlette import EventSourceResponse

from bot.console.auth import Reader, wants_fragment
from bot.console.console import console_of, page
from bot.console.live import stream
from bot.console.queue_filter import CHANNELS, HEADINGS, SORTS, TABS, WAITING, Filter
from bot.console.queue_view import queue
from bot.console.sessions import cookie_name
from bot.console.signs import REASONS

routes = APIRouter(prefix="/console")


@routes.get("")
def show_queue(request: Request, member: Reader) -> Response:
    """One view of the inbox: whole, or for scripts the parts that change."""
    console = console_of(request)
    with console.services.store.read() as session:
        shown = queue(console, session, member, Filter.read(request.query_params))
    template = "parts/queue_parts.html" if wants_fragment(request) else "queue.html"
    return page(
        template,
        queue=shown,
        view=shown.filter,
        member=member,
        counts=shown.counts,
        headings=HEADINGS,
        tabs=TABS,
        sorts=SORTS,
        channels=CHANNELS,
        reasons=REASONS,
        waiting=shown.filter.tab in WAITING,
        times=console.times(),
    )


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
