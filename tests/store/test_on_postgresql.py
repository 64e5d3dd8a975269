"""What is PostgreSQL's alone: the migrations from every version, the partial indexes, the schema of Rasa's own."""

from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from bot.store.database import MIGRATIONS, Store
from bot.store.tables import Base, Conversation
from tests.databases import Server, postgresql
from tests.house import KEYS

ALL = [script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()]


@pytest.fixture
def server() -> Iterator[Server]:
    it = postgresql()
    yield it
    it.close()


def is_of_today(store: Store) -> bool:
    with store.engine.connect() as connection:
        return compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


@pytest.mark.parametrize("revision", ALL)
def test_from_every_version_the_tables_become_those_of_today(server: Server, tmp_path: Path, revision: str):
    store = Store(server.new(tmp_path), KEYS)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with store.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        connection.exec_driver_sql(
            "INSERT INTO patients (id, channel, channel_key, created_at, personal)"
            " VALUES (1, 'web', 'ana', '2026-11-17 12:00:00+00', '{}')"
        )
        connection.exec_driver_sql(
            "INSERT INTO conversations (id, patient_id, owner, created_at)"
            " VALUES ('one', 1, 'bot', '2026-11-17 12:00:00+00')"
        )
    store.migrate()
    assert is_of_today(store)
    with store.read() as session:
        assert session.get_one(Conversation, "one").patient_id == 1
    store.close()


def test_bots_that_start_at_the_same_moment_migrate_once(server: Server, tmp_path: Path):
    url = server.new(tmp_path)
    stores, failures = [Store(url, KEYS) for _ in range(3)], []

    def migrate(store: Store) -> None:
        try:
            store.migrate()
        except Exception as failure:
            failures.append(failure)

    threads = [Thread(target=migrate, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert is_of_today(stores[0])
    with stores[0].engine.connect() as connection:
        indexes = dict(connection.exec_driver_sql("SELECT indexname, indexdef FROM pg_indexes").all())
    for name in ("ix_messages_waiting", "ix_messages_outbox", "ix_cases_one_open", "ix_follow_up_planned"):
        assert " WHERE " in indexes[name], name
    for store in stores:
        store.close()
