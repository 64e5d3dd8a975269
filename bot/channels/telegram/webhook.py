"""Takes updates that Telegram posts to us. It is told 200 only when the update is stored; else it comes again."""

import json
import secrets
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import Request
from fastapi.responses import PlainTextResponse
from telegram import Bot

from bot.channels.telegram.intake import Intake
from bot.channels.telegram.limits import MAX_WEBHOOK_BODY
from bot.channels.telegram.unreadable import update_from

PATH = "/telegram/webhook"
HEADER = "X-Telegram-Bot-Api-Secret-Token"


def webhook(bot: Bot, intake: Intake, secret: str) -> Callable[[Request], Awaitable[PlainTextResponse]]:
    """The route's handler."""

    async def handle(request: Request) -> PlainTextResponse:
        # As bytes: compare_digest takes no text beyond ASCII, and a header may hold any.
        given = request.headers.get(HEADER, "").encode("utf-8", "surrogateescape")
        if not secrets.compare_digest(given, secret.encode()):
            return PlainTextResponse("wrong secret", 403)
        body = await _body(request)
        if body is None:
            return PlainTextResponse("too large", 413)
        data = _json(body)
        if data is None:
            return PlainTextResponse("not an update", 400)
        update = update_from(data, bot)
        if update is not None:
            try:
                await intake.take(update)
            except Exception as error:
                # `take` has logged it. Anything but 2xx makes Telegram deliver the update again.
                return PlainTextResponse(f"not stored: {type(error).__name__}", 500)
        return PlainTextResponse("ok")

    return handle


async def _body(request: Request) -> bytes | None:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_WEBHOOK_BODY:
            return None
    return bytes(body)


def _json(body: bytes) -> dict[str, Any] | None:
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) and type(data.get("update_id")) is int else None
