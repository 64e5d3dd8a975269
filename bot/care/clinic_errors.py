"""Turns pydantic's findings about `clinic.yml` into sentences a practice manager can act on."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_args

from annotated_types import Ge, Gt, Le, Lt
from pydantic import BaseModel, ValidationError

from bot.care.sign_off_rows import ROWS
from bot.errors import MendableError

_UNITS = {"_h": "hours", "_d": "days", "_mm": "mm", "_minutes": "minutes", "_weeks": "weeks", "_days": "days"}


class ClinicError(MendableError):
    """The clinic's file is wrong. The message is written for the person who edits the file."""


def describe(error: ValidationError, path: Path, model: type[BaseModel]) -> str:
    """All findings, one a line: file, dotted key, what is wrong, what is allowed, the mend."""
    lines = []
    for finding in error.errors(include_url=False):
        keys = [str(part) for part in finding["loc"] if not _is_union_branch(part)]
        lines.append(f"{path}: {'.'.join(keys) or 'the file'}: {_sentence(finding, keys, model)}")
    return "\n".join(dict.fromkeys(lines))


def _is_union_branch(part: int | str) -> bool:
    return isinstance(part, str) and ("[" in part or part in {"float", "none", "str"})


def _sentence(finding: Any, keys: Sequence[str], model: type[BaseModel]) -> str:
    kind, given = finding["type"], finding["input"]
    section, name = _section_of(keys, model)
    if kind == "missing":
        return f"this key is missing. Add it ({allowed_words(section, name)}{_proposal('.'.join(keys))})."
    if kind == "extra_forbidden":
        near = difflib.get_close_matches(name, section.model_fields, n=1) if section else []
        hint = f"Did you mean {near[0]}?" if near else "Remove it, or look up its name in the example clinic.yml."
        return f"this key is not known. {hint}"
    if kind == "string_type" and isinstance(given, bool):
        return 'YAML reads a bare yes, no, on or off as true or false. Put the word in quotes, such as "NO" for Norway.'
    if kind == "string_type" and isinstance(given, (int, float)):
        return f'{given!r} must be text. Put it in quotes, as in "{given}".'
    if kind == "value_error":
        return f"{finding['ctx']['error']}."
    hint = _null_hint(section, name)
    return f"{given!r} is not allowed here. Allowed: {allowed_words(section, name)}. Mend: write such a value{hint}."


def _proposal(key: str) -> str:
    row = next((row for row in ROWS if row.key == key and row.default is not None), None)
    return f"; proposed: {row.default}" if row else ""


def _section_of(keys: Sequence[str], model: type[BaseModel]) -> tuple[type[BaseModel] | None, str]:
    section: type[BaseModel] | None = model
    for key in keys[:-1]:
        field = section.model_fields.get(key) if section else None
        inner = field.annotation if field else None
        section = inner if isinstance(inner, type) and issubclass(inner, BaseModel) else None
    return section, keys[-1] if keys else ""


def allowed_words(section: type[BaseModel] | None, name: str) -> str:
    """The allowed range and unit of a key, in words."""
    field = section.model_fields.get(name) if section else None
    if field is None:
        return "see the example clinic.yml"
    bounds = [*field.metadata, *_nested(field.annotation)]
    low = next((bound for bound in bounds if isinstance(bound, (Ge, Gt))), None)
    high = next((bound for bound in bounds if isinstance(bound, (Le, Lt))), None)
    if low is not None and high is not None:
        floor = f"more than {low.gt:g}" if isinstance(low, Gt) else f"{low.ge:g}"
        top = high.le if isinstance(high, Le) else high.lt
        words = f"{floor} to {top:g} {_unit(section, name)}".rstrip()
    else:
        choices = [str(choice) for choice in get_args(field.annotation) if isinstance(choice, str)]
        patterns = {"country": 'two capital letters such as GB or "NO" in quotes', "website": "https://..."}
        words = " or ".join(choices) if choices else patterns.get(name, _kind(field.annotation, name))
    return words + (", or null" if type(None) in get_args(field.annotation) else "")


def lower_bound(section: type[BaseModel], name: str) -> float | None:
    """The least that a key of a section may be, in the key's unit."""
    field = section.model_fields[name]
    found = (bound for bound in [*field.metadata, *_nested(field.annotation)] if isinstance(bound, Ge))
    return next((float(str(bound.ge)) for bound in found), None)


def _kind(annotation: Any, name: str) -> str:
    if annotation is bool:
        return "true or false"
    if name in {"phone", "out_of_hours_phone", "emergency_number"} or name.endswith("_line"):
        return "a telephone number in quotes, digits and spaces"
    if name.endswith("_url"):
        return "https://..."
    return "text"


def _nested(annotation: Any) -> list[Any]:
    found: list[Any] = []
    for part in get_args(annotation):
        for item in (part, *getattr(part, "__metadata__", ())):
            found.extend(getattr(item, "metadata", None) or [item])
    return found


def _unit(section: type[BaseModel] | None, name: str) -> str:
    if section is not None and section.__name__ == "Targets":
        return "hours"
    ends = next((unit for ending, unit in _UNITS.items() if name.endswith(ending)), None)
    return ends or next((unit for ending, unit in _UNITS.items() if ending in name), "")


def _null_hint(section: type[BaseModel] | None, name: str) -> str:
    field = section.model_fields.get(name) if section else None
    if field is not None and type(None) in get_args(field.annotation):
        return ", or null so that the bot gives no number and refers to the clinic"
    return ""
