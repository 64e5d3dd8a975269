"""The addresses that staff are paged at. Each is a secret: it is shown by its place and kind, and stored as a hash."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from apprise import Apprise
from pydantic import SecretStr

from bot.alerts.quiet import keep_quiet
from bot.care.clinic_sections import Group
from bot.settings import Settings, SettingsError

TELEGRAM = "group:telegram"


@dataclass(frozen=True)
class Address:
    """One address. `key` (at most 20 characters) tells it from others in the database; `name` is for people."""

    key: str
    group: Group
    name: str
    url: str = field(default="", repr=False)  # empty: the staff's Telegram group


def addresses_of(settings: Settings) -> tuple[Address, ...]:
    """All addresses of the settings. Raises SettingsError naming the variable and the place of one that is wrong."""
    keep_quiet()
    found = [
        *_read("AFTERCARE_ALERT_URLS", "staff", settings.alert_urls),
        *_read("AFTERCARE_ALERT_BACKUP_URLS", "backup", settings.alert_backup_urls),
    ]
    if settings.telegram_staff_group is not None:
        if not settings.telegram_token.get_secret_value():
            raise SettingsError("AFTERCARE_TELEGRAM_STAFF_GROUP needs a bot: set AFTERCARE_TELEGRAM_TOKEN too")
        found.append(Address(TELEGRAM, "group", "the staff's Telegram group"))
    return tuple({address.key: address for address in found}.values())


def of_groups(addresses: Sequence[Address], groups: Sequence[str]) -> tuple[Address, ...]:
    """Those that belong to one of the groups."""
    return tuple(address for address in addresses if address.group in groups)


def _read(variable: str, group: Group, given: SecretStr) -> Iterator[Address]:
    for place, url in enumerate(given.get_secret_value().split(), start=1):
        kind = url.partition("://")[0] if "://" in url else "no kind"
        if Apprise.instantiate(url) is None:
            raise SettingsError(
                f"{variable}: address {place} ({kind}) is not one that Apprise knows. Write it like "
                "mailtos://user:password@example.com or pover://user@token; addresses are separated by spaces"
            )
        digest = hashlib.sha256(url.encode()).hexdigest()[:12]
        yield Address(f"{group}:{digest}", group, f"{group} address {place} ({kind})", url)
