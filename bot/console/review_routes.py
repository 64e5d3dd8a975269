"""Review: what the assistant understood, looked over and corrected by staff. Reviewers may."""

from typing import Any, cast

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from bot.console.auth import Actor, Member, Reader, RefusedError, safe_next
from bot.console.console import Console, console_of, page
from bot.console.counts import counts
from bot.console.noting import note_down
from bot.console.review_query import REASONS, Reason, Worth
from bot.console.review_view import items_of, review_page
from bot.learning.reviewing import ReviewError, keep_review, take_back, withdraw_training
from bot.learning.topics import TOPICS
from bot.store.tables import Author, Finding, Message

routes = APIRouter(prefix="/console/review")

NO_MESSAGE = "There is no such message."


@routes.get("")
def show_reviews(
    request: Request, member: Reader, show: str = "open", why: str = "", before: str = "", done: str = ""
) -> Response:
    """What waits for a review, or was reviewed. `done`: the message just reviewed."""
    console = console_of(request)
    note_down(console, member, "reviews_viewed")
    chosen = cast(Reason, why) if why in REASONS else None
    with console.services.store.read() as session:
        shown = review_page(console, session, "done" if show == "done" else "open", chosen, _number(before))
        number = _number(done)
        just = items_of(console, session, [number] if number else [], {})
        numbers = counts(session, member.staff)
    address = _address(request)
    return page(
        "review.html", shown=shown, just=just, reasons=REASONS, back=address, counts=numbers, **_common(console, member)
    )


@routes.get("/{message_id}")
def show_message(request: Request, member: Reader, message_id: int) -> Response:
    """One message, with every topic and sign there is to choose."""
    return _one(console_of(request), member, message_id)


@routes.post("/{message_id}")
def review(request: Request, member: Reader, message_id: int) -> Response:
    """Keep what was found about a message."""
    console, form, services = console_of(request), member.form, console_of(request).services
    given = form.get("finding", "")
    try:
        with services.store.write() as session:
            message, known = _message(session, message_id), {sign.id for sign in console.signs.known}
            about = form.get("about", "")[:60]
            keep_review(session, services.clock.now(), member.staff, message, _finding(given), about, known)
    except ReviewError as error:
        return _one(console, member, message_id, str(error), 422)
    return _back(form.get("back", ""), message_id)


@routes.post("/{message_id}/take-back")
def undo(request: Request, member: Reader, message_id: int) -> Response:
    """Forget what was found: the message waits for a review again."""
    services = console_of(request).services
    with services.store.write() as session:
        take_back(session, services.clock.now(), member.staff, _message(session, message_id))
    return RedirectResponse(safe_next(member.form.get("back", "")), 303)


@routes.post("/{message_id}/no-training")
def no_training(request: Request, member: Actor, message_id: int) -> Response:
    """The patient has told the clinic that nothing more is to be learnt from their messages."""
    services = console_of(request).services
    with services.store.write() as session:
        withdraw_training(session, services.clock.now(), member.staff, _message(session, message_id))
    return RedirectResponse(f"/console/review/{message_id}", 303)


def _one(console: Console, member: Member, message_id: int, error: str = "", status: int = 200) -> Response:
    with console.services.store.read() as session:
        _message(session, message_id)
        reasons = Worth.of(session, console.services.clock.now()).reasons_of(session, [message_id])
        [item] = items_of(console, session, [message_id], reasons)
        numbers = counts(session, member.staff)
    note_down(console, member, "review_viewed", message_id=message_id)
    back = f"/console/review/{message_id}"
    return page(
        "review_one.html", status, item=item, error=error, back=back, counts=numbers, **_common(console, member)
    )  # fmt: skip


def _common(console: Console, member: Member) -> dict[str, Any]:
    return {"member": member, "topics": TOPICS, "signs": console.signs.known}


def _finding(given: str) -> Finding:
    if given not in list(Finding):
        raise ReviewError("Choose what you found.")
    return Finding(given)


def _message(session: Session, message_id: int) -> Message:
    found = session.get(Message, message_id) if message_id < 2**31 else None
    if found is None or found.author is not Author.PATIENT:
        raise RefusedError(404, NO_MESSAGE)
    return found


def _address(request: Request) -> str:
    """This page's address without what was just done."""
    left = [f"{name}={value}" for name, value in request.query_params.items() if name in ("show", "why", "before")]
    return safe_next("/console/review" + (f"?{'&'.join(left)}" if left else ""))


def _back(address: str, message_id: int) -> Response:
    going = safe_next(address)
    if going.partition("?")[0] == "/console/review":
        going += f"{'&' if '?' in going else '?'}done={message_id}"
    return RedirectResponse(going, 303)


def _number(written: str) -> int | None:
    return int(written) if written.isdecimal() and len(written) < 10 else None
