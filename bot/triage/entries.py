"""Reads values out of the catalogue's YAML, naming file, key and mend where one is wrong."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from bot.errors import MendableError


class CatalogueError(MendableError, ValueError):
    """A mistake in the catalogue, as "file: key: mend"."""


class Entry:
    """One mapping or list of a catalogue file, with the place it came from."""

    def __init__(self, file: str, place: str, value: Any) -> None:
        self._file = file
        self._place = place
        self._value = value

    def error(self, key: str, mend: str) -> CatalogueError:
        """The error to raise for one of this entry's keys."""
        return CatalogueError(f"{self._file}: {f'{self._place}.{key}' if self._place else key}: {mend}")

    def entries(self) -> list[Entry]:
        """The entries of a file that is a list of mappings, each known by its id or sign."""
        if not isinstance(self._value, list) or not all(isinstance(item, dict) for item in self._value):
            raise self.error("file", "must be a list of entries, each with its keys")
        return [
            Entry(self._file, str(item.get("id") or item.get("sign") or f"entry {number}"), item)
            for number, item in enumerate(self._value, start=1)
        ]

    def mapping(self, key: str = "") -> dict[str, Any]:
        """The value, or one key's value, which must be a mapping."""
        value = self._mapping().get(key) if key else self._value
        if not isinstance(value, dict):
            raise self.error(key or "file", "must be a mapping of names to values")
        return value

    def part(self, key: str) -> Entry:
        """One key's value, as an entry of its own."""
        return Entry(self._file, key, self._mapping().get(key))

    def only(self, *keys: str) -> None:
        """Refuses any key but these."""
        for key in self._mapping():
            if key not in keys:
                raise self.error(key, f"is not a key here; use {', '.join(keys)}")

    def string(self, key: str, *, default: str | None = None) -> str:
        """A text that must not be empty, unless a default is given."""
        value = self._mapping().get(key, default)
        if not isinstance(value, str) or (not value and default is None):
            raise self.error(key, "is missing; write a text")
        return value

    def text(self, key: str) -> str:
        """A text that may be long or empty."""
        return self.string(key, default="")

    def choice(self, key: str, allowed: Collection[str], *, default: str | None = None) -> str:
        """A text that must be one of the allowed, or the default."""
        value = self.string(key, default=default)
        if value not in allowed and value != default:
            raise self.error(key, f"{value!r} is unknown; use one of {', '.join(sorted(allowed))}")
        return value

    def values(self, key: str) -> list[Any]:
        """A list, empty where the key is absent."""
        value = self._mapping().get(key, [])
        if not isinstance(value, list):
            raise self.error(key, "must be a list")
        return value

    def strings(self, key: str) -> list[str]:
        """A list of texts, empty where the key is absent."""
        values = self.values(key)
        if not all(isinstance(value, str) and value for value in values):
            raise self.error(key, "must be a list of texts; put quotes around numbers and yes or no")
        return values

    def number(self, key: str) -> float | None:
        """A number, or None where the key is absent."""
        value = self._mapping().get(key)
        if value is not None and (isinstance(value, bool) or not isinstance(value, (int, float))):
            raise self.error(key, "must be a number")
        return value

    def flag(self, key: str) -> bool:
        """True or false, false where the key is absent."""
        value = self._mapping().get(key, False)
        if not isinstance(value, bool):
            raise self.error(key, "must be true or false")
        return value

    def _mapping(self) -> dict[str, Any]:
        return self.mapping()
