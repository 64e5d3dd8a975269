"""`aftercare backup` and `aftercare restore`: one file out, and back."""

from pathlib import Path

from bot.backup.making import back_up
from bot.backup.restoring import restore
from bot.care.clinic import ClinicError, load_clinic
from bot.clock import SystemClock
from bot.privacy.backups import backup_words
from bot.settings import Settings


def make(settings: Settings, file: Path) -> str:
    """Make a backup. Out: what is in it, and what is not. Raises BackupError."""
    manifest = back_up(settings, file, SystemClock().now())
    uploads = sum(name.startswith("uploads/") for name in manifest.files)
    keys = "AFTERCARE_ENCRYPTION_KEYS" if settings.encryption_keys.get_secret_value() else settings.encryption_file
    secret = "AFTERCARE_SECRET_KEY" if settings.secret_key.get_secret_value() else settings.secret_file
    return (
        f"{file}, {_size(file)}: the database, {uploads} files of patients, the clinic's files. Read again: sound.\n"
        f"The keys are NOT in it, and without {keys} it cannot be read: keep a copy of them, and of {secret},"
        " apart from it."
    )


def put_back(settings: Settings, file: Path, *, replace: bool) -> str:
    """Put a backup back. Out: of when it is, and what to do next. Raises BackupError and SealingError."""
    done = restore(settings, file, SystemClock().now(), replace=replace)
    lines = [f"Put back as it was on {done.manifest.made_at} (UTC), and brought up to date."]
    if done.before:
        lines.append(f"What was there before is in {done.before}: delete it when it is needed no more.")
    try:
        lines.append(backup_words(load_clinic(settings.clinic_file)))
    except ClinicError as error:
        lines.append(str(error))
    lines.append("Now: aftercare doctor, then start the bot.")
    return "\n".join(lines)


def _size(file: Path) -> str:
    return f"{file.stat().st_size / 10**6:.1f} MB"
