"""`aftercare backup` and `restore`: one file with everything but the keys, and back again."""

from bot.errors import MendableError


class BackupError(MendableError):
    """A backup cannot be made, or not be put back. Says what is wrong and the mend; nothing was changed."""
