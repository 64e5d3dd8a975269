"""Files: what patients sent, as previews and downloads, and what staff add to a reply."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from sqlalchemy.orm import joinedload
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from bot.console.auth import MAX_FILE, Actor, Reader, RefusedError
from bot.console.console import Console, console_of
from bot.console.conversation_routes import NO_CONVERSATION, note_on
from bot.console.previews import preview
from bot.conversation.inbound import Upload
from bot.conversation.sniffing import content_type, is_picture
from bot.conversation.uploads import keep
from bot.store.tables import Attachment, Conversation

routes = APIRouter(prefix="/console")

POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"
TAKEN = ("application/pdf", "image/jpeg", "image/png", "image/webp", "image/gif", "image/heic")


@routes.get("/attachments/{attachment_id}")
def download(request: Request, member: Reader, attachment_id: int) -> Response:
    """A file as it is kept, always to be saved and never to be shown by the browser."""
    console = console_of(request)
    found, content = _file(console, attachment_id)
    note_on(console, member, found.message.conversation_id, "attachment_saved", message_id=found.message_id)
    headers = {
        "Content-Disposition": f'attachment; filename="attachment-{attachment_id}"',
        "Content-Security-Policy": POLICY,
    }
    return Response(content, media_type="application/octet-stream", headers=headers)


@routes.get("/attachments/{attachment_id}/preview")
def show(request: Request, member: Reader, attachment_id: int) -> Response:
    """A picture, painted anew by us."""
    console = console_of(request)
    found, content = _file(console, attachment_id)
    shown = preview(content)
    if shown is None:
        raise RefusedError(415, "This file cannot be shown as a picture. Download it to look at it.")
    note_on(console, member, found.message.conversation_id, "attachment_viewed", message_id=found.message_id)
    headers = {"Content-Disposition": "inline", "Content-Security-Policy": POLICY}
    return Response(shown, media_type="image/jpeg", headers=headers)


@routes.post("/conversations/{conversation_id}/files")
async def add(request: Request, member: Actor, conversation_id: str) -> Response:
    """Keep a file for the reply being written. Out: its pass, its size in bytes, and whether it is a picture."""
    console = console_of(request)
    file = (await request.form()).get("file")
    if not isinstance(file, UploadFile):
        raise RefusedError(422, "Choose a file.")
    content = await file.read(MAX_FILE + 1)
    if len(content) > MAX_FILE:
        raise RefusedError(413, "This file is over 10 MB. Choose a smaller one.")
    upload = await run_in_threadpool(_keep, console, conversation_id, content)
    told = console.staged.pass_for(member.staff.id, conversation_id, upload)
    return JSONResponse({"pass": told, "size": upload.size, "is_picture": is_picture(upload.content_type)})


def _keep(console: Console, conversation_id: str, content: bytes) -> Upload:
    with console.services.store.read() as session:
        if session.get(Conversation, conversation_id) is None:
            raise RefusedError(404, NO_CONVERSATION)
    kind = content_type(content[:16])
    if kind not in TAKEN:
        raise RefusedError(415, "Patients can get photos (JPEG, PNG, WebP, GIF or HEIC) and PDF files.")
    if is_picture(kind) and preview(content) is None:
        raise RefusedError(415, "This picture cannot be read. Open it, save it anew as JPEG, and add that.")
    return keep(console.services.files, content)


def _file(console: Console, attachment_id: int) -> tuple[Attachment, bytes]:
    with console.services.store.read() as session:
        found = session.get(Attachment, attachment_id, options=[joinedload(Attachment.message)])
    try:
        content = console.services.files.read(found.stored_name) if found else None
    except OSError:
        content = None
    if found is None or content is None:
        raise RefusedError(404, "There is no such file.")
    return found, content
