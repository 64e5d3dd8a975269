"""Reading YAML files quickly, and refusing a key that is written twice."""

from collections.abc import Hashable
from pathlib import Path
from typing import Any

import yaml

_Quick: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class RepeatedKeyError(yaml.YAMLError):
    """A mapping holds a key twice; the message names it, its line, and the mend."""


class _OneOfEachKey(_Quick):  # type: ignore[misc]
    """YAML silently keeps the last of two equal keys; in a protocol that could double a wait, so we refuse."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> "dict[Hashable, Any]":
        seen = set()
        for key, _ in node.value:
            if key.value in seen:
                line = key.start_mark.line + 1
                raise RepeatedKeyError(f"the key {key.value!r} is written twice (line {line}). Keep one of the two.")
            seen.add(key.value)
        made: dict[Hashable, Any] = super().construct_mapping(node, deep=deep)
        return made


def read_yaml(path: Path) -> Any:
    """What a file of UTF-8 text holds: mappings, lists, texts, numbers, dates.

    Raises OSError, UnicodeDecodeError, yaml.YAMLError (RepeatedKeyError is one), ValueError for a date that is none.
    """
    return yaml.load(path.read_text(encoding="utf-8"), Loader=_OneOfEachKey)  # noqa: S506 - a SafeLoader


class _Words(_OneOfEachKey):
    """For files of patients' words: "yes", "no", "on" and "off" are words there, and not true or false."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - as PyYAML has it
        first: [(tag, found) for tag, found in resolvers if not (tag.endswith(":bool") and first in "yYnNoO")]
        for first, resolvers in _Quick.yaml_implicit_resolvers.items()
    }


def read_words(path: Path) -> Any:
    """What a file of the red-flag catalogue holds, as `read_yaml` does."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=_Words)  # noqa: S506 - a SafeLoader
