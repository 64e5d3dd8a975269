"""The bot process: FastAPI with the widget's API, the console, Telegram, the worker and the outbox."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager

import httpx
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bot import metrics
from bot.alerts.addresses import addresses_of
from bot.alerts.alerting import Alerting
from bot.channels.telegram.channel import open_telegram
from bot.channels.web import site as web
from bot.channels.web.headers import SafeHeaders
from bot.console import app as console
from bot.conversation.deliver import Deliverer, Sender
from bot.followup.follow_ups import FollowUps
from bot.privacy.retention import Retention
from bot.privacy.wishes import Wishes
from bot.request_ids import RequestIds
from bot.services import Services
from bot.store.away import AWAY, reason

log = logging.getLogger(__name__)

Task = asyncio.Task[None]


def create_app(services: Services) -> FastAPI:
    """The ASGI application over a set of services, which it closes when it stops.

    Raises SettingsError for an address of the staff that cannot be used.
    """
    addresses = addresses_of(services.settings)

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            stack.push_async_callback(services.close)
            senders: dict[str, Sender] = {}
            alerting = Alerting.of(services, addresses)
            if services.settings.telegram_token.get_secret_value():
                telegram = await stack.enter_async_context(open_telegram(services, app))
                senders["telegram"] = telegram.sender
                alerting = Alerting.of(services, addresses, telegram.staff_group, telegram.health.away)
            app.state.background = await stack.enter_async_context(_background(services, senders, alerting))
            yield

    app = FastAPI(
        title="Aftercare",
        version="1",
        lifespan=life,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.state.services = services
    app.state.background = {}
    web.mount(app, services)
    console.mount(app, services)
    metrics.mount(app, services)
    for kind in AWAY:
        app.add_exception_handler(kind, _unavailable)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_middleware(SafeHeaders, https=services.settings.cookies_are_secure)
    app.add_middleware(RequestIds)
    app.add_api_route("/healthz", _healthz, include_in_schema=False)
    app.add_api_route("/readyz", _readyz, include_in_schema=False)
    return app


@asynccontextmanager
async def _background(
    services: Services, senders: Mapping[str, Sender], alerting: Alerting
) -> AsyncIterator[dict[str, Task]]:
    deliverer = Deliverer(services.store, services.clinic, services.clock, services.bell, senders)
    parts = {
        "wire": services.wire.run(),
        "worker": services.worker.run(),
        "outbox": deliverer.run(),
        "silence": services.silence.run(),
        "takeovers": services.takeovers.run(),
        "snoozes": services.snoozes.run(),
        "follow_ups": FollowUps.of(services).run(),
        "alerts": alerting.run(),
        "retention": Retention.of(services).run(),
        "wishes": Wishes(services).run(),
    }
    tasks = {name: asyncio.create_task(part, name=name) for name, part in parts.items()}
    for task in tasks.values():
        task.add_done_callback(_ended)
    try:
        yield tasks
    finally:
        for task in tasks.values():
            task.cancel()
        await asyncio.gather(*tasks.values(), return_exceptions=True)


def _ended(task: Task) -> None:
    if not task.cancelled():
        log.critical("the %s ended: restart the bot process", task.get_name(), exc_info=task.exception())


async def _unavailable(request: Request, error: Exception) -> Response:
    log.error("a call cannot be served now: %s", reason(error))
    return console.unavailable(request) if console.serves(request) else web.unavailable(request)


async def _malformed(request: Request, _error: Exception) -> Response:
    return console.malformed(request) if console.serves(request) else web.malformed(request)


async def _healthz() -> dict[str, str]:
    return {"status": "up"}


async def _readyz(request: Request) -> JSONResponse:
    """Whether database, Rasa and action server answer and the work in the background runs; 503 names what does not."""
    services: Services = request.app.state.services
    parts = {
        **{name: not task.done() for name, task in request.app.state.background.items()},
        "database": await asyncio.to_thread(_database_answers, services),
        "rasa": await services.brain.ready(),
        "actions": await _actions_answer(services),
    }
    return JSONResponse(parts, status_code=200 if all(parts.values()) else 503)


def _database_answers(services: Services) -> bool:
    try:
        with services.store.read() as session:
            return session.execute(text("SELECT 1")).scalar() == 1
    except SQLAlchemyError:
        return False


async def _actions_answer(services: Services) -> bool:
    try:
        async with httpx.AsyncClient(trust_env=False, timeout=2, verify=False) as client:  # noqa: S501 - on loopback
            return (await client.get(f"{services.settings.actions_url}/health")).is_success
    except httpx.HTTPError:
        return False
