"""What the console's routes share."""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.console.drafts import Drafts
from bot.console.fresh_links import FreshLinks
from bot.console.presence import Presence
from bot.console.replies import Replies
from bot.console.signs import Signs
from bot.console.staged import Staged
from bot.console.throttle import Throttle
from bot.console.times import Times
from bot.services import Services
from bot.triage.tier import Tier

HERE = Path(__file__).parent
STATIC = HERE / "static"


@dataclass(frozen=True)
class Console:
    """The services, the clinic's canned replies, and who is present."""

    services: Services
    signs: Signs
    replies: Replies
    presence: Presence

    @property
    def drafts(self) -> Drafts:
        """What staff are writing."""
        return Drafts(self.services.store, self.services.clock)

    @property
    def staged(self) -> Staged:
        """Files added to replies that are not sent yet."""
        return Staged(self.services.store.keys, self.services.clock)

    @property
    def throttle(self) -> Throttle:
        """Failed sign-ins."""
        return Throttle(self.services.memory)

    @property
    def links(self) -> FreshLinks:
        """Links just made."""
        return FreshLinks(self.services.memory, self.services.store.keys)

    def times(self) -> Times:
        """How to say instants, as of now."""
        return Times(self.services.clinic, self.services.clock.now())


def console_of(request: Request) -> Console:
    """The console a request came to."""
    return cast(Console, request.app.state.console)


def page(template: str, status: int = 200, **context: Any) -> HTMLResponse:
    """A rendered template."""
    return HTMLResponse(environment().get_template(template).render(**context), status_code=status)


@cache
def environment() -> Environment:
    """Jinja, escaping everything, failing on a name that is not given."""
    jinja = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    jinja.globals["asset"] = _asset
    jinja.globals["Tier"] = Tier
    return jinja


@cache
def _asset(name: str) -> str:
    """A static file's address, which changes with its content; modules import each other by relative name."""
    content = b"".join(file.read_bytes() for file in sorted(STATIC.iterdir()) if file.suffix in (".js", ".css"))
    return f"/console/static/{name}?v={hashlib.sha256(content).hexdigest()[:12]}"
