"""`aftercare run`: the bot with Rasa and the action server beside it; and `aftercare serve`: the bot alone."""

import gc
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

import uvicorn
from fastapi import FastAPI
from rich.console import Console

from bot.app import create_app
from bot.commands.approving import warning
from bot.logs import write_logs
from bot.processes import ProcessError, actions_part, answers, beside, rasa_part, wait_until
from bot.services import Services
from bot.settings import Settings
from bot.staff import first_run_link

READY_WITHIN = 300  # seconds


def serve(settings: Settings) -> None:
    """Run the bot process until it is told to stop. Raises ProcessError for a port that is taken."""
    write_logs(settings.log_format, "bot")
    check_ports({"AFTERCARE_PORT": settings.port})
    _listen(settings, create_app(Services.build(settings)))


def run(settings: Settings) -> None:
    """Run the bot, with Rasa and the actions as processes of its own, until Ctrl-C or until one of them ends.

    Raises ProcessError, and what bad configuration raises; nothing is left running then.
    """
    write_logs(settings.log_format, "bot")
    check_ports(ports_of(settings))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with beside([rasa_part(settings), actions_part(settings)]) as processes:  # Rasa takes longest to start
        services = Services.build(settings)
        app = create_app(services)
        link = first_run_link(services)
        threading.Thread(target=_tell_when_ready, args=(settings, link), daemon=True).start()
        threading.Thread(target=_stop_with, args=(processes,), daemon=True).start()
        _listen(settings, app)
        if ended := [name for name, process in processes.items() if process.poll() is not None]:
            raise ProcessError(f"{' and '.join(ended)} ended by itself: the lines above say why")


def _listen(settings: Settings, app: FastAPI) -> None:
    for lacking in (warning(settings.clinic_file), _key_warning(settings)):
        if lacking:
            Console(stderr=True, soft_wrap=True).print(f"[yellow]aftercare:[/yellow] {lacking}", highlight=False)
    gc.collect()
    gc.freeze()  # the catalogue never becomes garbage, and looking through it for some halts every answer for a moment
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        log_config=None,  # ours is for all that this process logs
        log_level="warning",
        access_log=False,  # addresses of patients' calls are nobody's business
        timeout_graceful_shutdown=5,
    )


def _stop_with(processes: Mapping[str, "subprocess.Popen[bytes]"]) -> None:
    while all(process.poll() is None for process in processes.values()):
        time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGINT)


def _key_warning(settings: Settings) -> str:
    if settings.keys_lie_apart:
        return ""
    return (
        f"the encryption key lies beside what it seals ({settings.encryption_file}). Before real patients write, put it"
        " into AFTERCARE_ENCRYPTION_KEYS, keep a copy elsewhere, and delete the file."
    )


def ports_of(settings: Settings) -> Mapping[str, int]:
    """The ports that `aftercare run` listens on, by the setting that chooses each."""
    return {
        "AFTERCARE_PORT": settings.port,
        "AFTERCARE_RASA_URL": urlsplit(settings.rasa_url).port or 80,
        "AFTERCARE_ACTIONS_URL": urlsplit(settings.actions_url).port or 80,
    }


def check_ports(wanted: Mapping[str, int]) -> None:
    """Raises ProcessError naming the setting of a port that somebody listens on."""
    for variable, port in wanted.items():
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                raise ProcessError(f"port {port} is in use already: stop what listens there, or set {variable}")


def _tell_when_ready(settings: Settings, link: str | None) -> None:
    console = Console()
    url = f"http://127.0.0.1:{settings.port}/readyz"
    with console.status("Starting Rasa, the actions and the bot (about half a minute)"):
        ready = wait_until(lambda: answers(url), READY_WITHIN)
    if not ready:
        console.print("[red]Not ready after five minutes.[/red] The lines above say which process has a problem.")
        return
    announce("Aftercare is ready", [*addresses(settings, link), "Stop everything                     Ctrl-C"])


def addresses(settings: Settings, link: str | None) -> list[str]:
    """Where everything is, a line each; `link` is the first sign-in, while nobody has used it."""
    first = [f"First sign-in (once, 72 hours)      {link}"] if link else []
    return [
        f"Demo page with the patients' chat   {settings.public_url}/",
        f"Staff console                       {settings.public_url}/console",
        *first,
    ]


def announce(title: str, lines: Sequence[str]) -> None:
    """Say to the person at the terminal that it is ready."""
    console = Console()
    console.rule(title, align="left")
    console.print("\n".join(lines), soft_wrap=True, highlight=False)
