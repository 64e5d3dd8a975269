"""A database as the first version left it, with data in every table."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Integer, create_engine, inspect, make_url

from bot.store.database import MIGRATIONS

ROWS = Path(__file__).with_suffix(".sql")
FIRST_WORDS = "Grüße 🧴 — ¿cuándo puedo lavarme?"


def over(connection: Connection) -> Config:
    """What Alembic's commands need to change the tables on this connection, to and from any version."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def make_first(url: str, revision: str = "0001") -> None:
    """Build the tables of the first version, fill them, and bring them up to a later version, unsealed."""
    parts, options = make_url(url), {}
    if parts.drivername.startswith("postgresql"):
        parts, options = parts.set(drivername="postgresql+psycopg"), {"options": "-c timezone=UTC"}
    engine = create_engine(parts, connect_args=options)
    with engine.begin() as connection:
        config = over(connection)
        command.upgrade(config, "0001")
        for statement in ROWS.read_text(encoding="utf-8").split(";\n"):
            if statement.strip():
                connection.exec_driver_sql(statement)
        if engine.dialect.name == "postgresql":  # it counts on from what it gave itself
            for table in inspect(connection).get_table_names():
                kinds = {column["name"]: column["type"] for column in inspect(connection).get_columns(table)}
                if isinstance(kinds.get("id"), Integer):
                    _count_on(connection, table)
        if revision != "0001":
            command.upgrade(config, revision)
    engine.dispose()


def _count_on(connection: Connection, table: str) -> None:
    sequence = f"pg_get_serial_sequence('{table}', 'id')"
    connection.exec_driver_sql(
        f"SELECT setval({sequence}, (SELECT max(id) FROM {table}))"  # noqa: S608
    )
