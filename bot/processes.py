"""Rasa and the action server as processes of their own: their commands, their environment, and whether they answer."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO
from urllib.parse import urlsplit

import httpx

from bot.ending import PARENT
from bot.errors import MendableError
from bot.settings import ROOT, Settings

RASA_PYTHON = ROOT / ".venv-rasa" / "bin" / "python"
MODEL = ROOT / "models" / "aftercare.tar.gz"


class ProcessError(MendableError):
    """A process could not be started or did not become ready. Says which, and where its log is."""


@dataclass(frozen=True)
class Part:
    """One process: its command line, its environment and the address that tells it is ready."""

    name: str
    command: list[str]
    environment: Mapping[str, str]
    ready_url: str


def quiet_environment(settings: Settings) -> dict[str, str]:
    """The environment of both processes: no telemetry, nothing below warnings in any log, our settings passed on."""
    given = {**os.environ}
    given.pop("PYTHONDONTWRITEBYTECODE", None)  # without compiled bytecode Rasa takes three times as long to start
    return {
        **given,
        "RASA_TELEMETRY_ENABLED": "false",
        "LOG_LEVEL": "WARNING",
        "LOG_LEVEL_LIBRARIES": "ERROR",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "PYTHONWARNINGS": "ignore",
        "PYTHONUNBUFFERED": "1",
        "SANIC_HOST": "127.0.0.1",
        "AFTERCARE_ACTIONS_URL": settings.actions_url,
        "AFTERCARE_DATA_DIR": str(settings.data_dir),
        "AFTERCARE_CLINIC_FILE": str(settings.clinic_file),
        "AFTERCARE_LOG_FORMAT": settings.log_format,
    }


def rasa_part(settings: Settings) -> Part:
    """Rasa with the trained model, on loopback. Raises ProcessError when the environment or the model is missing."""
    if not RASA_PYTHON.exists():
        raise ProcessError("the Rasa environment is missing: run `make setup`")
    if not MODEL.exists():
        raise ProcessError("there is no trained model: run `make train`")
    command = [
        *(str(RASA_PYTHON), "-m", "bot.understanding", "run", "--model", str(MODEL)),
        *("--interface", "127.0.0.1", "--port", str(urlsplit(settings.rasa_url).port)),
        *("--endpoints", "endpoints.yml", "--credentials", "credentials.yml"),
    ]
    environment = {**quiet_environment(settings), "AFTERCARE_RASA_TOKEN": settings.rasa_pass()}
    return Part("rasa", command, environment, f"{settings.rasa_url}/")


def actions_part(settings: Settings) -> Part:
    """The action server over actions/, on loopback."""
    port = str(urlsplit(settings.actions_url).port)
    command = [sys.executable, "-m", "actions", "--port", port]
    return Part("actions", command, quiet_environment(settings), f"{settings.actions_url}/health")


def answers(url: str) -> bool:
    """Whether something answers at an address with success."""
    try:
        # Reading the certificates of all the world for a call on loopback takes longer than the call.
        return httpx.get(url, timeout=2, trust_env=False, verify=False).is_success  # noqa: S501
    except httpx.HTTPError:
        return False


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(parts: list[Part], logs: Path, seconds: float = 180) -> Iterator[dict[str, "subprocess.Popen[bytes]"]]:
    """Start processes, wait until each is ready, stop them at the end. Raises ProcessError with the log's place."""
    with beside(parts, logs) as started:
        for part in parts:
            process = started[part.name]
            if not wait_until(lambda part=part: answers(part.ready_url), seconds, lambda p=process: p.poll() is None):  # type: ignore[misc]
                raise ProcessError(f"{part.name} did not become ready; its log is {logs / part.name}.log")
        yield started


@contextmanager
def beside(parts: list[Part], logs: Path | None = None) -> Iterator[dict[str, "subprocess.Popen[bytes]"]]:
    """Start processes, stop them at the end. What they say goes to files in `logs`, or where ours goes."""
    started: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for part in parts:
            if logs is None:
                started[part.name] = start(part)
                continue
            logs.mkdir(parents=True, exist_ok=True)
            with (logs / f"{part.name}.log").open("w") as log:
                started[part.name] = start(part, log)
        yield started
    finally:
        for process in started.values():
            process.terminate()
        for process in started.values():
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()


def start(part: Part, log: TextIO | None = None) -> "subprocess.Popen[bytes]":
    """Start one process in the project's root. Ctrl-C does not reach it: who started it stops it, last of all.

    It ends by itself where whoever started it is gone.
    """
    environment = {**part.environment, PARENT: str(os.getpid())}
    return subprocess.Popen(part.command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True)


def wait_until(true: Callable[[], bool], seconds: float, alive: Callable[[], bool] = lambda: True) -> bool:
    """Wait until something is true, for so many seconds at most and only while the other is alive."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and alive():
        if true():
            return True
        time.sleep(0.25)
    return False
