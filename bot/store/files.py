"""Patients' files on disk: sealed whole, under random names, readable by us alone."""

import logging
import os
import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.store.keys import KeyRing, SealingError

log = logging.getLogger(__name__)

MAGIC = b"AFTERCARE1"  # a file without it was stored before there was sealing
UNFINISHED = ".new"  # ends the name of a file that is being written
STORED_NAME = re.compile(r"[0-9a-f]{32}")


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

    def written(self, since: datetime, before: datetime) -> list[str]:
        """The names of the files written between two instants."""
        written = {path.name: path.stat().st_mtime for path in self._all()}
        return [name for name, at in written.items() if since.timestamp() <= at < before.timestamp()]

    def reseal(self) -> int:
        """Seal with the newest key what is not sealed with it. Out: how many files were.

        One that no key opens stays as it is, and the log names it: a damaged photo must not stop a clinic.
        """
        newest, count = MAGIC + self.keys.newest.id, 0
        whole = [path for path in self._all() if path.suffix != UNFINISHED]
        for path in [path for path in whole if not _begins(path, newest)]:
            content = path.read_bytes()
            try:
                plain = self.keys.open(content[len(MAGIC) :]) if content.startswith(MAGIC) else content
            except SealingError:
                log.error("the file %s is damaged: no key opens it", path.name)  # noqa: TRY400 - the message says it all
                continue
            self._write(path, plain)
            count += 1
        return count

    def _all(self) -> list[Path]:
        """Ours, whole or not; what others left in the folder is nobody's to read or to remove."""
        ours = [
            path for path in sorted(self.folder.iterdir()) if STORED_NAME.fullmatch(path.name.removesuffix(UNFINISHED))
        ]
        return [path for path in ours if path.is_file() and not path.is_symlink()]

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
