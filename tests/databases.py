"""Where the tests' databases are: SQLite files, or databases of their own on a PostgreSQL server.

AFTERCARE_TEST_DATABASE_URL names the server, as its administrator: postgresql://postgres:postgres@127.0.0.1/postgres
With `pytest --postgresql` the house that most tests drive stands on it; else on SQLite.
"""

import os
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pytest
from sqlalchemy import create_engine, make_url

from bot.store.database import Store
from bot.store.keys import KeyRing

SERVER = os.environ.get("AFTERCARE_TEST_DATABASE_URL", "")
REDIS = os.environ.get("AFTERCARE_TEST_REDIS_URL", "")


class Databases(Protocol):
    """A place for databases."""

    def new(self, folder: Path) -> str:
        """The address of an empty database that is not migrated; `folder` is the test's own."""
        ...

    def copy(self, original: str, folder: Path) -> str:
        """The address of a copy. Nobody may be connected to the original."""
        ...

    def drop(self, url: str) -> None:
        """Remove a database."""
        ...

    def close(self) -> None:
        """Remove everything."""
        ...


class Files:
    """SQLite files, removed with the folders they are in."""

    def new(self, folder: Path) -> str:
        return f"sqlite:///{folder / 'aftercare.db'}"

    def copy(self, original: str, folder: Path) -> str:
        shutil.copy(original.removeprefix("sqlite:///"), folder / "aftercare.db")
        return self.new(folder)

    def drop(self, url: str) -> None:
        pass

    def close(self) -> None:
        pass


class Server:
    """Databases on a PostgreSQL server. A copy takes a tenth of a second."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url).set(drivername="postgresql+psycopg")
        self._engine = create_engine(self._url, isolation_level="AUTOCOMMIT")
        self._made: list[str] = []

    def new(self, folder: Path) -> str:
        return self._make("")

    def copy(self, original: str, folder: Path) -> str:
        return self._make(f"TEMPLATE {make_url(original).database}")

    def _make(self, how: str) -> str:
        name = f"aftercare_test_{secrets.token_hex(6)}"
        self._say(f"CREATE DATABASE {name} {how}")
        self._made.append(name)
        return self._url.set(database=name).render_as_string(hide_password=False)

    def drop(self, url: str) -> None:
        name = make_url(url).database or ""
        self._say(f"DROP DATABASE {name} WITH (FORCE)")
        self._made.remove(name)

    def close(self) -> None:
        for name in tuple(self._made):
            self.drop(f"postgresql:///{name}")
        self._engine.dispose()

    def _say(self, statement: str) -> None:
        with self._engine.connect() as connection:
            connection.exec_driver_sql(statement)


@dataclass(frozen=True)
class There(Files):
    """One database that is there already, in place of every copy."""

    url: str

    def copy(self, original: str, folder: Path) -> str:
        return self.url


def databases(config: pytest.Config) -> Databases:
    """The tests' databases: as the command line says."""
    return postgresql() if config.getoption("--postgresql") else Files()


def postgresql() -> Server:
    """A PostgreSQL server; where there is none the test is skipped, and fails in CI."""
    _need(SERVER, "AFTERCARE_TEST_DATABASE_URL", "a PostgreSQL")
    return Server(SERVER)


def redis_url() -> str:
    """A Redis; where there is none the test is skipped, and fails in CI."""
    _need(REDIS, "AFTERCARE_TEST_REDIS_URL", "a Redis")
    return REDIS


def _need(value: str, name: str, what: str) -> None:
    if value:
        return
    mend = f"this test needs {what}: set {name}"
    if os.environ.get("CI"):
        pytest.fail(mend, pytrace=False)
    pytest.skip(mend)


def migrated(place: Databases, folder: Path, keys: KeyRing) -> str:
    """The address of an empty database with the tables of today."""
    store = Store(place.new(folder), keys)
    store.migrate()
    if store.engine.dialect.name == "sqlite":
        with store.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    store.close()
    return store.url
