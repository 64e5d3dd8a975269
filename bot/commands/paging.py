"""`aftercare alerts test`: one test page to each address, and in plain words which of them took it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.alerts.addresses import Address, addresses_of
from bot.alerts.pagers import GroupPager, PageError, notify
from bot.alerts.words import trial_words
from bot.channels.telegram.channel import open_bot
from bot.channels.telegram.limits import Pace
from bot.channels.telegram.quiet import keep_quiet
from bot.channels.telegram.staff_group import StaffGroup
from bot.settings import Settings

NO_ADDRESS = (
    "No address is set, so nobody is paged when no console is open.\n"
    "Set AFTERCARE_ALERT_URLS (and AFTERCARE_ALERT_BACKUP_URLS), for example to mailtos://user:password@example.com."
)


async def try_addresses(settings: Settings) -> tuple[str, bool]:
    """Page every address. Out: what to tell, and whether all of them took it. Raises SettingsError."""
    addresses = addresses_of(settings)
    if not addresses:
        return NO_ADDRESS, False
    async with _group(settings) as group:
        results = await asyncio.gather(*(_try(address, settings, group) for address in addresses))
    lines = [
        f"{'reached' if problem is None else 'NOT REACHED'}: {address.name}{'' if problem is None else f' ({problem})'}"
        for address, problem in zip(addresses, results, strict=True)
    ]
    failed = sum(problem is not None for problem in results)
    if failed:
        lines.append(f"{failed} of {len(addresses)} did not take it: check the address, its password and the network.")
    else:
        lines.append("Every address took the page. Look whether each one arrived.")
    return "\n".join(lines), not failed


async def _try(address: Address, settings: Settings, group: GroupPager | None) -> str | None:
    """What went wrong; None when nothing did."""
    words = trial_words(settings.public_url)
    try:
        if address.url:
            await notify(address, words)
        elif group is not None:
            await group.post(words)
    except PageError as failure:
        return str(failure)
    return None


@asynccontextmanager
async def _group(settings: Settings) -> AsyncIterator[GroupPager | None]:
    if settings.telegram_staff_group is None:
        yield None
        return
    keep_quiet()
    async with open_bot(settings) as bot:
        yield StaffGroup(bot, settings.telegram_staff_group, Pace())
