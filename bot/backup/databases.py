"""A consistent copy of the database while it is written to, and putting one back: SQLite by its backup API, PostgreSQL
by its own programs."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from sqlalchemy import create_engine, inspect
from sqlalchemy.engine import URL, Connection, make_url

from bot.backup import BackupError
from bot.backup.manifest import Kind
from bot.store.tables import Base

COPIES: Mapping[Kind, str] = {"sqlite": "database.sqlite", "postgresql": "database.pgdump"}
TABLES = (*Base.metadata.tables, "alembic_version")


def kind_of(url: str) -> Kind:
    """Which database an address names."""
    return "sqlite" if url.startswith("sqlite") else "postgresql"


def file_of(url: str) -> Path:
    """The file of an SQLite address."""
    return Path(make_url(url).database or "")


def copy(url: str, to: Path) -> None:
    """Copy a database as it stands at one moment; who writes to it meanwhile is not held up. Raises BackupError."""
    if kind_of(url) == "postgresql":
        _program("pg_dump", make_url(url), "--format=custom", "--no-owner", "--no-privileges", f"--file={to}")
        return
    file = file_of(url)
    if not file.exists():
        raise BackupError(f"there is no database at {file} yet: start the bot first")
    try:
        source = sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)
        with closing(source), closing(sqlite3.connect(to)) as copied:
            source.backup(copied)
            copied.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
    except sqlite3.Error as error:
        raise BackupError(f"{file} cannot be copied: {error}. See: aftercare doctor") from error


def check_sound(copied: Path) -> None:
    """Raises BackupError for a copy of SQLite that is damaged."""
    try:
        with closing(sqlite3.connect(copied)) as connection:
            [said] = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.Error as error:
        said = str(error)
    if said != "ok":
        raise BackupError(f"the database in it is damaged ({said}): take another backup")


def require_alone(file: Path) -> None:
    """Raises BackupError while anybody else has an SQLite database open. Folds its log into its file."""
    with closing(sqlite3.connect(file, timeout=1)) as only:
        try:
            only.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.OperationalError as error:
            raise BackupError("a bot runs on this data: stop it first") from error
        except sqlite3.DatabaseError:
            return  # so damaged that nobody can run on it


def require_nobody_else(connection: Connection) -> None:
    """Raises BackupError while anybody else is connected to a PostgreSQL database."""
    others = connection.exec_driver_sql(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    ).scalar()
    if others:
        raise BackupError(f"{others} others are connected to this database: stop all bots first")


def require_stopped(url: str) -> None:
    """Raises BackupError while a bot, or anybody else, has a database open."""
    if kind_of(url) == "sqlite":
        require_alone(file_of(url))
        return
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            require_nobody_else(connection)
    finally:
        engine.dispose()


def put_back(url: str, dump: Path) -> None:
    """Put a PostgreSQL database back in one transaction, in place of our tables. Raises BackupError."""
    script = dump.with_suffix(".sql")
    head = "".join(f'DROP TABLE IF EXISTS "{name}" CASCADE;\n' for name in TABLES)
    restored = _program("pg_restore", None, "--clean", "--if-exists", "--no-owner", "--no-privileges", "--file=-", dump)
    script.write_text(head + restored, encoding="utf-8")
    script.chmod(0o600)
    quiet = ("--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--single-transaction")
    _program("psql", make_url(url), *quiet, f"--file={script}")


def has_tables(connection: Connection) -> bool:
    """Whether any of our tables is there."""
    return bool(set(inspect(connection).get_table_names()) & set(TABLES))


def _program(name: str, url: URL | None, *words: str | Path) -> str:
    """Run one of PostgreSQL's programs. Its password goes by the environment, where other users do not see it."""
    if shutil.which(name) is None:
        raise BackupError(f"{name} is not on this machine: apt-get install postgresql-client")
    environment, place = dict(os.environ), tuple[str, ...]()
    if url is not None:
        environment |= {"PGPASSWORD": url.password or "", "PGCONNECT_TIMEOUT": "5"}
        bare = url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
        place = (f"--dbname={bare}",)
    done = subprocess.run(
        [name, *place, *map(str, words)], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        reason = " ".join(done.stderr.split())[:300]
        raise BackupError(f"{name} failed: {reason}")
    return done.stdout
