"""Taking work that several processes may reach for: a row is taken by one of them, and by nobody twice."""

from typing import Any

from sqlalchemy import ColumnElement, inspect, select, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningUpdate

from bot.store.tables import Base


def claim(
    session: Session, table: type[Base], *free: ColumnElement[bool], most: int | None = None, **values: Any
) -> list[Any]:
    """Write `values` into the rows for which `free` holds, oldest first. Out: the keys of those that are now ours."""
    taking = claiming(table, *free, most=most, **values)
    return sorted(session.scalars(taking, execution_options={"synchronize_session": "fetch"}))


def claiming(
    table: type[Base], *free: ColumnElement[bool], most: int | None = None, **values: Any
) -> ReturningUpdate[Any]:
    """The statement of a claim, for who makes the same one often; it gives back the keys.

    PostgreSQL passes over rows that another transaction holds (FOR UPDATE SKIP LOCKED). SQLite has one writer at a
    time, so that there the condition alone decides.
    """
    key = inspect(table).primary_key[0]
    rows = select(key).where(*free).order_by(key).limit(most).with_for_update(skip_locked=True).cte("rows")
    return update(table).where(key.in_(select(rows.c[key.name]))).values(**values).returning(key)
