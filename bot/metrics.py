"""Prometheus figures at /metrics, behind a bearer token: what this process counted (`measures.py`), and what waits.

What waits is read from the database when asked, through its indexes, and is the same at every bot: of several bots take
the largest. What a process counted is its own: of several bots take the sum.
"""

import hmac
import platform
from collections.abc import Iterator
from datetime import datetime
from importlib.metadata import version
from typing import Annotated, Any

from fastapi import FastAPI, Header, HTTPException, Request
from fastapi.responses import PlainTextResponse
from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import ColumnElement, case, event, func, select
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session

from bot import measures
from bot.alerts.standing import standing
from bot.measuring import watch
from bot.services import Services
from bot.store.revisions import newest
from bot.store.tables import PENDING, RECEIVED, Case, CaseState, Message, Page, PageState
from bot.triage.tier import Tier

FORMAT = "text/plain; version=0.0.4"


class Figures(Collector):
    """What waits, how long, and against which target."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._build = InfoMetricFamily(
            "aftercare_build",
            "What runs here",
            value={"version": version("aftercare"), "schema": newest(), "python": platform.python_version()},
        )

    def collect(self) -> Iterator[Metric]:
        """Everything, or only that the database does not answer."""
        yield self._build
        now = self._services.clock.now()
        try:
            with self._services.store.read() as session:
                found = [*_waiting(session, now), *_cases(session, now), *_paging(session)]
        except SQLAlchemyError:
            found = []
        yield _gauge("aftercare_database_up", "1 while the database answers", int(bool(found)))
        yield from found


def _waiting(session: Session, now: datetime) -> Iterator[Metric]:
    for name, what, waits in (
        ("waiting", "patients' messages that nobody has seen to", RECEIVED),
        ("outbox", "messages to patients on their way", PENDING),
    ):
        number, oldest = _count_and_oldest(session, waits)
        yield _gauge(f"aftercare_{name}_messages", f"How many {what}", number)
        yield _gauge(f"aftercare_{name}_age_seconds", f"Age of the oldest of the {what}", _age(oldest, now))


def _count_and_oldest(session: Session, waits: ColumnElement[bool]) -> tuple[int, datetime | None]:
    number, oldest = session.execute(select(func.count(), func.min(Message.created_at)).where(waits)).one()
    return number, oldest


def _cases(session: Session, now: datetime) -> Iterator[Metric]:
    """By tier: how many are open, how many of them nobody acknowledged in time, and for how long at most."""
    late = (Case.state == CaseState.OPEN) & (Case.due_at < now)
    first_due = func.min(case((late, Case.due_at)))
    query = select(Case.tier, func.count(), func.count(case((late, 1))), first_due, func.min(Case.opened_at))
    rows = session.execute(query.where(Case.state != CaseState.CLOSED).group_by(Case.tier))
    by_tier = {tier: figures for tier, *figures in rows}
    names = (
        ("aftercare_open_cases", "Cases that are not closed"),
        ("aftercare_overdue_cases", "Open cases nobody has acknowledged in time"),
        ("aftercare_overdue_age_seconds", "How long the most overdue case is past its target"),
        ("aftercare_open_case_age_seconds", "Age of the oldest case that is not closed"),
    )
    families = [GaugeMetricFamily(name, what, labels=["tier"]) for name, what in names]
    for tier in (Tier.ROUTINE, Tier.URGENT, Tier.EMERGENCY):
        number, overdue, due, opened = by_tier.get(int(tier), (0, 0, None, None))
        for family, value in zip(families, (number, overdue, _age(due, now), _age(opened, now)), strict=True):
            family.add_metric([tier.label], value)
    yield from families


def _paging(session: Session) -> Iterator[Metric]:
    pages = GaugeMetricFamily("aftercare_pages", "Pages to staff", labels=["state"])
    counts: dict[Any, int] = dict(session.execute(select(Page.state, func.count()).group_by(Page.state)).all())
    for state in PageState:
        pages.add_metric([state.value], counts.get(state, 0))
    now = standing(session)
    alerts = GaugeMetricFamily("aftercare_alerts", "Cases that staff are paged about", labels=["standing"])
    for name in ("under_way", "unaddressed", "unpaged", "unanswered"):
        alerts.add_metric([name], getattr(now, name))
    away = int(now.telegram_away is not None)
    yield from (pages, alerts)
    yield _gauge("aftercare_telegram_away", "1 while Telegram has not been reached for 15 minutes", away)


def _gauge(name: str, what: str, value: float) -> Metric:
    return GaugeMetricFamily(name, what, value=value)


def _age(since: datetime | None, now: datetime) -> float:
    return max((now - since).total_seconds(), 0.0) if since else 0.0


def _count_error(context: ExceptionContext) -> None:
    if not isinstance(context.sqlalchemy_exception, IntegrityError):
        measures.DATABASE_ERRORS.inc()


def mount(app: FastAPI, services: Services) -> None:
    """Add /metrics. Without AFTERCARE_METRICS_TOKEN it answers 404, with a wrong token 401."""
    registry = CollectorRegistry()
    for one in (*measures.ALL, Figures(services)):
        registry.register(one)
    ProcessCollector(registry=registry)
    event.listen(services.store.engine, "handle_error", _count_error)
    watch(services.store, services.clock)

    def metrics(_request: Request, authorization: Annotated[str, Header()] = "") -> PlainTextResponse:
        token = services.settings.metrics_token.get_secret_value()
        if not token:
            raise HTTPException(404)
        if not hmac.compare_digest(authorization.encode(), f"Bearer {token}".encode()):
            raise HTTPException(401)
        return PlainTextResponse(generate_latest(registry), media_type=FORMAT)

    app.add_api_route("/metrics", metrics, include_in_schema=False)
