"""How this process writes its log: plain lines for people, or one JSON object a line for collectors.

What is logged is the same either way: never what patients or staff write, nor a name or a token.
"""

import json
import logging
import os
import sys
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Literal

Format = Literal["plain", "json"]

# What the work at hand is about. Each task sets its own, and the threads it starts take it along.
REQUEST: ContextVar[str | None] = ContextVar("request", default=None)
CONVERSATION: ContextVar[str | None] = ContextVar("conversation", default=None)


class JsonLines(logging.Formatter):
    """One record as one line: time (UTC), level, process, logger, message, and where known request, conversation and
    the trace of an exception."""

    def __init__(self, process: str) -> None:
        super().__init__()
        self._process = process

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        said = {
            "time": at,
            "level": record.levelname.lower(),
            "process": self._process,
            "logger": record.name,
            "message": record.getMessage(),
            "request": REQUEST.get(),
            "conversation": CONVERSATION.get(),
        }
        if record.exc_info and record.exc_info[0]:
            said["trace"] = "".join(traceback.format_exception(*record.exc_info))
        return json.dumps({key: value for key, value in said.items() if value is not None}, ensure_ascii=False)


def formatter(process: str) -> logging.Formatter:
    """As AFTERCARE_LOG_FORMAT says in the environment, for a process that has no other settings of ours."""
    return _formatter("json" if os.environ.get("AFTERCARE_LOG_FORMAT") == "json" else "plain", process)


def _formatter(kind: Format, process: str) -> logging.Formatter:
    return JsonLines(process) if kind == "json" else logging.Formatter("%(levelname)s %(message)s")


def write_logs(kind: Format, process: str) -> None:
    """Send what this process logs from warnings on to standard error, in one format for all libraries."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_formatter(kind, process))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
