"""What whoever asked is answered where a fault of ours ends their request."""

from collections.abc import Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class AnsweredFaults:
    """Middleware for the addresses under one: answers what a fault of ours has ended, then lets the fault go on to who
    logs it.

    It belongs inside what adds headers, so that its answers have them too.
    """

    def __init__(self, app: ASGIApp, under: str, failed: Callable[[Scope], ASGIApp]) -> None:
        self._app = app
        self._under = under  # "/api"
        self._failed = failed  # the answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; raises what the application raises."""
        if scope["type"] != "http" or not f"{scope['path']}/".startswith(f"{self._under}/"):
            await self._app(scope, receive, send)
            return
        begun = False

        async def noted(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, noted)
        except Exception:  # whatever it is: who asked gets an answer that says what to do, and the log the error
            if not begun:
                await self._failed(scope)(scope, receive, send)
            raise
