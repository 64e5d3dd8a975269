"""What is measured, as processes: our whole stack, started as a clinic starts it, and stock's `rasa run`."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

from bot.processes import RASA_PYTHON, ProcessError, free_port, quiet_environment
from bot.settings import ROOT, Settings

READY_WITHIN = 300.0  # seconds
STOPS_WITHIN = 30.0
LOOK = 0.05  # seconds between two looks whether it is ready

Ready = Callable[[httpx.Client], bool]


@dataclass(frozen=True)
class Server:
    """What runs: its address, its first process, and the seconds from its start until it was ready."""

    url: str
    pid: int
    ready_seconds: float

    def memory(self) -> float:
        """MiB of all its processes, what they share counted once (PSS)."""
        return sum(_pss(pid) for pid in [self.pid, *_descendants(self.pid)])


@contextmanager
def our_stack(folder: Path) -> Iterator[Server]:
    """`aftercare run` with a clinic's defaults on free ports, over a data folder that may be there already."""
    folder.mkdir(exist_ok=True)
    settings = Settings(
        _env_file=None,
        data_dir=folder,
        port=free_port(),
        rasa_url=f"http://127.0.0.1:{free_port()}",
        actions_url=f"http://127.0.0.1:{free_port()}",
    )
    environment = quiet_environment(settings) | {
        "AFTERCARE_HOST": "127.0.0.1",
        "AFTERCARE_PORT": str(settings.port),
        "AFTERCARE_PUBLIC_URL": settings.public_url,
        "AFTERCARE_RASA_URL": settings.rasa_url,
    }
    url = f"http://127.0.0.1:{settings.port}"
    command = [sys.executable, "-m", "bot.cli", "run"]
    with _running(command, environment, ROOT, folder / "run.log", url, _our_readiness(url)) as server:
        yield server


@contextmanager
def stock_rasa(settings: Settings, model: Path, folder: Path) -> Iterator[Server]:
    """`rasa run` with its REST channel alone, and everything else at Rasa's defaults."""
    folder.mkdir(exist_ok=True)
    (folder / "credentials.yml").write_text("rest:\n", encoding="utf-8")
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [
        *(str(RASA_PYTHON), "-m", "rasa", "run", "--model", str(model.resolve())),
        *("--interface", "127.0.0.1", "--port", str(port), "--credentials", "credentials.yml"),
    ]
    ready = _stock_readiness(url)
    with _running(command, quiet_environment(settings), folder, folder / "run.log", url, ready) as server:
        yield server


def _our_readiness(url: str) -> Ready:
    return lambda client: client.get(f"{url}/readyz").status_code == 200


def _stock_readiness(url: str) -> Ready:
    # As ours, it is ready when it has read a message; its `/` answers before.
    hello = {"sender": "ready", "message": "hello"}
    return lambda client: bool(client.post(f"{url}/webhooks/rest/webhook", json=hello).json())


@contextmanager
def _running(
    command: list[str], environment: Mapping[str, str], place: Path, log: Path, url: str, ready: Ready
) -> Iterator[Server]:
    with httpx.Client(timeout=10, trust_env=False) as client, log.open("a") as output:
        started = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=place, env=dict(environment), stdout=output, stderr=output, start_new_session=True
        )
        try:
            while not _is_ready(client, ready):
                if process.poll() is not None or time.perf_counter() - started > READY_WITHIN:
                    raise ProcessError(f"{command[2]} did not become ready; it said:\n{log.read_text()[-2000:]}")
                time.sleep(LOOK)
            yield Server(url, process.pid, time.perf_counter() - started)
        finally:
            _stop(process)


def _is_ready(client: httpx.Client, ready: Ready) -> bool:
    try:
        return ready(client)
    except (httpx.HTTPError, ValueError):
        return False


def _stop(process: "subprocess.Popen[bytes]") -> None:
    """Ask it to stop, and end what it leaves behind."""
    family = _descendants(process.pid)
    process.terminate()
    try:
        process.wait(STOPS_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for pid in family:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _descendants(pid: int) -> list[int]:
    found: list[int] = []
    with suppress(FileNotFoundError, ProcessLookupError):  # it ended meanwhile
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in map(int, (task / "children").read_text().split()):
                found += [child, *_descendants(child)]
    return found


def _pss(pid: int) -> float:
    with suppress(FileNotFoundError, ProcessLookupError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return 0.0
