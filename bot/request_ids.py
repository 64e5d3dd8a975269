"""An id for each request, in its log lines and in its answer, so that who reports a fault can name it."""

import secrets

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.logs import REQUEST


class RequestIds:
    """Middleware: the id stands in the answer's X-Request-ID."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        number = secrets.token_hex(6)
        REQUEST.set(number)  # not taken back: the server logs a failure after we are done, in the same task

        async def named(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), (b"x-request-id", number.encode())]
            await send(message)

        await self._app(scope, receive, named)
