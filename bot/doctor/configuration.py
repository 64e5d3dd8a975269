"""What the clinic wrote: settings, the address outside, clinic.yml with its approvals, and who is paged."""

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from bot.alerts.addresses import addresses_of
from bot.care.clinic import ClinicError, load_clinic
from bot.commands.approving import warning
from bot.console.replies import load_replies
from bot.console.setting_telegram import Check
from bot.settings import Settings, SettingsError

OURS = {f"AFTERCARE_{name.upper()}" for name in Settings.model_fields}
OF_TESTS = "AFTERCARE_TEST_"
AT_HOME = frozenset({"localhost", "127.0.0.1", "::1"})


def settings_checks(env_file: Path) -> Iterator[Check]:
    """Whether every variable that looks like ours is one, and who may read the file with the secrets."""
    written = re.findall(r"^\s*(?:export\s+)?(AFTERCARE_\w+)\s*=", _text(env_file), re.MULTILINE | re.IGNORECASE)
    unknown = sorted({name.upper() for name in (*written, *_environment())} - OURS)
    if unknown:
        names = ", ".join(unknown)
        yield Check("Settings", "note", f"There is no setting {names}.", "Look for a slip; .env.example has them all.")
    else:
        yield Check("Settings", "good", "Every variable is a setting of ours, and its value is one it may have.")
    if env_file.exists() and readable_by_others(env_file):
        yield Check(".env", "bad", f"Everybody on this machine can read {env_file}.", f"chmod 600 {env_file}")


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""


def _environment() -> Iterator[str]:
    return (name for name in os.environ if name.startswith("AFTERCARE_") and not name.startswith(OF_TESTS))


def readable_by_others(path: Path) -> bool:
    """Whether anybody but the owner and the group may read a file, or look into a folder."""
    return bool(path.stat().st_mode & stat.S_IROTH)


def address_check(settings: Settings) -> Check:
    """How patients and staff come here from outside."""
    address, host = settings.public_url, urlsplit(settings.public_url).hostname or ""
    if address.startswith("https://"):
        return Check("Address", "good", f"{address} is https.")
    if host in AT_HOME:
        return Check("Address", "good", f"{address} is this machine alone.")
    mend = "Put a proxy with a certificate before the bot and set AFTERCARE_PUBLIC_URL=https://... in .env."
    return Check("Address", "bad", f"{address} is not https: what patients write can be read on its way.", mend)


def clinic_checks(clinic_file: Path) -> Iterator[Check]:
    """The clinic's file, what of it is approved, and the canned replies beside it."""
    try:
        clinic, lacking = load_clinic(clinic_file), warning(clinic_file)
    except ClinicError as error:
        yield Check("Clinic", "bad", str(error), f"Mend {clinic_file}, then: aftercare clinic check")
        return
    yield Check("Clinic", "good", f"{clinic_file} is read: {clinic.name}.")
    if lacking:
        mend = 'aftercare clinic check --approve "Dr Ana Silva" --row all'
        yield Check("Approval", "note", lacking.removesuffix(" See: aftercare clinic check"), mend)
    else:
        yield Check("Approval", "good", "Every row is approved by a clinician.")
    try:
        replies = load_replies(clinic_file, clinic).replies
    except ClinicError as error:
        yield Check("Replies", "bad", str(error), f"Mend replies.yml beside {clinic_file}.")
    else:
        yield Check("Replies", "good", f"{len(replies)} canned replies.")


def alert_checks(settings: Settings) -> Iterator[Check]:
    """Who is paged when no console is open."""
    try:
        addresses = addresses_of(settings)
    except SettingsError as error:
        yield Check("Alerts", "bad", str(error), "Mend it in .env, then: aftercare alerts test")
        return
    if not addresses:
        mend = "AFTERCARE_ALERT_URLS=mailtos://user:password@example.com in .env, then: aftercare alerts test"
        yield Check("Alerts", "note", "Nobody is paged while no console is open.", mend)
        return
    names = ", ".join(address.name for address in addresses)
    yield Check("Alerts", "good", f"{names}. To try them: aftercare alerts test")
