"""Looking again and again for what is due: from stored state, so a restart loses nothing."""

import asyncio
import logging
from collections.abc import Callable

from sqlalchemy.exc import SQLAlchemyError

log = logging.getLogger(__name__)


async def watch(look: Callable[[], object], every: float, what: str) -> None:
    """Call `look` in a thread every so many seconds until cancelled. `what` names in the log what a database or disk
    that fails keeps waiting."""
    while True:
        try:
            await asyncio.to_thread(look)
        except (SQLAlchemyError, OSError):
            log.exception("%s cannot be seen to; trying again", what)
        await asyncio.sleep(every)
