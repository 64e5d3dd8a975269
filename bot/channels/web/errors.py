"""The API's errors: codes in Python, their words in errors.yml; what is answered where a fault of ours ends a call."""

from pathlib import Path
from typing import Any

from fastapi.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.yaml_file import read_yaml

CATALOGUE: dict[str, dict[str, Any]] = read_yaml(Path(__file__).with_name("errors.yml"))


class ApiError(Exception):
    """A request that cannot be done; `code` is a key of errors.yml."""

    def __init__(self, code: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.headers = headers


def error_response(code: str, accept_language: str = "", headers: dict[str, str] | None = None) -> JSONResponse:
    """The error as the contract has it: {"error": {"code", "message", "next"}}, in the browser's language."""
    entry = CATALOGUE[code]
    words = entry.get(accept_language[:2].lower(), entry)
    body = {"error": {"code": code, "message": words["message"], "next": words["next"]}}
    return JSONResponse(body, status_code=entry["status"], headers=headers)


class OwnFaults:
    """Answers an API call that a fault of ours has ended, then lets the fault go on to who logs it.

    Inside CORS: without its header a browser on the clinic's site tells the widget that the network is gone.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; raises what the application raises."""
        if scope["type"] != "http" or not scope["path"].startswith("/api/"):
            await self._app(scope, receive, send)
            return
        started = False

        async def noted(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, noted)
        except Exception:
            if not started:
                await error_response("unavailable", accept_language(scope))(scope, receive, send)
            raise


def accept_language(scope: Scope) -> str:
    """What a request says of its languages."""
    return next((value.decode("latin-1") for name, value in scope["headers"] if name == b"accept-language"), "")
