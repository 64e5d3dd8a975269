"""The API's errors: codes in Python, their words in errors.yml."""

from pathlib import Path
from typing import Any

from fastapi.responses import JSONResponse
from starlette.types import ASGIApp, Scope

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


def own_fault(scope: Scope) -> ASGIApp:
    """What a call is answered that a fault of ours has ended."""
    return error_response("unavailable", accept_language(scope))


def accept_language(scope: Scope) -> str:
    """What a request says of its languages."""
    return next((value.decode("latin-1") for name, value in scope["headers"] if name == b"accept-language"), "")
