"""Keeps patients' files in the uploads folder. Their names there are random and their types sniffed."""

import os
import secrets
from pathlib import Path

from bot.channels.sniffing import content_type
from bot.conversation.inbound import Upload


def keep(folder: Path, content: bytes | bytearray) -> Upload:
    """Write one file, readable by us alone. Raises OSError, leaving nothing behind, when it cannot be written."""
    name = secrets.token_hex(16)
    path = folder / name
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
    except OSError:
        path.unlink(missing_ok=True)
        raise
    return Upload(name, content_type(bytes(content[:16])), len(content))
