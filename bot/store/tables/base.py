"""The base of all tables, and how Python's types are kept."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlalchemy import Enum as EnumType
from sqlalchemy.orm import DeclarativeBase

from bot.store.types import UtcDateTime


def _values(kind: type[enum.Enum]) -> list[str]:
    return [str(member.value) for member in kind]


class Base(DeclarativeBase):
    """Base of all tables."""

    type_annotation_map = {  # noqa: RUF012
        datetime: UtcDateTime,
        dict[str, Any]: JSON,
        list[Any]: JSON,
        enum.StrEnum: EnumType(enum.StrEnum, native_enum=False, length=20, values_callable=_values),
    }
