"""A PostgreSQL of a test's own, which may be killed."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType

import pytest

from bot.processes import free_port

PLACES = "/usr/lib/postgresql"  # where Debian has one folder for each version


class Postgres:
    """A server on loopback over a folder of its own. PostgreSQL refuses to run as root, and then runs as `postgres`."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="aftercare-postgres-"))
        self._folder.chmod(0o755)
        self._data = self._folder / "data"
        self._port = free_port()
        self._binaries = _binaries()

    def __enter__(self) -> "Postgres":
        shutil.chown(self._folder, **_OWNER)
        self._run("initdb", "-D", str(self._data), "-A", "trust", "-U", "postgres", "-N", "-E", "UTF8", "--locale=C")
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        shutil.rmtree(self._folder)

    @property
    def url(self) -> str:
        """The address of its database, as its administrator."""
        return f"postgresql://postgres@127.0.0.1:{self._port}/postgres"

    def launch(self) -> "subprocess.Popen[bytes]":
        """Start the server, and wait for nothing."""
        command = [
            *(str(self._binaries / "postgres"), "-D", str(self._data), "-p", str(self._port)),
            *("-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={self._folder}"),
        ]
        with (self._folder / "log").open("a") as log:
            return subprocess.Popen(command, stdout=log, stderr=log, cwd=self._folder, **_AS)

    def answers(self) -> bool:
        """Whether it takes connections."""
        command = [str(self._binaries / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self._port)]
        return subprocess.run(command, check=False).returncode == 0

    def _run(self, name: str, *arguments: str) -> None:
        subprocess.run(
            [str(self._binaries / name), *arguments], check=True, capture_output=True, cwd=self._folder, **_AS
        )


_AS_ROOT = os.geteuid() == 0
_AS: dict[str, object] = {"user": "postgres", "group": "postgres", "extra_groups": []} if _AS_ROOT else {}
_OWNER: dict[str, str | int] = {"user": "postgres"} if _AS_ROOT else {"user": os.geteuid()}


def _binaries() -> Path:
    found = sorted(Path(PLACES).glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("initdb")
    if not found and on_path is None:
        pytest.skip("this test needs PostgreSQL: apt-get install postgresql")
    return (found[-1] if found else Path(str(on_path)).resolve()).parent
