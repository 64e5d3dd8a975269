"""What a database is sealed with: the check at the start, sealing what was stored before, and exchanging the key."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Table, Text, and_, or_, select, type_coerce, update
from sqlalchemy.orm import Session

from bot.store.keys import KeyRing, SealingError
from bot.store.sealed import PREFIX, SealedJson, SealedText, open_text, prefix_of, seal_text
from bot.store.tables import Base, SealingKey

BATCH = 500  # rows in a transaction


def check_keys(session: Session, keys: KeyRing) -> None:
    """Refuse keys that do not open this database, and note the newest as in use. Raises SealingError."""
    used = set(session.scalars(select(SealingKey.id)))
    given = [key.id.hex() for key in keys.keys]
    if missing := sorted(used.difference(given)):
        raise SealingError(
            f"the database is sealed with the encryption key {' and '.join(missing)}, and that is not among those given"
            f" ({', '.join(given)}): put it back into AFTERCARE_ENCRYPTION_KEYS, or into encryption.key beside the"
            " database"
        )
    if given[0] not in used:
        session.add(SealingKey(id=given[0]))


def sealed_columns() -> Iterator[tuple[Table, list[str]]]:
    """Every table with sealed columns, and their names."""
    for table in Base.metadata.sorted_tables:
        names = [column.name for column in table.columns if isinstance(column.type, SealedText | SealedJson)]
        if names:
            yield table, names


def reseal_some(session: Session, keys: KeyRing, table: Table, names: list[str], *, plain_only: bool) -> int:
    """Seal some rows with the newest key: those that are not sealed, or else also those that an older key sealed.

    Out: how many rows; 0 when all are done.
    """
    done = PREFIX if plain_only else prefix_of(keys)
    raw = {name: type_coerce(table.c[name], Text) for name in names}
    wanted = or_(*[_is_not(column, done) for column in raw.values()])
    keyed = list(table.primary_key.columns)
    found = select(*keyed, *[column.label(f"raw_{name}") for name, column in raw.items()]).where(wanted).limit(BATCH)
    rows = session.execute(found).mappings().all()
    for row in rows:
        values = {name: type_coerce(_sealed(keys, row[f"raw_{name}"]), Text) for name in names}
        session.execute(update(table).where(*[column == row[column] for column in keyed]).values(values))
    return len(rows)


def _is_not(column: ColumnElement[Any], done: str) -> ColumnElement[bool]:
    return and_(column.is_not(None), ~column.startswith(done, autoescape=True))


def _sealed(keys: KeyRing, value: str | None) -> str | None:
    if value is None or value.startswith(prefix_of(keys)):
        return value
    return seal_text(keys, open_text(keys, value) if value.startswith(PREFIX) else value)
