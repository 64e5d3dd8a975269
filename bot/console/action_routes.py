"""What clinicians do: each route calls one verb. Scripts get JSON, plain forms the page again."""

from collections.abc import Callable

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from sqlalchemy import func, select

from bot.console.auth import Actor, Member, RefusedError, wants_fragment
from bot.console.console import Console, console_of
from bot.console.conversation_routes import NO_CONVERSATION, render
from bot.console.drafts import REPLY
from bot.console.replies import left_in, why_missing
from bot.console.reply_list import known_of
from bot.console.treatment_form import FormError, read_session, record_session
from bot.conversation.desk import DeskError
from bot.conversation.desk_rules import HandBackReason, TakeoverReason
from bot.store.tables import Author, Case, Message, Outcome

routes = APIRouter(prefix="/console/conversations/{conversation_id}")


@routes.post("/acknowledge")
def acknowledge(request: Request, member: Actor, conversation_id: str) -> Response:
    """Say that the case was seen."""
    console = console_of(request)
    case_id = case_id_of(console, member, conversation_id)
    return act(request, member, conversation_id, lambda: console.services.desk.acknowledge(member.staff, case_id))


@routes.post("/take-over")
def take_over(request: Request, member: Actor, conversation_id: str) -> Response:
    """Become the one who answers; from a colleague only with a reason."""
    desk, chosen = console_of(request).services.desk, member.form.get("reason", "")

    def verb() -> None:
        if "from_colleague" in member.form and chosen not in list(TakeoverReason):
            raise FormError("takeover-reason", "Choose why you take it over.")
        reason = TakeoverReason(chosen) if chosen in list(TakeoverReason) else None
        desk.take_over(member.staff, conversation_id, reason)

    return act(request, member, conversation_id, verb)


@routes.post("/hand-back")
def hand_back(request: Request, member: Actor, conversation_id: str) -> Response:
    """Let the assistant answer again, with a reason."""
    desk, chosen = console_of(request).services.desk, member.form.get("reason", "")

    def verb() -> None:
        if chosen not in list(HandBackReason):
            raise FormError("handback-reason", "Choose why you hand it back.")
        desk.hand_back(member.staff, conversation_id, HandBackReason(chosen), member.form.get("note", ""))

    return act(request, member, conversation_id, verb)


@routes.post("/close")
def close(request: Request, member: Actor, conversation_id: str) -> Response:
    """Close the case with what it turned out to be."""
    console = console_of(request)
    case_id = case_id_of(console, member, conversation_id)

    def verb() -> None:
        chosen = member.form.get("outcome", "")
        if chosen not in list(Outcome):
            raise FormError("outcome", "Choose what it turned out to be.")
        console.services.desk.close(member.staff, case_id, Outcome(chosen), member.form.get("note", "")[:2000])

    return act(request, member, conversation_id, verb)


@routes.post("/reply")
def reply(request: Request, member: Actor, conversation_id: str) -> Response:
    """Send the patient a message. The same key twice sends once."""
    console, form = console_of(request), member.form
    key, seen, text = form.get("key", "")[:40], form.get("last_seen", ""), form.get("text", "")
    if not key or not seen.isdecimal() or len(seen) > 15:
        raise RefusedError(422, "This page is out of date. Reload it: your draft is kept.")
    if left := left_in(text):
        console.drafts.keep(member.staff.id, conversation_id, REPLY, key, text)
        return _unfilled(request, member, conversation_id, text, left)
    try:
        uploads = console.staged.claim(member.staff.id, conversation_id, form.get("files", ""))
        message_id = console.services.desk.reply(
            member.staff, conversation_id, text, key=key, last_seen=int(seen), uploads=uploads
        )
    except DeskError as error:
        console.drafts.keep(member.staff.id, conversation_id, REPLY, key, text)
        if not wants_fragment(request):
            return render(
                console, member, conversation_id, status=409, error=str(error), field="text", text=text
            )  # fmt: skip
        newest = _newest_patient(console, conversation_id)
        return JSONResponse({"error": str(error), "field": "text", "last_seen": newest}, 409)
    draft = console.drafts.sent(member.staff.id, conversation_id)
    if wants_fragment(request):
        return JSONResponse({"message_id": message_id, "key": draft.key})
    return back_to(conversation_id)


@routes.post("/treatment")
def record_treatment(request: Request, member: Actor, conversation_id: str) -> Response:
    """Record when the session ended."""
    console = console_of(request)
    return act(
        request,
        member,
        conversation_id,
        lambda: record_session(console, member, conversation_id, read_session(console, member.form)),
    )


def _unfilled(request: Request, member: Member, conversation_id: str, text: str, left: list[str]) -> Response:
    console = console_of(request)
    known = known_of(console, member, conversation_id)
    why = "; ".join(f"{{{name}}}: {why_missing(name, known)}" for name in left)
    error = f"Not sent: something is not filled in. {why}."
    if wants_fragment(request):
        return JSONResponse({"error": error, "field": "text"}, 422)
    return render(console, member, conversation_id, status=422, error=error, field="text", text=text)


def act(request: Request, member: Member, conversation_id: str, verb: Callable[[], None]) -> Response:
    """Call a verb. Out: for scripts JSON, else the page again; what is refused says why."""
    try:
        verb()
    except (DeskError, FormError) as error:
        status = 422 if isinstance(error, FormError) else 409
        field = error.field if isinstance(error, FormError) else ""
        if wants_fragment(request):
            return JSONResponse({"error": str(error), "field": field}, status)
        console = console_of(request)
        return render(console, member, conversation_id, status=status, error=str(error), field=field)
    return JSONResponse({}) if wants_fragment(request) else back_to(conversation_id)


def back_to(conversation_id: str) -> Response:
    """To the conversation's page."""
    return RedirectResponse(f"/console/conversations/{conversation_id}", 303)


def case_id_of(console: Console, member: Member, conversation_id: str) -> int:
    """The case the form is about, which has to be this conversation's."""
    given = member.form.get("case_id", "")
    with console.services.store.read() as session:
        case = session.get(Case, int(given)) if given.isdecimal() and len(given) < 16 else None
    if case is None or case.conversation_id != conversation_id:
        raise RefusedError(404, NO_CONVERSATION)
    return case.id


def _newest_patient(console: Console, conversation_id: str) -> int:
    with console.services.store.read() as session:
        newest = select(func.max(Message.id)).where(
            Message.conversation_id == conversation_id, Message.author == Author.PATIENT
        )
        return session.scalar(newest) or 0
