"""A clinic's file of its own for one test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.house import house
from tests.actions.talk import ROOT


def changed(values: dict[str, Any]) -> dict[str, Any]:
    """The example clinic's file with some values, by dotted key, in place of its own."""
    content: dict[str, Any] = yaml.safe_load((ROOT / "clinic.yml").read_text())
    for key, value in values.items():
        section, _, name = key.rpartition(".")
        (content[section] if section else content)[name] = value
    return content


@pytest.fixture
def clinic_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[dict[str, Any]], Path]]:
    """Put a changed clinic's file in force for the actions. Out: the file."""

    def put(values: dict[str, Any]) -> Path:
        file = tmp_path / "clinic.yml"
        file.write_text(yaml.safe_dump(changed(values), allow_unicode=True))
        monkeypatch.setenv("AFTERCARE_CLINIC_FILE", str(file))
        house.cache_clear()
        return file

    yield put
    monkeypatch.undo()
    house.cache_clear()
