"""What clinicians do with the case beside the conversation: notes, assignee, tier, snooze; and its print view."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from bot.care.hours import opens_at
from bot.console.action_routes import act, back_to, case_id_of
from bot.console.auth import Actor, Reader, RefusedError, wants_fragment
from bot.console.case_view import case_page
from bot.console.console import Console, console_of, page
from bot.console.conversation_routes import NO_CONVERSATION, note_on, render
from bot.console.drafts import NOTE
from bot.console.reply_list import filled_replies
from bot.console.treatment_form import FormError
from bot.conversation.desk import DeskError
from bot.conversation.desk_rules import PassReason, TierReason
from bot.triage.tier import Tier

routes = APIRouter(prefix="/console/conversations/{conversation_id}")


@routes.get("/replies")
def list_replies(request: Request, member: Actor, conversation_id: str) -> Response:
    """The clinic's canned replies with this patient's own dates, for the composer."""
    found = filled_replies(console_of(request), member, conversation_id)
    return JSONResponse([{**one.__dict__} for one in found])


@routes.post("/note")
def add_note(request: Request, member: Actor, conversation_id: str) -> Response:
    """Write a private note. The same key twice writes it once."""
    console, key, text = console_of(request), member.form.get("key", "")[:40], member.form.get("text", "")
    if not key:
        raise RefusedError(422, "This page is out of date. Reload it: your note is kept.")
    try:
        note_id = console.services.case_work.add_note(member.staff, conversation_id, text, key=key)
    except DeskError as error:
        console.drafts.keep(member.staff.id, conversation_id, NOTE, key, text)
        if wants_fragment(request):
            return JSONResponse({"error": str(error), "field": "note-text"}, 409)
        return render(console, member, conversation_id, status=409, error=str(error), field="note-text", note=text)
    draft = console.drafts.sent(member.staff.id, conversation_id, NOTE)
    return JSONResponse({"note_id": note_id, "key": draft.key}) if wants_fragment(request) else back_to(conversation_id)


@routes.post("/assign")
def assign(request: Request, member: Actor, conversation_id: str) -> Response:
    """Assign the case to a colleague or to nobody, with a reason."""
    console, given = console_of(request), member.form.get("staff_id", "")
    if given and not (given.isdecimal() and len(given) < 16):
        raise RefusedError(422, "This page is out of date. Reload it and choose again.")
    to, chosen = int(given) if given else None, member.form.get("reason", "")

    def verb(case_id: int) -> None:
        if chosen not in list(PassReason):
            raise FormError("pass-reason", "Choose why.")
        console.services.desk.pass_on(member.staff, case_id, to, PassReason(chosen), member.form.get("note", ""))

    return _on_case(request, member, conversation_id, verb)


@routes.post("/tier")
def change_tier(request: Request, member: Actor, conversation_id: str) -> Response:
    """Give the case another tier, with a reason."""
    console, form = console_of(request), member.form

    def verb(case_id: int) -> None:
        tier = next((one for one in Tier if one.label == form.get("tier") and one > Tier.NONE), None)
        if tier is None:
            raise FormError("tier", "Choose a tier.")
        if form.get("reason") not in list(TierReason):
            raise FormError("tier-reason", "Choose why.")
        console.services.case_work.change_tier(member.staff, case_id, tier, TierReason(form["reason"]))

    return _on_case(request, member, conversation_id, verb)


@routes.post("/snooze")
def snooze(request: Request, member: Actor, conversation_id: str) -> Response:
    """Put the case off until a time in the clinic's zone."""
    console, form = console_of(request), member.form

    def verb(case_id: int) -> None:
        console.services.case_work.snooze(member.staff, case_id, _until(console, form))

    return _on_case(request, member, conversation_id, verb)


@routes.post("/wake")
def wake(request: Request, member: Actor, conversation_id: str) -> Response:
    """End a snooze."""
    work = console_of(request).services.case_work
    return _on_case(request, member, conversation_id, lambda case_id: work.wake(member.staff, case_id))


@routes.get("/print")
def print_case(request: Request, member: Reader, conversation_id: str, notes: bool = False) -> Response:
    """The case for the clinical record: everything on paper, private notes only where asked for."""
    console = console_of(request)
    with console.services.store.read() as session:
        shown = case_page(console, session, member, conversation_id, whole=True)
    if shown is None:
        raise RefusedError(404, NO_CONVERSATION)
    note_on(console, member, conversation_id, "exported", notes=int(notes))
    clinic = console.services.clinic
    return page("case_print.html", case=shown, member=member, with_notes=notes, clinic=clinic)


def _on_case(request: Request, member: Actor, conversation_id: str, verb: Callable[[int], None]) -> Response:
    console = console_of(request)
    case_id = case_id_of(console, member, conversation_id)
    return act(request, member, conversation_id, lambda: verb(case_id))


def _until(console: Console, form: Mapping[str, str]) -> datetime:
    """The end of a snooze: hours from now, when the clinic opens after tonight, or a time in the clinic's zone."""
    now, clinic = console.services.clock.now(), console.services.clinic
    chosen = form.get("until", "")
    if chosen in ("1", "3"):
        return now + timedelta(hours=int(chosen))
    if chosen == "open":
        return opens_at(clinic, now + timedelta(hours=8)) or now + timedelta(days=1)
    try:
        local = datetime.fromisoformat(form.get("at", ""))
    except ValueError:
        raise FormError("at", "Choose until when.") from None
    return local.replace(tzinfo=clinic.tz).astimezone(UTC)
