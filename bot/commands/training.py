"""`aftercare train`: train the Rasa model where data, domain, configuration or components changed."""

import hashlib
import subprocess
from pathlib import Path

from rich.console import Console

from bot.processes import MODEL, RASA_PYTHON, ProcessError, quiet_environment
from bot.settings import ROOT, Settings

FINGERPRINT = MODEL.with_suffix(".fingerprint")
LOG = "train.log"


def fingerprint() -> str:
    """A checksum of everything the model is made from."""
    files = [ROOT / name for name in ("config.yml", "domain.yml", "requirements/rasa.txt", "data/reader/reader.json")]
    for folder, pattern in (
        ("data/nlu", "*.yml"),
        ("data/stories", "*.yml"),
        ("data/language", "*.yml"),
        ("bot/understanding", "*.py"),
    ):
        files.extend((ROOT / folder).rglob(pattern))
    total = hashlib.sha256()
    for file in sorted(files):
        total.update(str(file.relative_to(ROOT)).encode())
        total.update(file.read_bytes())
    return total.hexdigest()


def is_of_today() -> bool:
    """Whether there is a model, trained from what it would be trained from now."""
    return MODEL.exists() and FINGERPRINT.exists() and FINGERPRINT.read_text() == fingerprint()


def train(settings: Settings, *, if_changed: bool) -> bool:
    """Train and keep the model. Out: whether it was needed. Raises ProcessError with the log's place."""
    if if_changed and is_of_today():
        return False
    wanted = fingerprint()
    if not RASA_PYTHON.exists():
        raise ProcessError("the Rasa environment is missing: run `make setup`")
    MODEL.parent.mkdir(exist_ok=True)
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    log = settings.data_dir / "log" / LOG
    log.parent.mkdir(exist_ok=True)
    with Console(stderr=True).status("Training the model (about two minutes the first time, less after)"):
        _run(settings, log)
    FINGERPRINT.write_text(wanted)
    return True


def _run(settings: Settings, log: Path) -> None:
    command = [
        *(str(RASA_PYTHON), "-m", "rasa", "train", "--config", "config.yml", "--domain", "domain.yml"),
        *("--data", "data/nlu", "data/stories", "--out", str(MODEL.parent)),
        *("--fixed-model-name", MODEL.name.removesuffix(".tar.gz")),
    ]
    with log.open("w") as output:
        done = subprocess.run(
            command, cwd=ROOT, env=quiet_environment(settings), stdout=output, stderr=output, check=False
        )
    if done.returncode or not MODEL.exists():
        raise ProcessError(f"training failed; the reason is at the end of {log}")
