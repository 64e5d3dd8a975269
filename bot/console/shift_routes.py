"""The summary of a shift, to hand over with."""

from fastapi import APIRouter, Request, Response

from bot.console.auth import Reader
from bot.console.console import console_of, page
from bot.console.counts import counts
from bot.console.shift_view import HOURS, shift_of

routes = APIRouter(prefix="/console/shift")


@routes.get("")
def show_shift(request: Request, member: Reader, hours: str = "") -> Response:
    """The last hours, by default eight."""
    console = console_of(request)
    chosen = next((one for one in HOURS if str(one) == hours), 8)
    with console.services.store.read() as session:
        shift, numbers = shift_of(console, session, member, chosen), counts(session, member.staff)
    return page("shift.html", shift=shift, member=member, counts=numbers, hours=HOURS, times=console.times())
