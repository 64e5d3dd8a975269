"""News for the other bots: that there are new rows, who types, who is present. Nothing here is the only copy."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, Protocol

Ear = Callable[[Mapping[str, Any]], None]


class Wire(Protocol):
    """Carries news from each bot to all others."""

    def tell(self, topic: str, **news: Any) -> None:
        """Tell the other bots, soon and at most once. From any thread; never waits and never fails."""
        ...

    def hear(self, topic: str, ear: Ear) -> None:
        """Be told, on the event loop, what other bots tell."""
        ...

    @property
    def carries(self) -> bool:
        """Whether what is told is heard by the others now."""
        ...

    async def run(self) -> None:
        """Carry news until cancelled."""
        ...


class Alone:
    """The wire of the only bot: nobody to tell, nothing to hear."""

    def tell(self, topic: str, **news: Any) -> None:
        """Nobody else is there."""

    def hear(self, topic: str, ear: Ear) -> None:
        """Nobody else will speak."""

    @property
    def carries(self) -> bool:
        """Nobody has to be reached."""
        return True

    async def run(self) -> None:
        """Wait, as the others do."""
        await asyncio.Event().wait()
