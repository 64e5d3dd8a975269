"""The three processes as in production, each of which a test may stop, kill and start again."""

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import httpx

from bot.care.clinic import Clinic, load_clinic
from bot.processes import Part, actions_part, answers, free_port, quiet_environment, rasa_part, start
from bot.settings import ROOT, Settings
from bot.store.sealed import PREFIX, open_text
from tests.doubles.bot_api import TelegramDouble

Found = TypeVar("Found")

SECRET_KEY = "0123456789abcdef" * 4
RASA_STARTS_WITHIN = 180.0  # seconds; fifteen to thirty on a quiet machine
PATIENCE = 30.0  # seconds for anything that takes one or two on a quiet machine
MARKER = "quuxzanzibar"  # a word patients write in these tests, which no log may hold


def until(look: Callable[[], Found], what: str, seconds: float = PATIENCE) -> Found:
    """Wait until looking gives something true. Out: that. Raises AssertionError saying what did not happen."""
    end = time.monotonic() + seconds
    while not (found := look()):
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds:g} s: {what}")
        time.sleep(0.05)
    return found


@dataclass
class Stack:
    """Rasa, the actions and the bot on free ports, over a data folder of their own."""

    settings: Settings
    telegram: TelegramDouble
    clinic: Clinic
    processes: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Where the bot listens."""
        return self.settings.public_url

    @property
    def logs(self) -> Path:
        """One file of output a process, the bot's standard output and error among them."""
        return self.settings.data_dir / "log"

    def part(self, name: str) -> Part:
        """How a process is started and how it says that it is ready."""
        if name == "rasa":
            return rasa_part(self.settings)
        if name == "actions":
            return actions_part(self.settings)
        command = [sys.executable, "-m", "bot.cli", "serve"]
        return Part("bot", command, self.environment(), f"{self.url}/readyz")

    def environment(self) -> dict[str, str]:
        """The bot's environment. Every variable that a developer's own .env may set is set here."""
        settings = self.settings
        return quiet_environment(settings) | {
            "AFTERCARE_HOST": "127.0.0.1",
            "AFTERCARE_PORT": str(settings.port),
            "AFTERCARE_PUBLIC_URL": settings.public_url,
            "AFTERCARE_DATABASE_URL": settings.database_url,
            "AFTERCARE_RASA_URL": settings.rasa_url,
            "AFTERCARE_RASA_TOKEN": settings.rasa_pass(),
            "AFTERCARE_RASA_TIMEOUT": str(settings.rasa_timeout),
            "AFTERCARE_SECRET_KEY": SECRET_KEY,
            "AFTERCARE_SECURE_COOKIES": "false",
            "AFTERCARE_TELEGRAM_TOKEN": self.telegram.token,
            "AFTERCARE_TELEGRAM_API_BASE": self.telegram.base_url,
            "AFTERCARE_TELEGRAM_MODE": "polling",
            "AFTERCARE_METRICS_TOKEN": "",
            "AFTERCARE_WIDGET_ORIGINS": "",
            "NO_PROXY": "127.0.0.1,localhost",
        }

    def start(self, *names: str) -> None:
        """Start processes and wait until each is ready."""
        for name in names:
            self.launch(name)
        for name in names:
            process, address = self.processes[name], self.part(name).ready_url
            until(
                lambda process=process, address=address: process.poll() is not None or answers(address),  # type: ignore[misc]
                f"{name} is ready; its log ends with:\n{self.log_of(name)[-2000:]}",
                RASA_STARTS_WITHIN,
            )
            assert process.poll() is None, f"{name} ended with {process.returncode}:\n{self.log_of(name)[-4000:]}"

    def launch(self, name: str) -> None:
        """Start a process, and wait for nothing."""
        self.logs.mkdir(parents=True, exist_ok=True)
        with (self.logs / f"{name}.log").open("a") as log:
            self.processes[name] = start(self.part(name), log)

    def log_of(self, name: str) -> str:
        """What a process has written."""
        return (self.logs / f"{name}.log").read_text(errors="replace")

    def stop(self) -> dict[str, int | None]:
        """Ask every process to stop. Out: the exit status of each; None for one that had to be killed."""
        for process in self.processes.values():
            if process.poll() is None:
                process.terminate()
        ended: dict[str, int | None] = {}
        for name, process in self.processes.items():
            try:
                ended[name] = process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(5)
                ended[name] = None
        self.processes.clear()
        return ended

    def kill(self, name: str) -> None:
        """Kill a process as a power cut would, and those it has started, as systemd and Docker do."""
        process = self.processes[name]
        listed = subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True, check=False)
        process.kill()
        process.wait(10)
        for child in listed.stdout.split():
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(child), signal.SIGKILL)

    @contextmanager
    def frozen(self, name: str) -> Iterator[None]:
        """Hold a process still, alive but deaf, for as long as the block lasts."""
        process = self.processes[name]
        process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(signal.SIGCONT)

    def ready(self) -> bool:
        """Whether database, Rasa and actions all answer."""
        return httpx.get(f"{self.url}/readyz", timeout=10, trust_env=False).status_code == 200

    def rows(self, query: str, *values: Any) -> list[sqlite3.Row]:
        """Read the database beside the bot; what is sealed comes opened."""
        with contextlib.closing(
            sqlite3.connect(f"file:{self.settings.data_dir / 'aftercare.db'}?mode=ro", uri=True, timeout=10)
        ) as connection:
            connection.row_factory = sqlite3.Row
            connection.text_factory = self._opened
            return connection.execute(query, values).fetchall()

    def _opened(self, stored: bytes) -> str:
        text = stored.decode()
        return open_text(self.settings.key_ring(), text) if text.startswith(PREFIX) else text

    def changes(self, query: str, *values: Any) -> None:
        """Change the database beside the bot: what would take longer than a test may."""
        path = self.settings.data_dir / "aftercare.db"
        with contextlib.closing(sqlite3.connect(path, timeout=10)) as connection, connection:
            connection.execute(query, values)

    def messages(self, conversation_id: str, author: str = "%") -> list[sqlite3.Row]:
        """A conversation's messages, oldest first."""
        query = "SELECT * FROM messages WHERE conversation_id = ? AND author LIKE ? ORDER BY id"
        return self.rows(query, conversation_id, author)

    def message(self, message_id: int) -> sqlite3.Row:
        """One message."""
        return self.rows("SELECT * FROM messages WHERE id = ?", message_id)[0]

    def cases(self, conversation_id: str) -> list[sqlite3.Row]:
        """A conversation's cases, oldest first."""
        return self.rows("SELECT * FROM cases WHERE conversation_id = ? ORDER BY id", conversation_id)

    def handled(self, message_id: int) -> sqlite3.Row:
        """The message once the bot has seen to it."""

        def look() -> sqlite3.Row | None:
            row = self.message(message_id)
            return row if row["handling"] != "received" else None

        return until(look, f"message {message_id} is seen to")

    def aftercare(self, *arguments: str) -> str:
        """Run an `aftercare` command over the same data. Out: what it printed."""
        command = [sys.executable, "-m", "bot.cli", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.environment(), capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def logged(self) -> str:
        """Everything in every log, whichever process wrote it."""
        return "\n".join(path.read_text(errors="replace") for path in self.settings.data_dir.rglob("*.log"))


def build(folder: Path, telegram: TelegramDouble, **given: Any) -> Stack:
    """A stack that is not started yet. `given` are settings that go over the defaults."""
    port = free_port()
    clinic_file = ROOT / "clinic.yml"
    defaults = {
        "data_dir": folder,
        "port": port,
        "public_url": f"http://127.0.0.1:{port}",
        "rasa_url": f"http://127.0.0.1:{free_port()}",
        "actions_url": f"http://127.0.0.1:{free_port()}",
        "clinic_file": clinic_file,
        "rasa_timeout": 8.0,
        "database_url": "",
    }
    settings = Settings(_env_file=None, **{**defaults, **given})
    return Stack(settings, telegram, load_clinic(clinic_file))
