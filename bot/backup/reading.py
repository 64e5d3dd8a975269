"""Reading a backup: every file out of it, each compared with its checksum, before anything is done with any of them."""

import hashlib
import re
import shutil
import tarfile
from pathlib import Path

from bot.backup import BackupError
from bot.backup.manifest import NAME, Manifest

OURS = re.compile(r"manifest\.json|database\.(sqlite|pgdump)|clinic/[a-z.]+\.yml|uploads/[0-9a-f]{32}")


def unpack(file: Path, folder: Path) -> Manifest:
    """Unpack a backup into a folder, which is made. Raises BackupError for a file that is damaged, cut off or not ours.

    Names that lead elsewhere are refused, and so is whatever is no plain file.
    """
    folder.mkdir(parents=True, mode=0o700)
    try:
        with tarfile.open(file, "r:") as tar:
            sums = {member.name: _take(tar, member, folder) for member in tar}
    except FileNotFoundError:
        raise BackupError(f"there is no file {file}") from None
    except (tarfile.TarError, EOFError, OSError) as error:
        raise BackupError(f"{file} is no backup of ours, or damaged ({error}): take another one") from error
    if NAME not in sums:
        raise BackupError(f"{file} is cut off: take another backup")
    manifest = Manifest.read((folder / NAME).read_bytes())
    del sums[NAME]
    if sums != dict(manifest.files):
        changed = sorted(name for name in {*sums, *manifest.files} if sums.get(name) != manifest.files.get(name))
        raise BackupError(f"{file} is damaged at {', '.join(changed[:3])}: take another backup")
    return manifest


def _take(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> str:
    content = tar.extractfile(member) if member.isreg() else None
    if content is None or not OURS.fullmatch(member.name):
        raise BackupError(f"it holds {member.name!r}, which no backup of ours does")
    path = folder / member.name
    path.parent.mkdir(exist_ok=True, mode=0o700)
    path.touch(mode=0o600)
    with path.open("wb") as out:
        shutil.copyfileobj(content, out)
    with path.open("rb") as written:
        return hashlib.file_digest(written, "sha256").hexdigest()
