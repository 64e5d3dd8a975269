"""Putting a backup back: unpacked, compared, opened and brought up to date aside, and then put in its place."""

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from bot.backup import BackupError
from bot.backup.databases import (
    COPIES,
    check_sound,
    file_of,
    has_tables,
    kind_of,
    require_alone,
    require_nobody_else,
)
from bot.backup.manifest import Manifest
from bot.backup.placing import put_in_place, stored_files
from bot.backup.reading import unpack
from bot.settings import Settings
from bot.store.database import Store
from bot.store.keys import KeyRing, SealingError
from bot.store.revisions import known


@dataclass(frozen=True)
class Restored:
    """What was put back, and where that lies which was there before; None where nothing was."""

    manifest: Manifest
    before: Path | None


def restore(settings: Settings, file: Path, now: datetime, *, replace: bool) -> Restored:
    """Put a backup back; what is there is kept aside, where `replace` says that it may go. `now` is aware.

    Raises BackupError or SealingError, with nothing changed: of a damaged or foreign file, of keys that do not open
    what is in it, while a bot runs on the data, and where there is data and `replace` is not said.
    """
    if not settings.has_encryption_key:
        raise SealingError(
            f"there is no encryption key: put yours back first, into {settings.encryption_file} or"
            " AFTERCARE_ENCRYPTION_KEYS"
        )
    keys = settings.key_ring()
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    _require_place(settings, replace=replace)
    try:
        with _aside(settings.data_dir) as folder:
            manifest = unpack(file, folder)
            _check(settings, manifest, folder, keys)
            _require_place(settings, replace=replace)
            before = settings.data_dir / f"before-restore-{now:%Y%m%dT%H%M%S}"
            put_in_place(settings, folder, before)
            if manifest.database == "postgresql":
                _bring_up_to_date(settings.database, keys)
            return Restored(manifest, before if before.exists() else None)
    except OSError as error:
        raise BackupError(f"it cannot be put back: {error.strerror} ({error.filename})") from error


@contextmanager
def _aside(data_dir: Path) -> Iterator[Path]:
    """A folder beside what is to be replaced, on the same disk, so that taking its place is one step."""
    folder = data_dir / f".restore-{secrets.token_hex(4)}"
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _check(settings: Settings, manifest: Manifest, folder: Path, keys: KeyRing) -> None:
    """Whether it fits here, and whether the keys at hand open what is in it."""
    if manifest.database != kind_of(settings.database):
        raise BackupError(
            f"it is a backup of {manifest.database}, and AFTERCARE_DATABASE_URL names another kind of database"
        )
    if manifest.revision not in known():
        raise BackupError(
            f"its tables are of version {manifest.revision}, which this Aftercare does not know: it was made by"
            f" {manifest.version}; upgrade first"
        )
    given = {key.id.hex() for key in keys.keys}
    if missing := sorted(set(manifest.keys) - given):
        raise SealingError(
            f"it is sealed with the encryption key {' and '.join(missing)}, and that is not among those given"
            f" ({', '.join(sorted(given))}): put it back into AFTERCARE_ENCRYPTION_KEYS or {settings.encryption_file}"
        )
    if manifest.database == "sqlite":
        copied = folder / COPIES["sqlite"]
        check_sound(copied)
        _bring_up_to_date(f"sqlite:///{copied}", keys)


def _bring_up_to_date(url: str, keys: KeyRing) -> None:
    store = Store(url, keys)
    try:
        store.migrate()
        if kind_of(url) == "sqlite":
            with store.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    except SQLAlchemyError as error:
        raise BackupError(f"its tables cannot be brought up to date: {type(error).__name__}") from error
    finally:
        store.close()


def _require_place(settings: Settings, *, replace: bool) -> None:
    """Raises BackupError while somebody has the data open, and where there is some and nobody said that it may go."""
    kind = kind_of(settings.database)
    is_new = kind == "sqlite" and not file_of(settings.database).exists()
    filled = not is_new and _is_filled(settings)
    if (filled or stored_files(settings.uploads)) and not replace:
        raise BackupError(
            "there is data already: say --replace to put the backup in its place; what is there is kept aside"
        )
    if kind == "sqlite" and not is_new:
        require_alone(file_of(settings.database))


def _is_filled(settings: Settings) -> bool:
    store = Store(settings.database, settings.key_ring())
    try:
        with store.engine.connect() as connection:
            if kind_of(settings.database) == "postgresql":
                require_nobody_else(connection)
            return has_tables(connection)
    except SQLAlchemyError as error:
        if kind_of(settings.database) == "postgresql":
            raise BackupError(f"the database does not answer ({type(error).__name__}): start it") from error
        return True  # damaged, which is why a backup is put back
    finally:
        store.close()
