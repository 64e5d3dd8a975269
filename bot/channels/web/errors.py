"""The API's errors: codes in Python, their words in errors.yml."""

from pathlib import Path
from typing import Any

from fastapi.responses import JSONResponse

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
