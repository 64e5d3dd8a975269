"""New sessions: entering one, its links and QR codes, and the printed sheet."""

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from markupsafe import Markup
from sqlalchemy.orm import joinedload

from bot.care.sheet import sheet
from bot.console.auth import Actor, Member, RefusedError
from bot.console.console import Console, console_of, page
from bot.console.enrol_form import INSTRUCTIONS, read_identity, read_note
from bot.console.enrol_view import as_row, newest
from bot.console.noting import note_down
from bot.console.qr import qr
from bot.console.queue_view import counts
from bot.console.treatment_form import FormError
from bot.conversation.desk import DeskError
from bot.conversation.record import as_treatment
from bot.store.tables import CareRecord, Enrolment

routes = APIRouter(prefix="/console/sessions")


@dataclass(frozen=True)
class Way:
    """One way into the chat: its name, its address, and the code to scan."""

    name: str
    address: str
    code: Markup


@routes.get("")
def show_form(request: Request, member: Actor, record: str = "") -> Response:
    """The form, and the links made lately. `record`: another session of a patient who is known."""
    return _form(console_of(request), member, record)


@routes.post("")
def enter(request: Request, member: Actor) -> Response:
    """Enter a session and make its link."""
    console, form = console_of(request), member.form
    record = form.get("record", "")
    try:
        note = read_note(console, form)
        made = console.services.enrolling.create(member.staff, note, _number(record))
    except FormError as error:
        return _form(console, member, record, error, 422)
    except DeskError as error:
        return _form(console, member, "", FormError("called", str(error)), 409)
    return _to_link(console, member, made.enrolment_id, made.token)


@routes.get("/{enrolment_id}")
def show_link(request: Request, member: Actor, enrolment_id: int) -> Response:
    """A session's link and QR codes, for whoever made it; for others how far it has come."""
    note_down(console_of(request), member, "enrolment_viewed", enrolment_id=enrolment_id)
    return _link(request, member, enrolment_id)


@routes.post("/{enrolment_id}/person")
def identify(request: Request, member: Actor, enrolment_id: int) -> Response:
    """Note the patient's number and birth date, or correct them."""
    console = console_of(request)
    try:
        identity = read_identity(console, member.form)
        console.services.enrolling.identify(member.staff, enrolment_id, identity)
    except FormError as error:
        return _link(request, member, enrolment_id, error, 422)
    except DeskError as error:
        raise RefusedError(404, str(error)) from error
    return RedirectResponse(f"/console/sessions/{enrolment_id}", 303)


@routes.post("/{enrolment_id}/link")
def renew(request: Request, member: Actor, enrolment_id: int) -> Response:
    """A new link for the same session; the old one ends."""
    console = console_of(request)
    try:
        made = console.services.enrolling.renew(member.staff, enrolment_id)
    except DeskError as error:
        raise RefusedError(409, str(error)) from error
    return _to_link(console, member, made.enrolment_id, made.token)


@routes.get("/{enrolment_id}/sheet")
def show_sheet(request: Request, member: Actor, enrolment_id: int) -> Response:
    """The sheet to print, with the codes where the link is still to be seen."""
    console, services = console_of(request), console_of(request).services
    enrolment = _enrolment(console, enrolment_id)
    note_down(console, member, "sheet_printed", enrolment_id=enrolment_id)
    row, now = enrolment.treatment, services.clock.now()
    usable = enrolment.used_at is None and enrolment.withdrawn_at is None and enrolment.expires_at > now
    return page(
        "sheet.html",
        sheet=sheet(services.clinic, services.wording, as_treatment(row), row.personal, now),
        called=enrolment.record.called,
        clinic=services.clinic.name,
        lang=services.clinic.locale,
        usable=usable,
        ways=_ways(request, member, enrolment) if usable else (),
        back=f"/console/sessions/{enrolment_id}",
    )


def _link(
    request: Request, member: Member, enrolment_id: int, error: FormError | None = None, status: int = 200
) -> Response:  # fmt: skip
    console = console_of(request)
    enrolment = _enrolment(console, enrolment_id)
    with console.services.store.read() as session:
        shown, numbers = as_row(session, enrolment, console.times()), counts(session, member.staff)
    ways = _ways(request, member, enrolment) if shown.state == "waiting" else ()
    return page(
        "enrolment.html",
        status,
        one=shown,
        person=enrolment.record,
        ways=ways,
        member=member,
        counts=numbers,
        times=console.times(),
        form=member.form,
        error=error,
    )


def _form(console: Console, member: Member, record: str, error: FormError | None = None, status: int = 200) -> Response:
    with console.services.store.read() as session:
        number = _number(record)
        known = session.get(CareRecord, number) if number else None
        numbers, made = counts(session, member.staff), newest(session, console.times())
    return page(
        "sessions.html",
        status,
        known=known,
        made=made,
        member=member,
        counts=numbers,
        times=console.times(),
        instructions=INSTRUCTIONS,
        form=member.form,
        error=error,
    )


def _to_link(console: Console, member: Member, enrolment_id: int, token: str) -> Response:
    console.links.keep(member.token_hash, enrolment_id, token)
    return RedirectResponse(f"/console/sessions/{enrolment_id}", 303)


def _ways(request: Request, member: Member, enrolment: Enrolment) -> tuple[Way, ...]:
    console = console_of(request)
    token = console.links.of(member.token_hash, enrolment.id)
    if token is None:
        return ()
    telegram = getattr(request.app.state, "telegram", None)
    name = telegram.username if telegram is not None else ""
    addresses = {
        "Web chat": f"{console.services.settings.enrolment_page}#aftercare={token}",
        **({"Telegram": f"https://t.me/{name}?start={token}"} if name else {}),
    }
    return tuple(Way(name, address, qr(address)) for name, address in addresses.items())


def _enrolment(console: Console, enrolment_id: int) -> Enrolment:
    options = [joinedload(Enrolment.record), joinedload(Enrolment.treatment)]
    with console.services.store.read() as session:
        found = session.get(Enrolment, enrolment_id, options=options) if enrolment_id < 2**31 else None
    if found is None:
        raise RefusedError(404, "There is no such session.")
    return found


def _number(written: str) -> int | None:
    return int(written) if written.isdecimal() and len(written) < 10 else None
