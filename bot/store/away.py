"""When the database cannot be used for now: locked, full, gone or not to be reached. It passes."""

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

AWAY = (OperationalError, InterfaceError, PoolTimeout)


def reason(error: Exception) -> str:
    """What the database said, for the log: without the statement, which says nothing."""
    said = error.orig if isinstance(error, DBAPIError) else error
    return f"{type(said).__name__}: {said}"
