"""Settings: first steps, the protocol with its approvals, the website, Telegram, and the data kept."""

from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from bot.care.clinic import ClinicError
from bot.console.auth import Admin, Member, Reader
from bot.console.console import Console, console_of, environment, page
from bot.console.counts import counts
from bot.console.headers import POLICY
from bot.console.noting import note_down
from bot.console.setting_data import data_kept
from bot.console.setting_protocol import Sheet, read_sheet
from bot.console.setting_steps import steps
from bot.console.setting_telegram import telegram_checks

routes = APIRouter(prefix="/console/settings")


@routes.get("")
def show_steps(request: Request, member: Admin) -> Response:
    """The first steps of a new clinic."""
    console = console_of(request)
    sheet, _ = _sheet(console)
    with console.services.store.read() as session:
        shown = steps(console, session, sheet)
    return _page(console, member, "settings_steps.html", steps=shown, done=sum(step.done for step in shown))


@routes.get("/protocol")
def show_protocol(request: Request, member: Reader) -> Response:
    """The protocol row by row. Everybody on the staff may read it."""
    console = console_of(request)
    sheet, error = _sheet(console)
    return _page(
        console, member, "settings_protocol.html", sheet=sheet, error=error, file=console.services.settings.clinic_file
    )


@routes.get("/website")
def show_website(request: Request, member: Admin) -> Response:
    """The lines for the clinic's website, the policy lines it needs, and the chat as patients see it."""
    console = console_of(request)
    settings, contacts = console.services.settings, console.services.clinic.contacts
    snippet = (
        environment()
        .get_template("parts/website_snippet.html")
        .render(phone=contacts.phone, emergency=contacts.emergency_number, public_url=settings.public_url)
    )
    answer = _page(
        console,
        member,
        "settings_website.html",
        snippet=snippet,
        policy=f"script-src {settings.public_url}; connect-src {settings.public_url}",
        origins=settings.embedding_origins,
        is_local=not settings.public_url.startswith("https://"),
        public_url=settings.public_url,
    )
    answer.headers["Content-Security-Policy"] = f"{POLICY}; frame-src 'self'"
    return answer


@routes.get("/telegram")
async def show_telegram(request: Request, member: Admin) -> Response:
    """How the set-up with Telegram stands."""
    console = console_of(request)
    health = getattr(request.app.state, "telegram", None)
    checks = await telegram_checks(console.services.settings, health, console.times())
    mode = console.services.settings.telegram_mode
    return await run_in_threadpool(_page, console, member, "settings_telegram.html", checks=checks, mode=mode)


@routes.get("/data")
def show_data(request: Request, member: Reader) -> Response:
    """What is kept, for how long."""
    console = console_of(request)
    with console.services.store.read() as session:
        data = data_kept(session, console.services.clinic.privacy, console.times())
    return _page(console, member, "settings_data.html", data=data)


def _sheet(console: Console) -> tuple[Sheet | None, str]:
    try:
        return read_sheet(console.services.settings.clinic_file, console.times()), ""
    except ClinicError as error:
        return None, str(error)


def _page(console: Console, member: Member, template: str, **context: Any) -> Response:
    note_down(console, member, "settings_viewed")
    with console.services.store.read() as session:
        numbers = counts(session, member.staff)
    return page(template, member=member, counts=numbers, times=console.times(), **context)
