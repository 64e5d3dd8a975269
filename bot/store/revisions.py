"""Which version of the tables a database has, and which this code wants. Reads alone."""

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from bot.store.database import MIGRATIONS


def newest() -> str:
    """The version that a start brings the tables to."""
    head = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    if head is None:
        raise LookupError(f"{MIGRATIONS} holds no migration")
    return head


def known() -> frozenset[str]:
    """Every version that there has been, from which a start leads on."""
    return frozenset(script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions())


def revision_of(connection: Connection) -> str | None:
    """The version of a database's tables; None where there are none."""
    return MigrationContext.configure(connection).get_current_revision()
