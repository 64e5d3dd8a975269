"""Opening the database: SQLite by default, PostgreSQL by setting. On both there is one writer at a time."""

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, create_engine, delete, event
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session, sessionmaker

from bot.store.keys import KeyRing
from bot.store.sealed import give_keys
from bot.store.sealing import check_keys, reseal_some, sealed_columns
from bot.store.search_index import is_empty, keep_in_step, rebuild
from bot.store.tables import CareRecord, Message, SealingKey

MIGRATIONS = Path(__file__).parent / "migrations"

# One number for all bots on a database: whoever writes holds this lock until the commit. So what is read in a write
# still holds as it is written, and ids are given in the order of the commits: whoever reads on from the last id they
# saw misses nothing.
WRITERS_PLACE = 0x41667465
PATIENCE = 30  # seconds a writer waits for its place


class Store:
    """The database. `write()` is one transaction that holds the writer's place throughout; `read()` never writes."""

    def __init__(self, url: str, keys: KeyRing) -> None:
        self.url = url
        self.keys = keys
        if url.startswith("sqlite:///"):
            Path(make_url(url).database or "").parent.mkdir(parents=True, exist_ok=True)
        self.engine = _engine(url)
        give_keys(self.engine, keys)
        self._place = threading.Lock() if url.startswith("sqlite") else None
        self._readers = sessionmaker(self.engine, expire_on_commit=False)
        self._writers = sessionmaker(self.engine.execution_options(writes=True), expire_on_commit=False)
        keep_in_step(self._writers, keys)
        self._claimers = sessionmaker(self.engine.execution_options(claims=True), expire_on_commit=False)

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A transaction: committed when the block ends, rolled back when it raises."""
        with self._alone(), self._writers.begin() as session:
            yield session

    @contextmanager
    def claims(self) -> Iterator[Session]:
        """A transaction that only takes work or gives it back: on PostgreSQL it waits for no writer."""
        with self._alone(), self._claimers.begin() as session:
            yield session

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """On SQLite the threads of this process queue here: there they would sleep and look again, up to 0.1 s late."""
        if self._place is None:
            yield
            return
        if not self._place.acquire(timeout=PATIENCE):
            raise PoolTimeout("the other threads that write take too long")
        try:
            yield
        finally:
            self._place.release()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session for reading."""
        with self._readers() as session:
            yield session

    def migrate(self) -> None:
        """Bring the tables to the newest version, from empty too, and seal what was stored before there was sealing.

        Raises SealingError when a key is missing that something here is sealed with.
        """
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        with self.engine.execution_options(writes=True).begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
        with self.write() as session:
            check_keys(session, self.keys)
        if self.reseal(plain_only=True):
            self._compact()
        with self.read() as session:
            never_indexed = is_empty(session)
        if never_indexed:
            self.reindex()

    def exchange_key(self) -> int:
        """Seal everything with the newest key; the others are needed no more. Out: rows that were sealed anew."""
        count = self.reseal()
        self.reindex()
        with self.write() as session:
            session.execute(delete(SealingKey).where(SealingKey.id != self.keys.newest.id.hex()))
        self._compact()
        return count

    def reindex(self) -> None:
        """Index all messages and names for search anew, under the newest key."""
        for table in (Message, CareRecord):
            last: int | None = 0
            while last is not None:
                with self.write() as session:
                    last = rebuild(session, self.keys, table, last)

    def reseal(self, *, plain_only: bool = False) -> int:
        """Seal with the newest key what is not sealed with it, or only what is not sealed at all. Out: rows."""
        count = 0
        for table, names in sealed_columns():
            done = -1
            while done:
                with self.write() as session:
                    done = reseal_some(session, self.keys, table, names, plain_only=plain_only)
                count += done
        return count

    def forget_deleted(self) -> None:
        """Leave nothing of deleted rows on disk: SQLite has wiped their place, but its log still has them."""
        self._outside("VACUUM" if self._is_postgresql else "PRAGMA wal_checkpoint(TRUNCATE)")

    def _compact(self) -> None:
        """Write the database anew, without what stood there before. Takes a while, and its size in free disk."""
        self._outside("VACUUM (FULL)" if self._is_postgresql else "VACUUM")
        self.forget_deleted()

    @property
    def _is_postgresql(self) -> bool:
        return self.engine.dialect.name == "postgresql"

    def _outside(self, statement: str) -> None:
        """Run a statement outside any transaction."""
        if self._is_postgresql:
            with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql(statement)
            return
        with closing(self.engine.raw_connection()) as bare:  # SQLAlchemy would say BEGIN
            bare.cursor().execute(statement)

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()


def _engine(url: str) -> Engine:
    return _sqlite(url) if url.startswith("sqlite") else _postgresql(url)


def _postgresql(url: str) -> Engine:
    engine = create_engine(
        make_url(url).set(drivername="postgresql+psycopg"),
        pool_size=10,
        max_overflow=20,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={"connect_timeout": 5, "options": "-c timezone=UTC"},
    )

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        if connection.get_execution_options().get("writes"):
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{PATIENCE}s'")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITERS_PLACE})")

    return engine


def _sqlite(url: str) -> Engine:
    # Parameters hold what patients wrote, and an error is logged.
    engine = create_engine(url, hide_parameters=True, connect_args={"timeout": PATIENCE, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _pragmas(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, below
        for pragma in (
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "foreign_keys=ON",
            f"busy_timeout={PATIENCE * 1000}",
            "secure_delete=ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A transaction that reads first and writes later fails at once in WAL when another wrote in between.
        options = connection.get_execution_options()
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("writes") or options.get("claims") else "BEGIN")

    return engine
