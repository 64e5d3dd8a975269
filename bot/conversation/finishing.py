"""Work that is not left half done when its caller is stopped."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

Out = TypeVar("Out")


async def to_the_end(work: Coroutine[Any, Any, Out]) -> Out:
    """Await work. A cancellation is raised once the work is done: what it claimed can then be let go of."""
    doing = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(doing)
    except asyncio.CancelledError:
        await asyncio.gather(doing, return_exceptions=True)
        raise
