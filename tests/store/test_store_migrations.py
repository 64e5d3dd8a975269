"""The migrations lead from nothing to exactly the tables that the code uses."""

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect

from bot.store.database import Store
from bot.store.tables import Base


def test_migrating_from_empty_gives_the_tables_of_the_models(tmp_path: Path):
    store = Store(f"sqlite:///{tmp_path / 'new' / 'aftercare.db'}")
    store.migrate()
    with store.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
        names = set(inspect(connection).get_table_names())
        found = {
            name: {index["name"]: bool(index["unique"]) for index in inspect(connection).get_indexes(name)}
            for name in names
        }
    assert names == {*Base.metadata.tables, "alembic_version"}
    assert found["cases"]["ix_cases_one_open"]
    assert {"ix_messages_waiting", "ix_messages_outbox"} <= set(found["messages"])
    store.close()


def test_migrating_again_keeps_what_is_there(house):
    received = house.receive("hello")
    house.store.migrate()
    assert house.message(received.message_id).text == "hello"
