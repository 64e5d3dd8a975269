"""How much may come in: the size of a body, before it is read, and the pace of one address."""

import contextlib
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.channels.web.errors import error_response
from bot.live import Memory

JSON_BYTES = 64 * 1024
FILE_BYTES = 10 * 1024 * 1024
_FORM_SLACK = 16 * 1024  # what multipart wraps around the file


class _TooLarge(Exception):
    pass


class BodyLimit:
    """Refuses bodies over the limit with 413, also those that do not say their length."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 413."""
        if scope["type"] != "http" or not scope["path"].startswith("/api/"):
            await self._app(scope, receive, send)
            return
        limit = FILE_BYTES + _FORM_SLACK if scope["path"].endswith("/attachments") else JSON_BYTES
        declared = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        if not declared.isdigit() or int(declared) > limit:
            await error_response("too_large" if declared.isdigit() else "malformed", _language(scope))(
                scope, receive, send
            )
            return
        seen, started, over = 0, False, False

        async def counted() -> Message:
            nonlocal seen, over
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > limit:
                over = True
                raise _TooLarge
            return message

        async def noted(message: Message) -> None:
            nonlocal started
            if over and not started:
                return  # what the application makes of a body cut off is not the reason
            started = True
            await send(message)

        with contextlib.suppress(_TooLarge):
            await self._app(scope, counted, noted)
        if over and not started:
            await error_response("too_large", _language(scope))(scope, receive, send)


def _language(scope: Scope) -> str:
    return next((value.decode("latin-1") for name, value in scope["headers"] if name == b"accept-language"), "")


@dataclass(frozen=True)
class Pace:
    """So many at once, then so many a second, of each key and of all bots together."""

    name: str
    burst: int
    per_second: float

    def allows(self, memory: Memory, key: str) -> bool:
        """Whether one more may pass now; counts it when it may."""
        return memory.allows(f"{self.name}:{key}", self.burst, self.per_second)
