"""Making a backup: the database first, then the files it names, then what the clinic wrote, then what it all is."""

import hashlib
import io
import os
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from bot.backup import BackupError
from bot.backup.databases import COPIES, check_sound, copy, kind_of
from bot.backup.manifest import NAME, Manifest
from bot.backup.placing import clinic_files, stored_files
from bot.backup.reading import unpack
from bot.settings import Settings
from bot.store.database import Store
from bot.store.revisions import newest, revision_of
from bot.store.tables import SealingKey


def back_up(settings: Settings, target: Path, now: datetime) -> Manifest:
    """Write a backup and read it again whole. The bot may run meanwhile. Raises BackupError, leaving no file behind.

    `now` is aware. The keys are not in it, nor is `.env`.
    """
    if target.exists():
        raise BackupError(f"{target} is there already: name a file that is not")
    if not settings.has_encryption_key:
        raise BackupError(f"there is no encryption key, so there is nothing to back up yet: see {settings.data_dir}")
    draft = target.with_name(f".{target.name}.part")
    try:
        with tempfile.TemporaryDirectory(prefix=".aftercare-", dir=target.parent) as folder:
            manifest = _write(settings, draft, Path(folder), now)
            unpack(draft, Path(folder) / "again")
        draft.replace(target)
    except OSError as error:
        raise BackupError(f"{target} cannot be written: {error.strerror}") from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
    return manifest


def _write(settings: Settings, draft: Path, folder: Path, now: datetime) -> Manifest:
    kind = kind_of(settings.database)
    revision, keys = _standing(settings)
    copied = folder / COPIES[kind]
    copy(settings.database, copied)
    if kind == "sqlite":
        check_sound(copied)
    sums: dict[str, str] = {}
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as out, tarfile.open(fileobj=out, mode="w") as tar:
        for name, path in [(copied.name, copied), *_there(settings.clinic_file)]:
            sums[name] = _add_file(tar, name, path)
        for path in stored_files(settings.uploads):
            with suppress(FileNotFoundError):  # erased or cleared since the copy
                name = f"uploads/{path.name}"
                sums[name] = _add(tar, name, path.read_bytes())
        made_at = now.isoformat(timespec="seconds")
        manifest = Manifest(version("aftercare"), made_at, kind, revision, keys, sums)
        _add(tar, NAME, manifest.as_bytes())
    with draft.open("rb") as written:
        os.fsync(written.fileno())
    return manifest


def _standing(settings: Settings) -> tuple[str, tuple[str, ...]]:
    """The version of the tables, and the ids of the keys that something in them is sealed with."""
    store = Store(settings.database, settings.key_ring())
    try:
        with store.engine.connect() as connection:
            revision = revision_of(connection)
        if revision != newest():
            raise BackupError(
                f"the tables are of version {revision or 'none'}, and this Aftercare's are {newest()}: make the backup"
                " with the version that runs, or start this one first"
            )
        with store.read() as session:
            return revision, tuple(sorted(session.scalars(select(SealingKey.id))))
    except SQLAlchemyError as error:
        raise BackupError(f"the database cannot be read ({type(error).__name__}): see aftercare doctor") from error
    finally:
        store.close()


def _there(clinic_file: Path) -> Iterator[tuple[str, Path]]:
    return ((name, path) for name, path in clinic_files(clinic_file).items() if path.exists())


def _add_file(tar: tarfile.TarFile, name: str, path: Path) -> str:
    with path.open("rb") as content:
        total = hashlib.file_digest(content, "sha256").hexdigest()
    tar.add(path, name, filter=_plain)
    return total


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> str:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(content), 0o600
    tar.addfile(member, io.BytesIO(content))
    return hashlib.sha256(content).hexdigest()


def _plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.mode, member.uid, member.gid, member.uname, member.gname = 0o600, 0, 0, "", ""
    return member
