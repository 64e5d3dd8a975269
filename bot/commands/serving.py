"""`aftercare run`: Rasa, the action server and the bot together; and `aftercare serve`: the bot alone."""

import signal
import socket
import sys
import threading
from collections.abc import Mapping
from urllib.parse import urlsplit

import uvicorn
from honcho.manager import Manager
from rich.console import Console

from bot.alerts.addresses import addresses_of
from bot.app import create_app
from bot.commands.approving import warning
from bot.logs import write_logs
from bot.processes import Part, ProcessError, actions_part, answers, quiet_environment, rasa_part, wait_until
from bot.services import Services
from bot.settings import ROOT, Settings
from bot.staff import first_run_link

READY_WITHIN = 300  # seconds
INTERRUPTED = 130  # Ctrl-C, which is how one stops it


def serve(settings: Settings) -> None:
    """Run the bot process until it is told to stop. Raises ProcessError for a port that is taken."""
    write_logs(settings.log_format, "bot")
    check_ports({"AFTERCARE_PORT": settings.port})
    services = Services.build(settings)
    for lacking in (warning(settings.clinic_file), _key_warning(settings)):
        if lacking:
            Console(stderr=True, soft_wrap=True).print(f"[yellow]aftercare:[/yellow] {lacking}", highlight=False)
    uvicorn.run(
        create_app(services),
        host=settings.host,
        port=settings.port,
        log_config=None,  # ours is for all that this process logs
        log_level="warning",
        access_log=False,  # addresses of patients' calls are nobody's business
        timeout_graceful_shutdown=5,
    )


def _key_warning(settings: Settings) -> str:
    if settings.keys_lie_apart:
        return ""
    return (
        f"the encryption key lies beside what it seals ({settings.encryption_file}). Before real patients write, put it"
        " into AFTERCARE_ENCRYPTION_KEYS, keep a copy elsewhere, and delete the file."
    )


def run(settings: Settings) -> int:
    """Run all three processes until Ctrl-C. Out: the exit status."""
    check_ports(ports_of(settings))
    services = Services.build(settings)  # bad configuration stops here, before anything is started
    addresses_of(settings)  # and so do addresses of the staff that cannot be used
    link = first_run_link(services)
    services.store.close()
    manager = Manager()
    for part in (actions_part(settings), rasa_part(settings), _bot_part(settings)):
        manager.add_process(part.name, _quoted(part.command), env=_strings(part.environment), cwd=str(ROOT), quiet=True)
    threading.Thread(target=_tell_when_ready, args=(settings, link), daemon=True).start()
    signal.signal(signal.SIGTERM, lambda *_: manager.terminate())
    manager.loop()
    return 0 if manager.returncode in (None, INTERRUPTED) else manager.returncode


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


def _bot_part(settings: Settings) -> Part:
    command = [sys.executable, "-m", "bot.cli", "serve"]
    return Part("bot", command, quiet_environment(settings), f"http://127.0.0.1:{settings.port}/readyz")


def _quoted(command: list[str]) -> str:
    # honcho hands the line to a shell; exec lets its signals reach the program itself.
    return "exec " + " ".join(f"'{word}'" for word in command)


def _strings(environment: Mapping[str, str]) -> dict[str, str]:
    return dict(environment)


def _tell_when_ready(settings: Settings, link: str | None) -> None:
    console = Console()
    url = f"http://127.0.0.1:{settings.port}/readyz"
    with console.status("Starting Rasa, the actions and the bot (about half a minute)"):
        ready = wait_until(lambda: answers(url), READY_WITHIN)
    if not ready:
        console.print("[red]Not ready after five minutes.[/red] The lines above say which process has a problem.")
        return
    lines = [
        f"Demo page with the patients' chat   {settings.public_url}/",
        f"Staff console                       {settings.public_url}/console",
    ]
    if link:
        lines.append(f"First sign-in (once, 72 hours)      {link}")
    lines.append("Stop everything                     Ctrl-C")
    console.rule("Aftercare is ready", align="left")
    console.print("\n".join(lines), soft_wrap=True, highlight=False)
