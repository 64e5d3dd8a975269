"""The API's errors: codes in Python, their words in errors.yml."""

from pathlib import Path
from typing import Any

import yaml
from fastapi.responses import JSONResponse

CATALOGUE: dict[str, dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("errors.yml").read_text("utf-8"))


class ApiError(Exception):
    """A request that cannot be done; `code` is a key of errors.yml."""

    def __init__(self, code: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.headers = headers


def error_response(code: str, headers: dict[str, str] | None = None) -> JSONResponse:
    """The error as the contract has it: {"error": {"code", "message", "next"}}."""
    entry = CATALOGUE[code]
    body = {"error": {"code": code, "message": entry["message"], "next": entry["next"]}}
    return JSONResponse(body, status_code=entry["status"], headers=headers)
