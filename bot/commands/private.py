"""`aftercare patient`, `aftercare key` and `aftercare privacy`: what the clinic owes its patients about their data."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.backup.databases import require_stopped
from bot.privacy.backups import backup_words
from bot.privacy.counting import count_words
from bot.privacy.erasing import erase
from bot.privacy.exporting import export, write
from bot.privacy.retention import Retention
from bot.services import Services
from bot.settings import Settings, SettingsError

ACTOR = "command"


def export_patient(settings: Settings, named: str, folder: Path) -> str:
    """Write what is kept about a person into a folder. Out: what to say. Raises PersonError or ExportError."""
    with _services(settings) as services:
        bundle = export(services, named, ACTOR)
    write(bundle, folder)
    return f"{len(bundle)} files are in {folder}. They are not encrypted: hand them over, then delete them."


def erase_patient(settings: Settings, named: str) -> str:
    """Erase a person. Out: what went, and what still holds a copy. Raises PersonError."""
    with _services(settings) as services:
        done = erase(services, named, ACTOR)
        return f"Erased: {done.words}.\n{backup_words(services.clinic)}"


def clear(settings: Settings) -> str:
    """Remove now what is kept no longer. Out: what went."""
    with _services(settings) as services:
        removed = Retention.of(services).clear(ACTOR)
    return f"Removed: {count_words(removed)}." if removed else "Nothing was kept too long."


def add_key(settings: Settings) -> str:
    """Put a new key before those in the key file. Out: what to do next. Raises SettingsError."""
    if settings.encryption_keys.get_secret_value():
        raise SettingsError(
            "AFTERCARE_ENCRYPTION_KEYS holds the keys: put a new one (`openssl rand -hex 32`) and a comma before them,"
            " start again, and then run `aftercare key rotate`"
        )
    ring, file = settings.key_ring(), settings.encryption_file
    keys = [secrets.token_hex(32), *(key.secret.hex() for key in ring.keys)]
    beside = file.with_name(file.name + ".new")
    beside.touch(mode=0o600)
    beside.write_text("\n".join(keys) + "\n")
    beside.replace(file)
    return f"A new key stands first in {file}. Stop every bot, run `aftercare key rotate`, and start again."


def rotate(settings: Settings) -> str:
    """Seal everything with the newest key. Out: how much there was, and what to do with the old keys.

    Raises BackupError while a bot runs: one that knows the old keys alone would go on sealing with them.
    """
    require_stopped(settings.database)
    with _services(settings) as services:
        files = services.files.reseal()  # first: the database forgets the old keys
        rows = services.store.exchange_key()
        old = len(services.store.keys.keys) - 1
    done = f"{rows} rows and {files} files were sealed anew with the key {services.store.keys.newest.id.hex()}."
    if not old:
        return done
    return f"{done}\nThe {old} older key{'s' * (old > 1)} may go once no backup needs them."


@contextmanager
def _services(settings: Settings) -> Iterator[Services]:
    services = Services.build(settings)
    try:
        yield services
    finally:
        services.store.close()
