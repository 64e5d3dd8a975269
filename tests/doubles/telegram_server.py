"""The double over HTTP: methods, files, long polling, and posting updates to a webhook until they are taken."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.doubles import telegram_rules as rules
from tests.doubles.telegram_methods import METHODS, call, confirm, waiting
from tests.doubles.telegram_rules import Refused
from tests.doubles.telegram_state import Call, Json, State

TAKEN = 200  # of a fault that is only late: what was asked is done all the same
POST_AGAIN = 0.1  # seconds until an update that a webhook did not take is posted again


def application(state: State) -> Starlette:
    """The server's application."""
    # Telegram's names of methods know no case.
    names = {name.lower(): name for name in (*METHODS, "getUpdates")}

    async def api(request: Request) -> Response:
        if request.path_params["token"] != state.token:
            return _answer(Refused(401, "Unauthorized"))
        name = names.get(request.path_params["method"].lower(), "")
        params = await _params(request)
        with state.lock:
            state.calls.append(Call(name, params, time.monotonic()))
        try:
            await _fault(state, name, params)
            result = await _get_updates(state, params) if name == "getUpdates" else call(state, name, params)
        except Refused as refused:
            return _answer(refused)
        # In ASCII, as Telegram writes it: half an emoji, which phones do send, has no other form.
        return Response(json.dumps({"ok": True, "result": result}), media_type="application/json")

    async def file(request: Request) -> Response:
        content = state.files.get(request.path_params["file_id"])
        if request.path_params["token"] != state.token or content is None:
            return _answer(Refused(404, "Not Found"))
        fault = state.fault_for("file", None)
        return Response(status_code=fault.status) if fault else Response(content)

    @asynccontextmanager
    async def life(_app: Starlette) -> AsyncIterator[None]:
        task = asyncio.create_task(_post_updates(state))
        yield
        task.cancel()

    routes = [
        Route("/file/bot{token}/files/{file_id}", file),
        Route("/bot{token}/{method}", api, methods=["GET", "POST"]),
    ]
    return Starlette(routes=routes, lifespan=life)


async def _params(request: Request) -> Json:
    params: Json = dict(request.query_params)
    if request.headers.get("content-type", "").startswith("application/json"):
        params |= await request.json()
    elif request.method == "POST":
        form = await request.form()
        for name, value in form.items():
            params[name] = await value.read() if isinstance(value, UploadFile) else value
        for name, value in list(params.items()):
            if isinstance(value, str) and value.startswith("attach://"):
                params[name] = params.pop(value.removeprefix("attach://"))
    return params


async def _fault(state: State, name: str, params: Json) -> None:
    chat_id = int(params["chat_id"]) if str(params.get("chat_id", "")).lstrip("-").isdigit() else None
    fault = state.fault_for(name, chat_id)
    if fault is None:
        return
    await asyncio.sleep(fault.pause)
    if fault.status == TAKEN:
        return
    if fault.retry_after is not None:
        raise Refused(429, f"Too Many Requests: retry after {fault.retry_after}", retry_after=fault.retry_after)
    raise Refused(fault.status, "made to fail")


def _answer(refused: Refused) -> JSONResponse:
    body: dict[str, Any] = {"ok": False, "error_code": refused.code, "description": refused.description}
    if refused.parameters:
        body["parameters"] = refused.parameters
    return JSONResponse(body, status_code=refused.code)


async def _get_updates(state: State, params: Json) -> list[Json]:
    if state.webhook.url:
        raise Refused(
            409,
            "Conflict: can't use getUpdates method while webhook is active; "
            "use deleteWebhook to delete the webhook first",
        )
    state.pollers += 1
    mine = state.pollers
    end = time.monotonic() + rules.whole(params, "timeout", 0)
    confirm(state, params)
    while True:
        updates = waiting(state, params)
        if updates or state.closing or time.monotonic() >= end:
            return updates
        await asyncio.sleep(0.01)
        if state.pollers != mine:
            raise Refused(
                409,
                "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
            )


async def _post_updates(state: State) -> None:
    """Post pending updates: those of one chat in order, one at a time; different chats side by side."""
    busy: dict[int, asyncio.Task[None]] = {}
    async with httpx.AsyncClient(timeout=30, trust_env=False) as client:
        while not state.closing:
            busy = {chat_id: task for chat_id, task in busy.items() if not task.done()}
            with state.lock:
                pending = list(state.pending) if state.webhook.url else []
            for chat_id, update in pending:
                if chat_id not in busy:
                    busy[chat_id] = asyncio.create_task(_post(state, client, update))
            await asyncio.sleep(0.01)


async def _post(state: State, client: httpx.AsyncClient, update: Json) -> None:
    webhook = state.webhook
    headers = {"Content-Type": "application/json"}
    if webhook.secret:
        headers["X-Telegram-Bot-Api-Secret-Token"] = webhook.secret
    try:
        response = await client.post(webhook.url, content=json.dumps(update), headers=headers)
        problem = "" if response.is_success else f"Wrong response from the webhook: {response.status_code}"
    except httpx.HTTPError as error:
        problem = f"Connection failed: {type(error).__name__}"
    if problem:
        webhook.last_error, webhook.last_error_date = problem, int(time.time())
        await asyncio.sleep(POST_AGAIN)
    else:
        state.confirm({update["update_id"]})
