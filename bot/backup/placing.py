"""Where the files of a backup belong, and the steps by which they take their places."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from bot.backup.databases import COPIES, copy, file_of, kind_of, put_back
from bot.care.approvals import approvals_file
from bot.console.replies import FILE as REPLIES
from bot.settings import Settings
from bot.store.files import STORED_NAME


def clinic_files(clinic_file: Path) -> Mapping[str, Path]:
    """What the clinic wrote, by its name in a backup."""
    return {
        "clinic/clinic.yml": clinic_file,
        "clinic/clinic.approvals.yml": approvals_file(clinic_file),
        f"clinic/{REPLIES}": clinic_file.with_name(REPLIES),
    }


def stored_files(folder: Path) -> list[Path]:
    """The sealed files in the uploads folder; not what is being written, nor what others left there."""
    found = folder.iterdir() if folder.exists() else ()
    return sorted(path for path in found if path.is_file() and STORED_NAME.fullmatch(path.name))


def put_in_place(settings: Settings, unpacked: Path, before: Path) -> None:
    """Put what was unpacked in its place; what was there goes to `before`, which is made where there was anything.

    The database changes in one step, and whichever is in force has its uploads: new ones come before it, old ones go
    after it. Raises OSError and BackupError.
    """
    ours = {path.name for path in stored_files(unpacked / "uploads")}
    settings.uploads.mkdir(exist_ok=True, mode=0o700)
    for name in ours:
        (unpacked / "uploads" / name).replace(settings.uploads / name)
    if kind_of(settings.database) == "sqlite":
        _swap_sqlite(file_of(settings.database), unpacked / COPIES["sqlite"], before)
    else:
        before.mkdir(mode=0o700)
        copy(settings.database, before / COPIES["postgresql"])
        put_back(settings.database, unpacked / COPIES["postgresql"])
    for path in stored_files(settings.uploads):
        if path.name not in ours:
            _move(path, before / "uploads")
    for name, path in clinic_files(settings.clinic_file).items():
        _swap_written(path, unpacked / name, before)


def _swap_sqlite(file: Path, new: Path, before: Path) -> None:
    for log in ("-wal", "-shm"):  # of a damaged one: with another database they would ruin it
        _move(file.with_name(file.name + log), before)
    if file.exists():
        before.mkdir(exist_ok=True, mode=0o700)
        os.link(file, before / file.name)
    new.replace(file)


def _swap_written(path: Path, new: Path, before: Path) -> None:
    """One of the clinic's files; it may lie on another disk."""
    if path.exists() and new.exists() and path.read_bytes() == new.read_bytes():
        return
    if path.exists():
        before.mkdir(exist_ok=True, mode=0o700)
        shutil.copy2(path, before / path.name)
    if new.exists():
        beside = path.with_name(f".{path.name}.new")
        shutil.copyfile(new, beside)
        beside.replace(path)
    else:
        path.unlink(missing_ok=True)


def _move(path: Path, folder: Path) -> None:
    if path.exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.replace(folder / path.name)
