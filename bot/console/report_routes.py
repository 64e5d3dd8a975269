"""Reports: figures of a range of days, on a page and as CSV. Nothing in them is anybody's words."""

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response
from sqlalchemy.orm import Session

from bot.console import report_people, report_volume
from bot.console.auth import Reader, RefusedError
from bot.console.console import Console, console_of, page
from bot.console.counts import counts
from bot.console.noting import note_down
from bot.console.report_chart import Drawing, draw
from bot.console.report_range import PRESETS, Range, RangeError, read_range
from bot.console.report_table import Table, as_csv, in_words, quantile, share

routes = APIRouter(prefix="/console/reports")

_SIZES = ((520, 250), (340, 200))  # for a window, for a phone


@dataclass(frozen=True)
class Report:
    """Every table of a range, and the figures at its top: name, figure, what it is of."""

    tables: tuple[Table, ...]
    headline: tuple[tuple[str, str, str], ...]


@routes.get("")
def show_reports(request: Request, member: Reader) -> Response:
    """The reports of a range: `days`, or `from` and `to`."""
    console = console_of(request)
    error, status = "", 200
    try:
        span = _range(console, request)
    except RangeError as wrong:
        error, status, span = str(wrong), 422, read_range({}, console.services.clock.now(), console.services.clinic.tz)
    with console.services.store.read() as session:
        report, numbers = report_of(console, session, span), counts(session, member.staff)
    return page(
        "reports.html",
        status,
        report=report,
        drawings={table.key: _drawings(table) for table in report.tables},
        span=span,
        presets=PRESETS,
        in_words=in_words,
        times=console.times(),
        error=error,
        member=member,
        counts=numbers,
    )


@routes.get("/{key}.csv")
def download(request: Request, member: Reader, key: str) -> Response:
    """One table as CSV."""
    console = console_of(request)
    try:
        span = _range(console, request)
    except RangeError as wrong:
        raise RefusedError(422, str(wrong)) from wrong
    with console.services.store.read() as session:
        report = report_of(console, session, span)
    table = next((one for one in report.tables if one.key == key), None)
    if table is None:
        raise RefusedError(404, "There is no such table.")
    note_down(console, member, "report_downloaded", rows=len(table.rows))
    name = f"aftercare-{key}-{span.first.isoformat()}-{span.last.isoformat()}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(as_csv(table), media_type="text/csv; charset=utf-8", headers=headers)


def report_of(console: Console, session: Session, span: Range) -> Report:
    """Every table of a range."""
    now = console.services.clock.now()
    messages = report_volume.written(session, span)
    found = report_people.responses(session, span, now)
    alone, checks = report_volume.alone(session, span, messages), report_people.check_ins(session, span)
    tables = (
        report_volume.tiers(span, messages),
        report_people.response_times(found),
        report_people.late_by_hour(span, found),
        report_volume.topics(messages),
        report_volume.topics_over_time(span, messages),
        report_people.false_alarms(session, span, console.signs),
        report_volume.unanswered(span, messages),
        alone,
        checks,
    )
    judged = [one for one in found if one.late or one.answered_at is not None]
    waits = [one.minutes for one in found if one.minutes is not None]
    headline = (
        ("Messages", in_words(len(messages)), "from patients"),
        ("First response", _minutes(quantile(waits, 0.5)), f"median of {len(waits)} cases"),
        ("On time", _percent(sum(not one.late for one in judged), len(judged)), f"of {len(judged)} cases"),
        ("Assistant alone", _percent(_column(alone, 2), _column(alone, 1)), "of conversations"),
        ("Check-ins", _percent(_column(checks, 2), _column(checks, 1)), "answered"),
    )
    return Report(tables, headline)


def _range(console: Console, request: Request) -> Range:
    return read_range(dict(request.query_params), console.services.clock.now(), console.services.clinic.tz)


def _drawings(table: Table) -> tuple[Drawing, ...]:
    return tuple(draw(table.stack, *size) for size in _SIZES) if table.stack is not None else ()


def _column(table: Table, at: int) -> int:
    return sum(cell for row in table.rows if isinstance(cell := row[at], int))


def _percent(part: int, whole: int) -> str:
    figure = share(part, whole)
    return "–" if figure is None else f"{figure:.0f}%"


def _minutes(wait: float | None) -> str:
    if wait is None:
        return "–"
    return f"{wait:.0f} min" if wait < 100 else f"{wait / 60:.1f} h"
