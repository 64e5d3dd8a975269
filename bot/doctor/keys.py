"""The keys: there, of the right form, for our eyes alone, and not only beside what they open."""

import stat
from collections.abc import Callable, Iterator
from pathlib import Path

from bot.console.setting_telegram import Check
from bot.settings import Settings, SettingsError


def key_checks(settings: Settings) -> Iterator[Check]:
    """The secret key and the encryption keys. Neither is made here."""
    secret, sealing = settings.secret_key.get_secret_value(), settings.encryption_keys.get_secret_value()
    secret_file, sealing_file = settings.secret_file, settings.encryption_file
    yield _key("Secret key", "AFTERCARE_SECRET_KEY", secret, secret_file, settings.secret)
    yield _key("Encryption keys", "AFTERCARE_ENCRYPTION_KEYS", sealing, sealing_file, settings.key_ring)
    if not sealing and sealing_file.exists():
        says = "They lie beside what they seal: whoever takes the folder reads everything; if it is lost, nobody does."
        mend = f"Keep a copy on another machine: cp {sealing_file} ...; or move them to AFTERCARE_ENCRYPTION_KEYS."
        yield Check("Place of the keys", "note", says, mend)


def _key(name: str, variable: str, given: str, file: Path, read: Callable[[], object]) -> Check:
    if not given and not file.exists():
        return Check(name, "good", f"Not there yet: the first start makes {file}.")
    try:
        read()
    except SettingsError as error:
        return Check(name, "bad", str(error), f"Put it right in {variable if given else file}.")
    except OSError as error:
        return Check(name, "bad", f"{file} cannot be read: {error.strerror}.", f"chown it to who runs the bot: {file}")
    if given:
        return Check(name, "good", f"From {variable}.")
    if file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        return Check(name, "bad", f"Others on this machine can read {file}.", f"chmod 600 {file}")
    return Check(name, "good", f"In {file}, for its owner alone.")
