"""The headers of every answer outside the console, which has stricter ones, and who may ask from another site."""

from fastapi.middleware.cors import CORSMiddleware
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HSTS = "max-age=31536000"
_SHARED = ("/api/", "/widget/")  # what pages of the clinic may load; the console is nobody's but ours
_NO_PAGE = "default-src 'none'; frame-ancestors 'none'"  # an API's answer, opened as a page, does nothing


class SafeHeaders:
    """Middleware that adds the headers; a route's own value of one stands."""

    def __init__(self, app: ASGIApp, https: bool) -> None:
        self._app = app
        self._https = https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and add to what comes back."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = scope.get("path", "")

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("X-Content-Type-Options", "nosniff")
                headers.setdefault("Referrer-Policy", "no-referrer")
                if self._https:
                    headers.setdefault("Strict-Transport-Security", HSTS)
                if path.startswith(_SHARED):
                    headers.add_vary_header("Origin")
                if not path.startswith("/widget/"):
                    headers.setdefault("Cache-Control", "no-store")
                    headers.setdefault("Content-Security-Policy", _NO_PAGE)
            await send(message)

        await self._app(scope, receive, with_headers)


class SharedWithOrigins(CORSMiddleware):
    """Cross-origin access for the clinic's own sites, to the widget's API and files alone."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer or mark a request from another site where that may ask; else pass it on."""
        if scope["type"] == "http" and scope["path"].startswith(_SHARED):
            await super().__call__(scope, receive, send)
        else:
            await self.app(scope, receive, send)
