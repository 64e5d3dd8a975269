"""A clinic's folder with everything a backup holds, on SQLite and on PostgreSQL."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.commands.approving import sign
from bot.settings import ROOT, Settings
from bot.store.database import Store
from bot.store.tables import Attachment, Base, Kind
from tests.databases import Databases, Files, There, postgresql
from tests.house import EMERGENCY, KEY, URGENT, House, Shared


@dataclass
class Clinic:
    """A clinic's folder, the settings over it, and its house while a bot runs."""

    settings: Settings
    house: House

    @property
    def rows(self) -> dict[str, list[str]]:
        """Every table as it is stored."""
        return rows_of(self.settings)


def rows_of(settings: Settings) -> dict[str, list[str]]:
    """Every table of a database as it is stored."""
    store = Store(settings.database, settings.key_ring())
    try:
        with store.read() as session:
            return {
                table.name: sorted(map(repr, session.execute(select(*table.columns))))
                for table in Base.metadata.sorted_tables
            }
    finally:
        store.close()


def settings_in(folder: Path, database_url: str = "", **given: Any) -> Settings:
    """Settings over a folder that holds data and clinic.yml."""
    return Settings(
        _env_file=None, data_dir=folder, clinic_file=folder / "clinic.yml", database_url=database_url,
        encryption_keys=KEY, secret_key=KEY, **given,
    )  # fmt: skip


both = pytest.mark.parametrize("place", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def place(request: pytest.FixtureRequest) -> Iterator[Databases]:
    """Where databases are; SQLite unless a test is for `both`."""
    it = postgresql() if getattr(request, "param", "sqlite") == "postgresql" else Files()
    yield it
    it.close()


@pytest.fixture
async def clinic(place: Databases, shared: Shared, rasa, tmp_path: Path):
    """A house that has lived: chats, cases, files, staff, approvals and replies."""
    folder = tmp_path / "clinic"
    folder.mkdir()
    for name in ("clinic.yml", "replies.yml"):
        shutil.copy(ROOT / name, folder)
    url = place.new(folder)
    first = Store(url, settings_in(folder).key_ring())
    first.migrate()
    first.close()
    settings = settings_in(folder, url.replace("+psycopg", "") if "postgres" in url else "")
    house = House.build(
        Shared(shared.screen, shared.clinic, shared.wording, There(url), url), folder, rasa.url,
        clinic_file=settings.clinic_file, secret_key=KEY,
    )  # fmt: skip
    sign(settings.clinic_file, "Dr Ana Silva", "wash_h", house.clock.now())
    for key, text in (("ana", "¿Puedo lavarme el pelo? 🧴"), ("mia", URGENT), ("jon", EMERGENCY)):
        house.receive(text, key=key)
    await house.services.worker.answer_waiting()
    stored = house.services.files.keep(b"a photo")
    photo = house.receive("look at this", key="ana", kind=Kind.PHOTO)
    with house.store.write() as session:
        session.add(Attachment(message_id=photo.message_id, content_type="image/jpeg", size=7, stored_name=stored))
    house.services.desk.take_over(house.staff(), photo.conversation_id)
    yield Clinic(settings, house)
    await house.services.close()
