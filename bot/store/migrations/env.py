"""Alembic's environment: runs on the connection that Store.migrate (or the test) hands over."""

from typing import Any

from alembic import context

from bot.store.tables import Base
from bot.store.types import UtcDateTime


def _render(kind: str, item: Any, _context: Any) -> Any:
    """Migrations stand alone: they name the plain type, not ours."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    render_item=_render,
)
with context.begin_transaction():
    context.run_migrations()
