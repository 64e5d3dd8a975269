"""Two bots as in production: processes of their own behind nginx, on one PostgreSQL and one Redis."""

import itertools
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import httpx
from sqlalchemy import select

from bot.clock import SystemClock
from bot.processes import answers, free_port, quiet_environment
from bot.settings import ROOT, Settings
from bot.staff import add_staff, make_sign_in_link
from bot.store.database import Store
from bot.store.tables import Author, Handling, Message, Role
from tests.doubles.rasa import RasaDouble
from tests.house import KEY, KEYS

Found = TypeVar("Found")
_numbers = itertools.count(1)
BOTS = ("one", "two")
ENDLESS = 300.0  # seconds: two bots start beside everything else, and a lease takes twenty to run out


def soon(look: Callable[[], Found], what: str) -> Found:
    """Wait until looking gives something true. Out: that."""
    end = time.monotonic() + ENDLESS
    while not (found := look()):
        assert time.monotonic() < end, f"never: {what}"
        time.sleep(0.05)
    return found


@dataclass
class Pair:
    """The bots `one` and `two`, each with a Rasa of its own to tell who answered, and the proxy before both."""

    folder: Path
    database_url: str
    redis_url: str
    rasas: dict[str, RasaDouble]
    more: dict[str, str] = field(default_factory=dict)  # environment of both
    ports: dict[str, int] = field(default_factory=lambda: {name: free_port() for name in BOTS})
    proxy_port: int = field(default_factory=free_port)
    processes: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    @property
    def proxy(self) -> str:
        """Where nginx listens."""
        return f"http://127.0.0.1:{self.proxy_port}"

    def url(self, name: str) -> str:
        """Where one bot listens."""
        return f"http://127.0.0.1:{self.ports[name]}"

    def start(self, *names: str) -> None:
        """Start bots, at the same moment, and wait until they answer."""
        for name in names:
            with (self.folder / f"{name}.log").open("a") as log:
                self.processes[name] = subprocess.Popen(
                    [sys.executable, "-m", "bot.cli", "serve"], cwd=ROOT, env=self._environment(name), stderr=log
                )
        for name in names:
            process, address = self.processes[name], f"{self.url(name)}/healthz"
            soon(lambda process=process, address=address: process.poll() is not None or answers(address), name)  # type: ignore[misc]
            assert process.poll() is None, self.log(name)[-4000:]

    def start_proxy(self) -> None:
        """nginx with the locations that deploy/ ships."""
        file = self.folder / "nginx.conf"
        file.write_text(_nginx(self.folder, self.proxy_port, self.ports.values()))
        nginx = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin") or "nginx"
        self.processes["nginx"] = subprocess.Popen([nginx, "-c", str(file), "-e", str(self.folder / "error.log")])
        soon(lambda: answers(f"{self.proxy}/healthz"), "nginx answers")

    def stop(self, *names: str) -> None:
        """Ask processes to stop, and wait until they have."""
        for name in names or tuple(self.processes):
            process = self.processes.pop(name)
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(5)

    def kill(self, name: str) -> None:
        """Kill a bot as a power cut would."""
        process = self.processes.pop(name)
        process.kill()
        process.wait(10)

    def log(self, name: str) -> str:
        """What a bot has written."""
        return (self.folder / f"{name}.log").read_text(errors="replace")

    @contextmanager
    def store(self) -> Iterator[Store]:
        """The database, read beside the bots."""
        store = Store(self.database_url, KEYS)
        try:
            yield store
        finally:
            store.close()

    def messages(self, conversation_id: str | None = None) -> list[Message]:
        """Messages, oldest first."""
        query = select(Message).order_by(Message.id)
        if conversation_id:
            query = query.where(Message.conversation_id == conversation_id)
        with self.store() as store, store.read() as session:
            return list(session.scalars(query))

    def settled(self) -> bool:
        """Whether everything that was received is answered."""
        return not any(message.handling is Handling.RECEIVED for message in self.messages())

    def replies(self, conversation_id: str) -> list[str]:
        """What the bot said, in order."""
        return [message.text for message in self.messages(conversation_id) if message.author is Author.BOT]

    def invite(self, name: str) -> str:
        """Add a clinician. Out: the path of their sign-in link."""
        with self.store() as store:
            staff = add_staff(store, SystemClock(), f"{name}@clinic.example", name, "Nurse", Role.CLINICIAN)
            return f"/console/welcome/{make_sign_in_link(store, SystemClock(), staff.id)}"

    def _environment(self, name: str) -> dict[str, str]:
        folder = self.folder / "data"  # both have the same uploads
        settings = Settings(_env_file=None, data_dir=folder, port=self.ports[name])
        return quiet_environment(settings) | {
            "AFTERCARE_PORT": str(self.ports[name]),
            "AFTERCARE_PUBLIC_URL": self.proxy,
            "AFTERCARE_DATABASE_URL": self.database_url,
            "AFTERCARE_REDIS_URL": self.redis_url,
            "AFTERCARE_RASA_URL": self.rasas[name].url,
            "AFTERCARE_SECRET_KEY": "0123456789abcdef" * 4,
            "AFTERCARE_ENCRYPTION_KEYS": KEY,
            "AFTERCARE_TELEGRAM_TOKEN": "",
            "NO_PROXY": "127.0.0.1,localhost",
            **self.more,
        }


def _nginx(folder: Path, port: int, bots: Any) -> str:
    servers = "\n".join(f"server 127.0.0.1:{bot} max_fails=1 fail_timeout=5s;" for bot in bots)
    temporary = "\n".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    return f"""
daemon off;
{"user root;" if os.geteuid() == 0 else ""}
pid {folder}/nginx.pid;
worker_processes 2;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    {temporary}
    upstream aftercare_bots {{ {servers} keepalive 32; }}
    server {{
        listen 127.0.0.1:{port};
        include {ROOT}/deploy/nginx/locations.conf;
    }}
}}
"""


class Visitor:
    """A patient with the widget, at the proxy or at one bot."""

    def __init__(self, url: str, opened: dict[str, str] | None = None) -> None:
        # New conversations of one address are paced; patients come from addresses of their own.
        transport = httpx.HTTPTransport(local_address=f"127.2.{next(_numbers) % 250}.1")
        self.http = httpx.Client(base_url=url, transport=transport, timeout=ENDLESS)
        self._opened = opened or self.http.post("/api/v1/conversations").raise_for_status().json()
        self.conversation_id: str = self._opened["conversation_id"]
        self.http.headers["Authorization"] = f"Bearer {self._opened['token']}"

    def at(self, url: str) -> "Visitor":
        """The same patient at another address."""
        return Visitor(url, self._opened)

    def sends(self, text: str, client_id: str) -> int:
        """Send a message. Out: its id."""
        body = {"client_message_id": client_id, "text": text}
        answer = self.http.post("/api/v1/messages", json=body)
        assert answer.status_code == 202, answer.text
        message_id: int = answer.json()["message_id"]
        return message_id
