"""The search page. What is looked for travels in the body of a POST: it stands in no address and no log."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from bot.console.auth import Member, Reader, wants_fragment
from bot.console.console import Console, console_of, environment, page
from bot.console.noting import note_down
from bot.console.queue_view import counts
from bot.console.search_view import Found, search

routes = APIRouter(prefix="/console/search")

LONGEST = 200  # letters


@routes.get("")
def show_search(request: Request, member: Reader) -> Response:
    """The empty search page."""
    return _page(console_of(request), member, "", None)


@routes.post("")
def find(request: Request, member: Reader) -> Response:
    """What was found: the whole page, or for scripts its results as HTML in JSON."""
    console, words = console_of(request), member.form.get("words", "")[:LONGEST]
    with console.services.store.read() as session:
        found = search(console, session, words)
    if found is not None:
        note_down(console, member, "searched", found=found.count)
    if wants_fragment(request):
        results = environment().get_template("parts/search_results.html")
        return JSONResponse({"html": results.render(found=found, words=words)})
    return _page(console, member, words, found)


def _page(console: Console, member: Member, words: str, found: Found | None) -> Response:
    with console.services.store.read() as session:
        numbers = counts(session, member.staff)
    return page("search.html", member=member, counts=numbers, words=words, found=found, longest=LONGEST)
