"""Giving a person what we keep about them: for machines (JSON), for people (HTML), and their files."""

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.conversation.events import audit
from bot.errors import MendableError
from bot.privacy.collecting import collect, files_of
from bot.privacy.person import find_person
from bot.services import Services

TEMPLATES = Path(__file__).parent / "templates"

Bundle = Mapping[str, bytes]  # a file's name in the export, and its content


class ExportError(MendableError):
    """The export cannot be written. Says where and why."""


def export(services: Services, named: str, actor: str) -> Bundle:
    """Everything about the person of a conversation, `case:12` or `record:7`; audited. Raises PersonError."""
    now = services.clock.now()
    with services.store.read() as session:
        person = find_person(session, named)
        told = collect(session, services.clinic, person, now)
        files = files_of(session, person)
    bundle = {
        "data.json": json.dumps(told, ensure_ascii=False, indent=1).encode(),
        "read-me-first.html": _page(told).encode(),
    }
    for name, stored in files.items():
        try:
            bundle[name] = services.files.read(stored)
        except FileNotFoundError:
            continue  # removed from the disk: data.json still says that it was sent
    with services.store.write() as session:
        for conversation_id in person.conversations or (None,):
            audit(session, now, actor, "patient_exported", conversation_id=conversation_id, case_id=None)
    return bundle


def write(bundle: Bundle, folder: Path) -> None:
    """Write an export into a folder that is not there yet, or is empty; readable by us alone. Raises ExportError."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if any(folder.iterdir()):
            raise ExportError(f"{folder} is not empty: name a folder that is")
        for name, content in bundle.items():
            path = folder / name
            path.parent.mkdir(exist_ok=True, mode=0o700)
            path.touch(mode=0o600)
            path.write_bytes(content)
    except OSError as error:
        raise ExportError(f"{folder} cannot be written: {error.strerror}") from error


def zipped(bundle: Bundle) -> bytes:
    """An export as one archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in bundle.items():
            archive.writestr(name, content)
    return out.getvalue()


def _page(told: Mapping[str, Any]) -> str:
    jinja = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    return jinja.get_template("export.html").render(told)
