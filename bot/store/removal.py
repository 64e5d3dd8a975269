"""Removing rows together with everything that refers to them, whatever tables there are."""

from collections import Counter
from typing import cast

from sqlalchemy import ColumnElement, ForeignKey, Table, delete, select
from sqlalchemy.orm import Session

from bot.store.tables import Base


def remove(session: Session, kind: type[Base], condition: ColumnElement[bool]) -> Counter[str]:
    """Remove the rows of one kind for which the condition holds, after all rows that refer to them.

    A reference that is set to NULL by the database keeps its row. Out: how many rows went, by table.
    """
    return _remove(session, cast(Table, kind.__table__), condition)


def _remove(session: Session, table: Table, condition: ColumnElement[bool]) -> Counter[str]:
    removed: Counter[str] = Counter()
    for child, key in _references(table):
        if key.ondelete != "SET NULL":
            doomed = select(key.column).where(condition).correlate(None)
            removed += _remove(session, child, key.parent.in_(doomed))
    count = session.execute(delete(table).where(condition)).rowcount  # type: ignore[attr-defined]
    removed[table.name] += count
    return +removed


def _references(table: Table) -> list[tuple[Table, ForeignKey]]:
    return [
        (child, key) for child in Base.metadata.sorted_tables for key in child.foreign_keys if key.column.table is table
    ]
