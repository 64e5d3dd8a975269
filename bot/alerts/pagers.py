"""Ways to send one page, each of which may fail for now or for good."""

import asyncio
from typing import Protocol

from apprise import Apprise

from bot.alerts.addresses import Address
from bot.alerts.words import Words


class PageError(Exception):
    """A page did not get out. `for_good`: another try would not help."""

    def __init__(self, reason: str, *, for_good: bool = False) -> None:
        super().__init__(reason)
        self.for_good = for_good


class GroupPager(Protocol):
    """Posts in the staff's group of a messenger."""

    async def post(self, words: Words) -> str:
        """Post a page. Out: a receipt with which it can be changed. Raises PageError."""
        ...

    async def change(self, receipt: str, text: str) -> None:
        """Put another text in place of a page, and take its button away. Raises PageError."""
        ...


async def notify(address: Address, words: Words) -> None:
    """Page one address through Apprise. Raises PageError; which of its reasons it was Apprise does not say."""
    if not await asyncio.to_thread(_notify, address.url, words):
        raise PageError("the address did not take it")


def _notify(url: str, words: Words) -> bool:
    target = Apprise.instantiate(url)
    # Read when the settings were; a file of certificates, say, may be gone meanwhile.
    return target is not None and bool(target.notify(title=words.title, body=words.body))
