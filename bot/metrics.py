"""Prometheus figures at /metrics, counted from the database when asked. Numbers only, behind a bearer token."""

import hmac
from collections.abc import Iterator
from typing import Annotated

from fastapi import FastAPI, Header, HTTPException, Request
from fastapi.responses import PlainTextResponse
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import func, select

from bot.alerts.standing import standing
from bot.services import Services
from bot.store.tables import Case, CaseState, Delivery, Handling, Message, Page, PageState
from bot.triage.tier import Tier


class Figures(Collector):
    """What waits, by kind."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Open cases by tier, overdue cases, patients' messages by handling, our messages by delivery, pages."""
        cases = GaugeMetricFamily("aftercare_open_cases", "Cases that are not closed", labels=["tier"])
        overdue = GaugeMetricFamily("aftercare_overdue_cases", "Open cases nobody has acknowledged in time")
        handled = GaugeMetricFamily("aftercare_patient_messages", "Messages of patients", labels=["handling"])
        sent = GaugeMetricFamily("aftercare_outgoing_messages", "Messages to patients", labels=["delivery"])
        paged = GaugeMetricFamily("aftercare_pages", "Pages to staff", labels=["state"])
        alerts = GaugeMetricFamily("aftercare_alerts", "Cases that staff are paged about", labels=["standing"])
        away = GaugeMetricFamily("aftercare_telegram_away", "1 while Telegram has not been reached for 15 minutes")
        with self._services.store.read() as session:
            open_cases = select(Case.tier, func.count()).where(Case.state != CaseState.CLOSED).group_by(Case.tier)
            by_tier = dict(session.execute(open_cases).all())
            for tier in (Tier.ROUTINE, Tier.URGENT, Tier.EMERGENCY):
                cases.add_metric([tier.label], by_tier.get(int(tier), 0))
            late = select(func.count()).where(Case.state == CaseState.OPEN, Case.due_at < self._services.clock.now())
            overdue.add_metric([], session.scalar(late) or 0)
            now = standing(session)
            away.add_metric([], int(now.telegram_away is not None))
            for name in ("under_way", "unaddressed", "unpaged", "unanswered"):
                alerts.add_metric([name], getattr(now, name))
            for column, family, kinds in (
                (Message.handling, handled, Handling),
                (Message.delivery, sent, Delivery),
                (Page.state, paged, PageState),
            ):
                counts = dict(session.execute(select(column, func.count()).group_by(column)).all())
                for kind in kinds:
                    family.add_metric([kind.value], counts.get(kind, 0))
        yield from (cases, overdue, handled, sent, paged, alerts, away)


def mount(app: FastAPI, services: Services) -> None:
    """Add /metrics. Without AFTERCARE_METRICS_TOKEN it answers 404, with a wrong token 401."""
    registry = CollectorRegistry()
    registry.register(Figures(services))

    def metrics(_request: Request, authorization: Annotated[str, Header()] = "") -> PlainTextResponse:
        token = services.settings.metrics_token.get_secret_value()
        if not token:
            raise HTTPException(404)
        if not hmac.compare_digest(authorization.encode(), f"Bearer {token}".encode()):
            raise HTTPException(401)
        return PlainTextResponse(generate_latest(registry), media_type="text/plain; version=0.0.4")

    app.add_api_route("/metrics", metrics, include_in_schema=False)
