"""What a backup says of itself: its last file, `manifest.json`."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Literal

from bot.backup import BackupError

NAME = "manifest.json"
FORMAT = 1
Kind = Literal["sqlite", "postgresql"]


@dataclass(frozen=True)
class Manifest:
    """Which Aftercare made it when (UTC, ISO 8601), of which database and version of the tables, sealed with which
    keys (their ids, which tell nothing of them), and each file's SHA-256 by its name."""

    version: str
    made_at: str
    database: Kind
    revision: str
    keys: tuple[str, ...]
    files: Mapping[str, str]
    format: int = FORMAT

    def as_bytes(self) -> bytes:
        """As it stands in the backup."""
        return json.dumps(asdict(self), indent=1).encode()

    @classmethod
    def read(cls, content: bytes) -> "Manifest":
        """Raises BackupError for what is none of ours, or of a later Aftercare."""
        try:
            said = json.loads(content)
            manifest = cls(**{**said, "keys": tuple(said["keys"])})
        except (ValueError, TypeError, KeyError) as error:
            raise BackupError("its manifest cannot be read: take another backup") from error
        if manifest.format != FORMAT:
            raise BackupError(f"it was made by Aftercare {manifest.version}: put it back with that version, or later")
        return manifest
