"""What waits is found through its index, however long the conversation and the clinic's history are."""

import pytest

from bot.conversation import taking
from tests.house import House


@pytest.mark.parametrize("name", ["_WAITING", "_TAKE", "_FIRST"])
def test_what_waits_is_found_through_its_index(house: House, name: str):
    if house.store.engine.dialect.name != "sqlite":
        pytest.skip("plans are SQLite's")
    statement = str(getattr(taking, name).compile(house.store.engine))
    with house.store.engine.connect() as connection:
        asked = (None,) * statement.count("?")
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", asked).all()
    assert any("ix_messages_waiting" in row.detail for row in plan)
