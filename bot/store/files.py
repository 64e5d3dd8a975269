"""Patients' files on disk: sealed whole, under random names, readable by us alone."""

import os
import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.store.keys import KeyRing

MAGIC = b"AFTERCARE1"  # a file without it was stored before there was sealing
UNFINISHED = ".new"  # ends the name of a file that is being written


@dataclass(frozen=True)
class SealedFiles:
    """One folder of sealed files."""

    folder: Path
    keys: KeyRing

    def keep(self, content: bytes) -> str:
        """Write one file. Out: its name. Raises OSError, leaving nothing behind, when it cannot be written."""
        name = secrets.token_hex(16)
        self._write(self.folder / name, content)
        return name

    def read(self, name: str) -> bytes:
        """What a file holds. Raises FileNotFoundError where there is none of ours, or SealingError."""
        return self.keys.open(self._path(name).read_bytes().removeprefix(MAGIC))

    def drop(self, name: str) -> None:
        """Remove a file; nothing happens where it is gone already."""
        self._path(name).unlink(missing_ok=True)

    def older_than(self, before: datetime) -> list[str]:
        """The names of the files written before an instant."""
        return [path.name for path in self._all() if path.stat().st_mtime < before.timestamp()]

    def reseal(self) -> int:
        """Seal with the newest key what is not sealed with it. Out: how many files there were."""
        newest = MAGIC + self.keys.newest.id
        whole = [path for path in self._all() if path.suffix != UNFINISHED]
        others = [path for path in whole if not _begins(path, newest)]
        for path in others:
            content = path.read_bytes()
            plain = self.keys.open(content[len(MAGIC) :]) if content.startswith(MAGIC) else content
            self._write(path, plain)
        return len(others)

    def _all(self) -> list[Path]:
        return [path for path in sorted(self.folder.iterdir()) if path.is_file() and not path.is_symlink()]

    def _path(self, name: str) -> Path:
        path = self.folder / name
        if path.name != name or path.is_symlink():  # out of the folder
            raise FileNotFoundError(name)
        return path

    def _write(self, path: Path, content: bytes) -> None:
        """Whole or not at all: who reads meanwhile, a backup say, sees no half of it."""
        beside = path.with_name(path.name + UNFINISHED)
        beside.unlink(missing_ok=True)  # of a run that was broken off
        try:
            descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(MAGIC + self.keys.seal(content))
            beside.replace(path)
        except OSError:
            beside.unlink(missing_ok=True)
            raise


def _begins(path: Path, start: bytes) -> bool:
    with path.open("rb") as file:
        return file.read(len(start)) == start
