"""A conversation's page, its parts, drafts, presence, and what was seen."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from bot.console.auth import MAX_FILE, Actor, Member, Reader, RefusedError, wants_fragment
from bot.console.case_view import case_page
from bot.console.console import Console, console_of, page
from bot.console.drafts import NOTE, REPLY
from bot.console.people import HAND_BACK_REASONS, OUTCOMES, PASS_REASONS, TAKEOVER_REASONS, TIER_REASONS
from bot.console.staged import MOST
from bot.conversation.case_work import MAX_NOTE
from bot.conversation.events import audit
from bot.conversation.inbound import MAX_TEXT
from bot.store.tables import Conversation

routes = APIRouter(prefix="/console")

NO_CONVERSATION = "There is no such conversation."


@routes.get("/conversations/{conversation_id}")
def show_conversation(request: Request, member: Reader, conversation_id: str, all: bool = False) -> Response:
    """The whole page; for scripts, the parts of it that change."""
    console = console_of(request)
    if not wants_fragment(request):
        note_on(console, member, conversation_id, "viewed")
    return render(console, member, conversation_id, whole=all, parts=wants_fragment(request))


def render(
    console: Console,
    member: Member,
    conversation_id: str,
    *,
    status: int = 200,
    error: str = "",
    field: str = "",
    text: str | None = None,
    note: str | None = None,
    whole: bool = False,
    parts: bool = False,
) -> Response:
    """The page, or its parts; after a refused form with the error, and the text that was written."""
    with console.services.store.read() as session:
        shown = case_page(console, session, member, conversation_id, whole=whole)
    if shown is None:
        raise RefusedError(404, NO_CONVERSATION)
    draft = console.drafts.of(member.staff.id, conversation_id)
    note_draft = console.drafts.of(member.staff.id, conversation_id, NOTE)
    return page(
        "parts/case_parts.html" if parts else "case.html",
        status,
        case=shown,
        member=member,
        counts=shown.counts,
        draft=draft,
        text=draft.text if text is None else text,
        note_draft=note_draft,
        note=note_draft.text if note is None else note,
        error=error,
        field=field,
        outcomes=OUTCOMES,
        takeover_reasons=TAKEOVER_REASONS,
        pass_reasons=PASS_REASONS,
        hand_back_reasons=HAND_BACK_REASONS,
        tier_reasons=TIER_REASONS,
        takeover_hours=console.services.clinic.targets.takeover,
        max_text=MAX_TEXT,
        max_note=MAX_NOTE,
        max_file=MAX_FILE,
        max_files=MOST,
    )


@routes.post("/conversations/{conversation_id}/draft")
def keep_draft(request: Request, member: Actor, conversation_id: str) -> Response:
    """Keep what is being written, for this member of staff and conversation only."""
    console = console_of(request)
    with console.services.store.read() as session:
        if session.get(Conversation, conversation_id) is None:
            raise RefusedError(404, NO_CONVERSATION)
    key, text = member.form.get("key", "")[:40], member.form.get("text", "")[: 2 * MAX_TEXT]
    kind = NOTE if member.form.get("kind") == NOTE else REPLY
    return JSONResponse({"kept": console.drafts.keep(member.staff.id, conversation_id, kind, key, text)})


@routes.post("/conversations/{conversation_id}/presence")
async def be_present(request: Request, member: Reader, conversation_id: str) -> Response:
    """Say that a member of staff is here, writes, or has left. On the event loop, where typing is watched."""
    console, doing = console_of(request), member.form.get("doing", "")
    owns = await run_in_threadpool(_owns, console, member, conversation_id)
    if doing == "left":
        console.presence.gone(conversation_id, member.staff.id)
    else:
        writes = doing == "typing" and member.acts
        now = console.services.clock.now()
        console.presence.here(conversation_id, member.staff.id, member.staff.name, now, typing=writes)
    if owns:
        console.services.typing.show(conversation_id, on=doing == "typing", author="clinician")
    return Response(status_code=204)


@routes.post("/conversations/{conversation_id}/seen")
def see(request: Request, member: Actor, conversation_id: str) -> Response:
    """Say that a message of the patient was on this clinician's screen long enough to be read."""
    given = member.form.get("message_id", "")
    if not given.isdecimal() or len(given) > 15:
        raise RefusedError(422, "This page is out of date. Reload it.")
    console_of(request).services.desk.see(member.staff, conversation_id, int(given))
    return Response(status_code=204)


def note_on(console: Console, member: Member, conversation_id: str, action: str, **detail: int) -> None:
    """Add a line about a conversation to the audit log, in a transaction of its own."""
    services = console.services
    with services.store.write() as session:
        if _exists(session, conversation_id):
            audit(
                session,
                services.clock.now(),
                f"staff:{member.staff.id}",
                action,
                conversation_id=conversation_id,
                case_id=None,
                **detail,
            )


def _owns(console: Console, member: Member, conversation_id: str) -> bool:
    with console.services.store.read() as session:
        conversation = session.get(Conversation, conversation_id)
    if conversation is None:
        raise RefusedError(404, NO_CONVERSATION)
    return conversation.owner_staff_id == member.staff.id


def _exists(session: Session, conversation_id: str) -> bool:
    return session.get(Conversation, conversation_id) is not None
