"""How much may come in: the size of a body, before it is read, the pace of one address, and how many streams it has."""

import contextlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.channels.web.errors import accept_language, error_response
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
            await error_response("too_large" if declared.isdigit() else "malformed", accept_language(scope))(
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
            await error_response("too_large", accept_language(scope))(scope, receive, send)


@dataclass(frozen=True)
class Pace:
    """So many at once, then so many a second, of each key and of all bots together."""

    name: str
    burst: int
    per_second: float

    def allows(self, memory: Memory, key: str) -> bool:
        """Whether one more may pass now; counts it when it may."""
        return memory.allows(f"{self.name}:{key}", self.burst, self.per_second)


@dataclass(eq=False)
class Place:
    """One stream's, among those of its keys: `held` until it has to go; `wake` is called then."""

    wake: Callable[[], None]
    held: bool = True


class Places:
    """So many streams of each key at once in this process, on its event loop.

    One more ends the oldest, which on a phone with a bad network is often one that nobody reads any more.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._taken: defaultdict[str, list[Place]] = defaultdict(list)

    @contextlib.contextmanager
    def taken(self, key: str, place: Place) -> Iterator[None]:
        """Take the place among those of `key`; it is free again on leaving."""
        taken = self._taken[key]
        taken.append(place)
        if len(taken) > self._most:
            oldest = taken.pop(0)
            oldest.held = False
            oldest.wake()
        try:
            yield
        finally:
            if place in taken:
                taken.remove(place)
            if not self._taken[key]:
                del self._taken[key]
