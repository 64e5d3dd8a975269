"""What is started is counted as a family and leaves nobody behind; with real processes."""

import os
import sys
from pathlib import Path

import pytest

from benchmarks.servers import _descendants, _running
from bot.processes import ProcessError
from tests.house import until

# A parent that ends when asked to, and forgets its child.
PARENT = """
import pathlib, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
pathlib.Path("child").write_text(str(child.pid))
time.sleep(600)
"""


def lives(pid: int) -> bool:
    """Whether it runs; a zombie that nobody has waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


async def test_children_are_counted_and_stopped_also_when_the_measuring_fails(tmp_path: Path):
    told = tmp_path / "child"
    command = [sys.executable, "-c", PARENT]

    def ready(_client: object) -> bool:
        return told.exists() and bool(told.read_text())

    def measure() -> None:
        with _running(command, os.environ, tmp_path, tmp_path / "log", "http://127.0.0.1:9", ready) as server:
            family.extend([server.pid, *_descendants(server.pid)])
            assert server.memory() > 1
            assert server.ready_seconds > 0
            raise KeyboardInterrupt

    family: list[int] = []
    with pytest.raises(KeyboardInterrupt):
        measure()
    assert int(told.read_text()) in family
    assert len(family) == 2
    await until(lambda: not any(map(lives, family)))


def test_one_that_ends_at_once_is_told_with_its_last_words(tmp_path: Path):
    command = [sys.executable, "-c", "raise SystemExit('the port is taken')"]
    with (
        pytest.raises(ProcessError, match="the port is taken"),
        _running(command, os.environ, tmp_path, tmp_path / "log", "http://127.0.0.1:9", lambda _client: False),
    ):
        pass
