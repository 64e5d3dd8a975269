"""What a process writes as its log: plain, or JSON with what it was about; and what a failed start says."""

import asyncio
import json
import logging
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from bot.logs import CONVERSATION, JsonLines, formatter, write_logs
from bot.processes import free_port
from bot.request_ids import RequestIds
from bot.settings import ROOT
from tests.doubles.bot_api import TelegramDouble
from tests.house import HARMLESS, House


@pytest.fixture
def _as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:], root.level = handlers, level


@pytest.mark.usefixtures("_as_it_was")
def test_a_line_is_one_json_object_with_its_trace_and_nothing_that_is_unknown(capsys: pytest.CaptureFixture[str]):
    write_logs("json", "bot")
    log = logging.getLogger("bot.somewhere")
    log.info("not worth a line")
    log.warning("page %s is late\nvery", 7)
    try:
        int("oh")
    except ValueError:
        log.exception("it failed")
    first, second = (json.loads(line) for line in capsys.readouterr().err.splitlines())
    assert first.pop("time").endswith("+00:00")
    assert first == {
        "level": "warning", "process": "bot", "logger": "bot.somewhere", "message": "page 7 is late\nvery"
    }  # fmt: skip
    assert second["level"] == "error"
    assert second["trace"].endswith("'oh'\n")


@pytest.mark.usefixtures("_as_it_was")
def test_plain_lines_are_for_people(capsys: pytest.CaptureFixture[str]):
    write_logs("plain", "bot")
    logging.getLogger("bot.somewhere").warning("page %s is late", 7)
    assert capsys.readouterr().err == "WARNING page 7 is late\n"


async def test_what_a_worker_logs_says_which_conversation_it_is_about(house: House, rasa, caplog):
    lines: list[dict[str, str]] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(json.loads(JsonLines("bot").format(record)))

    kept = Kept(logging.WARNING)
    logging.getLogger().addHandler(kept)
    try:
        rasa.mode = "500"
        received = house.receive(f"{HARMLESS} marmalade")
        await asyncio.create_task(house.services.worker.answer_waiting())
    finally:
        logging.getLogger().removeHandler(kept)
    assert [line["conversation"] for line in lines if "no answer from Rasa" in line["message"]] == [
        received.conversation_id
    ]
    assert "marmalade" not in str(lines)
    assert CONVERSATION.get() is None


def test_a_request_s_id_is_in_its_answer_and_in_what_is_logged_meanwhile():
    app, lines = FastAPI(), []
    app.add_middleware(RequestIds)

    @app.get("/")
    def look() -> None:
        record = logging.LogRecord("bot", logging.WARNING, "", 0, "here", (), None)
        lines.append(json.loads(JsonLines("bot").format(record))["request"])

    client = TestClient(app)
    answers = [client.get("/").headers["x-request-id"] for _ in range(2)]
    assert answers == lines
    assert len(set(answers)) == 2


def test_the_action_server_s_log_is_written_as_the_environment_says(tmp_path: Path):
    code = (
        "import logging; from actions.__main__ import write_logs; write_logs();"
        "logging.getLogger('actions.turn').warning('late'); logging.getLogger('sanic.root').info('not this')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=os.environ | {"AFTERCARE_LOG_FORMAT": "json"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    [line] = done.stderr.splitlines()
    assert {key: json.loads(line)[key] for key in ("process", "logger", "message")} == {
        "process": "actions", "logger": "actions.turn", "message": "late"
    }  # fmt: skip
    assert isinstance(formatter("actions"), logging.Formatter)


@contextmanager
def starting(folder: Path, **environment: object) -> Iterator["subprocess.Popen[str]"]:
    """`aftercare serve` over an empty folder, for as long as the block lasts."""
    given = {name: value for name, value in os.environ.items() if not name.startswith("AFTERCARE_")}
    ours = {
        "DATA_DIR": folder,
        "PORT": free_port(),
        "RASA_URL": "http://127.0.0.1:9",
        "ACTIONS_URL": "http://127.0.0.1:9",
        "DATABASE_URL": f"sqlite:///{folder / 'aftercare.db'}",
        "CLINIC_FILE": ROOT / "clinic.yml",
        **environment,
    }
    given |= {f"AFTERCARE_{name}": str(value) for name, value in ours.items()} | {"NO_PROXY": "127.0.0.1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "serve"], cwd=ROOT, env=given, stderr=subprocess.PIPE, text=True
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait()
        process.stderr.close()


def test_a_port_that_is_taken_is_one_line_with_the_mend(tmp_path: Path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with starting(tmp_path, PORT=port) as process:
            _, said = process.communicate()
    assert process.returncode == 1
    assert said == f"aftercare: port {port} is in use already: stop what listens there, or set AFTERCARE_PORT\n"


def test_a_telegram_token_that_is_refused_is_one_line_with_the_mend_and_the_bot_goes_on(tmp_path: Path):
    token = "123:not-the-token-of-anybody-at-all"
    with TelegramDouble() as telegram:
        environment = {"TELEGRAM_API_BASE": telegram.base_url, "TELEGRAM_TOKEN": token, "LOG_FORMAT": "json"}
        with starting(tmp_path, **environment) as process:
            said = next(line for line in process.stderr if line.startswith("{"))
            assert process.poll() is None
    line = json.loads(said)
    assert (line["level"], line["process"]) == ("error", "bot")
    assert line["message"] == "Telegram refuses AFTERCARE_TELEGRAM_TOKEN: set the one @BotFather gave"
    assert token not in said
