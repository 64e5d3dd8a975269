"""A person's data, for admins: a copy to hand over, and erasing."""

from fastapi import APIRouter, Request, Response
from sqlalchemy.orm import Session, joinedload

from bot.console.auth import Admin, Member, RefusedError
from bot.console.console import Console, console_of, page
from bot.console.people import CHANNELS, patient_label
from bot.console.queue_view import counts
from bot.privacy.backups import backup_words
from bot.privacy.erasing import erase
from bot.privacy.exporting import export, zipped
from bot.privacy.person import PersonError, person_of
from bot.store.tables import Conversation

routes = APIRouter(prefix="/console/conversations/{conversation_id}/data")


@routes.get("")
def show_data(request: Request, member: Admin, conversation_id: str) -> Response:
    """What can be done with a person's data, and what erasing them means."""
    return _page(console_of(request), member, conversation_id)


@routes.post("/export")
def give_copy(request: Request, member: Admin, conversation_id: str) -> Response:
    """A copy of everything, as one archive."""
    services = console_of(request).services
    try:
        bundle = export(services, conversation_id, f"staff:{member.staff.id}")
    except PersonError as error:
        raise RefusedError(404, "There is no such conversation.") from error
    headers = {"Content-Disposition": f'attachment; filename="patient-{conversation_id[:4]}.zip"'}
    return Response(zipped(bundle), media_type="application/zip", headers=headers)


@routes.post("/erase")
def erase_person(request: Request, member: Admin, conversation_id: str) -> Response:
    """Erase, where the code of the conversation was typed in."""
    console = console_of(request)
    if member.form.get("code", "").strip().casefold() != conversation_id[:4]:
        return _page(console, member, conversation_id, f"Type {conversation_id[:4]} to erase. Nothing was erased.")
    try:
        done = erase(console.services, conversation_id, f"staff:{member.staff.id}")
    except PersonError as error:
        raise RefusedError(404, "There is no such conversation.") from error
    with console.services.store.read() as session:
        numbers = counts(session, member.staff)
    backups = backup_words(console.services.clinic)
    return page("erased.html", removed=done.words, backups=backups, member=member, counts=numbers)


def _page(console: Console, member: Member, conversation_id: str, error: str = "") -> Response:
    with console.services.store.read() as session:
        conversation = session.get(Conversation, conversation_id, options=[joinedload(Conversation.patient)])
        if conversation is None:
            raise RefusedError(404, "There is no such conversation.")
        label, chats = patient_label(conversation.patient, conversation_id), _chats(session, conversation)
        numbers = counts(session, member.staff)
    return page(
        "person.html",
        422 if error else 200,
        id=conversation_id,
        patient=label,
        chats=chats,
        backups=backup_words(console.services.clinic),
        member=member,
        counts=numbers,
        error=error,
    )


def _chats(session: Session, conversation: Conversation) -> tuple[str, ...]:
    """All chats of the person, in words."""
    query = [session.get_one(Conversation, one) for one in person_of(session, conversation).conversations]
    return tuple(f"{CHANNELS.get(one.patient.channel, one.patient.channel)} {one.id[:4]}" for one in query)
