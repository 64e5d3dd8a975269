"""Backups are made while a bot runs, and put back: every table, every file, and a chat that goes on."""

import hashlib
import io
import json
import shutil
import stat
import tarfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import select
from typer.testing import CliRunner

from bot.backup import BackupError
from bot.backup.making import back_up
from bot.backup.reading import unpack
from bot.backup.restoring import restore
from bot.cli import app
from bot.services import Services
from bot.settings import ROOT, Settings
from bot.store.database import Store
from bot.store.files import SealedFiles
from bot.store.keys import SealingError
from bot.store.revisions import newest, revision_of
from bot.store.tables import Attachment, Message
from tests.backup.conftest import Clinic, both, rows_of, settings_in
from tests.databases import Databases
from tests.house import HARMLESS
from tests.store.first_schema import FIRST_WORDS, make_first

NOW = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)
OTHER_KEY = "0a" * 32


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "backup.tar"


@pytest.fixture
def elsewhere(place: Databases, tmp_path: Path) -> Settings:
    """Another machine: the keys are there, and a fresh checkout's clinic.yml."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    shutil.copy(ROOT / "clinic.yml", folder)
    url = place.new(folder)
    return settings_in(folder, url.replace("+psycopg", "") if "postgres" in url else "")


def everything(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, but for SQLite's own beside the database."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.endswith(("-wal", "-shm"))
    }


@both
async def test_all_of_it_comes_back_in_another_place_and_the_chat_goes_on(
    clinic: Clinic, file: Path, elsewhere: Settings, rasa
):
    back_up(clinic.settings, file, NOW)
    before = clinic.rows
    assert {table: len(rows) for table, rows in before.items()}["messages"] > 6
    done = restore(elsewhere, file, NOW, replace=False)
    assert done.manifest.made_at == "2026-11-22T16:00:00+00:00"
    assert rows_of(elsewhere) == before
    for name in ("clinic.yml", "clinic.approvals.yml", "replies.yml"):
        assert (elsewhere.data_dir / name).read_bytes() == (clinic.settings.data_dir / name).read_bytes()
    services = Services.build(elsewhere.model_copy(update={"rasa_url": rasa.url}), clinic.house.clock)
    with services.store.read() as session:
        [attachment] = session.scalars(select(Attachment))
        texts = list(session.scalars(select(Message.text)))
    assert services.files.read(attachment.stored_name) == b"a photo"
    assert "¿Puedo lavarme el pelo? 🧴" in texts
    received = services.reception.receive(clinic.house.inbound(HARMLESS, key="mia"))
    await services.worker.answer_waiting()
    with services.store.read() as session:
        newest = session.scalars(select(Message).order_by(Message.id.desc()).limit(1)).one()
    assert newest.conversation_id == received.conversation_id
    assert newest.text == f"heard: {HARMLESS}"
    await services.close()


@both
def test_a_backup_under_load_is_of_one_moment(clinic: Clinic, file: Path, elsewhere: Settings):
    stop, written = threading.Event(), []

    def write() -> None:
        while not stop.is_set():
            name = clinic.house.services.files.keep(b"another photo")
            received = clinic.house.receive(f"{HARMLESS} {len(written)}", key="busy")
            with clinic.house.store.write() as session:
                session.add(
                    Attachment(message_id=received.message_id, content_type="image/png", size=1, stored_name=name)
                )
            written.append(received.message_id)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        while len(written) < 5:
            time.sleep(0.01)
        back_up(clinic.settings, file, NOW)
        during = len(written)
        while len(written) < during + 3:
            time.sleep(0.01)
    finally:
        stop.set()
        writer.join()
    restore(elsewhere, file, NOW, replace=False)
    store = Store(elsewhere.database, elsewhere.key_ring())
    files = SealedFiles(elsewhere.uploads, store.keys)
    with store.read() as session:
        ids = list(session.scalars(select(Message.id).order_by(Message.id)))
        names = list(session.scalars(select(Attachment.stored_name)))
        assert ids == list(range(1, len(ids) + 1))  # nothing is missing in between
        assert 5 <= len(names) < len(written)
        assert {files.read(name) for name in names} == {b"a photo", b"another photo"}
    store.close()


def test_a_file_that_is_half_written_is_in_no_backup(clinic: Clinic, file: Path, elsewhere: Settings):
    (clinic.settings.uploads / f"{'a' * 32}.new").write_bytes(b"")
    back_up(clinic.settings, file, NOW)
    restore(elsewhere, file, NOW, replace=False)
    assert len(list(elsewhere.uploads.iterdir())) == 1


def test_a_file_that_is_not_ours_is_in_no_backup(clinic: Clinic, file: Path):
    (clinic.settings.uploads / ".DS_Store").write_bytes(b"a Mac was here")
    assert not any("DS_Store" in name for name in back_up(clinic.settings, file, NOW).files)


def test_what_it_holds_and_what_it_does_not(clinic: Clinic, file: Path):
    for name in ("secret.key", "encryption.key"):
        (clinic.settings.data_dir / name).write_text("a key")
    manifest = back_up(clinic.settings, file, NOW)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with tarfile.open(file) as tar:
        names = tar.getnames()
        assert names[-1] == "manifest.json"
        said = json.loads(tar.extractfile("manifest.json").read())
    assert said["keys"] == [clinic.house.store.keys.newest.id.hex()]
    assert sum(name.startswith("uploads/") for name in names) == 1
    assert not [name for name in names if "key" in name]
    assert b"a key" not in file.read_bytes()
    assert manifest.keys == tuple(said["keys"])


def test_it_overwrites_no_file_and_leaves_none_behind(clinic: Clinic, file: Path, tmp_path: Path):
    file.write_text("mine")
    with pytest.raises(BackupError, match="is there already"):
        back_up(clinic.settings, file, NOW)
    assert file.read_text() == "mine"
    with pytest.raises(BackupError, match="cannot be written"):
        back_up(clinic.settings, tmp_path / "nowhere" / "backup.tar", NOW)
    with pytest.raises(BackupError, match="no encryption key"):
        back_up(clinic.settings.model_copy(update={"encryption_keys": SecretStr("")}), tmp_path / "b.tar", NOW)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup.tar", "clinic"]


@pytest.mark.parametrize("where", ["cut off", "changed", "at its end", "not ours", "missing"])
def test_a_damaged_file_is_refused_and_nothing_changes(clinic: Clinic, file: Path, elsewhere: Settings, where: str):
    back_up(clinic.settings, file, NOW)
    content = bytearray(file.read_bytes())
    match where:
        case "cut off":
            file.write_bytes(content[: len(content) // 2])
        case "changed":
            content[len(content) // 3] ^= 1
            file.write_bytes(content)
        case "at its end":
            file.write_bytes(content[: content.rindex(b"manifest.json") - 10])
        case "not ours":
            file.write_text("something else")
        case "missing":
            file.unlink()
    before = everything(elsewhere.data_dir)
    with pytest.raises(BackupError):
        restore(elsewhere, file, NOW, replace=True)
    assert everything(elsewhere.data_dir) == before


@pytest.mark.parametrize(
    ("name", "kind"),
    [("../clinic.yml", tarfile.REGTYPE), ("/etc/passwd", tarfile.REGTYPE), ("uploads/" + "0" * 32, tarfile.SYMTYPE)],
)
def test_names_that_lead_elsewhere_are_refused(tmp_path: Path, name: str, kind: bytes):
    file = tmp_path / "evil.tar"
    with tarfile.open(file, "w") as tar:
        member = tarfile.TarInfo(name)
        member.type, member.linkname = kind, "/etc/passwd"
        tar.addfile(member)
    with pytest.raises(BackupError, match="which no backup of ours does"):
        unpack(file, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_without_its_key_nothing_is_replaced(clinic: Clinic, file: Path, elsewhere: Settings):
    back_up(clinic.settings, file, NOW)
    before = everything(elsewhere.data_dir)
    other = elsewhere.model_copy(update={"encryption_keys": SecretStr(OTHER_KEY)})
    with pytest.raises(SealingError, match=clinic.house.store.keys.newest.id.hex()):
        restore(other, file, NOW, replace=True)
    none = elsewhere.model_copy(update={"encryption_keys": SecretStr("")})
    with pytest.raises(SealingError, match="put yours back first"):
        restore(none, file, NOW, replace=True)
    assert everything(elsewhere.data_dir) == before


@both
def test_data_that_is_there_is_replaced_only_when_told_and_kept_aside(clinic: Clinic, file: Path, rasa, tmp_path: Path):
    back_up(clinic.settings, file, NOW)
    at_backup = clinic.rows
    late = clinic.house.services.files.keep(b"a later photo")
    clinic.house.receive("written after the backup", key="late")
    clinic.settings.clinic_file.write_text(clinic.settings.clinic_file.read_text() + "\n# changed since\n")
    after = clinic.rows
    with pytest.raises(BackupError, match=r"a bot runs on this data|connected to this database"):
        restore(clinic.settings, file, NOW, replace=True)
    clinic.house.store.close()
    with pytest.raises(BackupError, match="--replace"):
        restore(clinic.settings, file, NOW, replace=False)
    assert clinic.rows == after
    done = restore(clinic.settings, file, NOW, replace=True)
    assert clinic.rows == at_backup
    assert "changed since" not in clinic.settings.clinic_file.read_text()
    assert done.before == clinic.settings.data_dir / "before-restore-20261122T160000"
    kept = {path.name for path in done.before.rglob("*") if path.is_file()}
    assert {late, "clinic.yml"} < kept
    assert late not in {path.name for path in clinic.settings.uploads.iterdir()}
    if "sqlite" in clinic.settings.database:
        aside = clinic.settings.model_copy(update={"database_url": f"sqlite:///{done.before / 'aftercare.db'}"})
        assert rows_of(aside) == after
    else:
        assert "database.pgdump" in kept
    assert not [path for path in clinic.settings.data_dir.iterdir() if path.name.startswith(".")]


def changed(file: Path, to: Path, content_of: bytes | None = None, **said: object) -> None:
    """A backup with another database in it, or whose manifest says something else."""
    with tarfile.open(file) as old, tarfile.open(to, "w") as new:
        for member in old:
            content = old.extractfile(member).read()
            if member.name == "database.sqlite" and content_of:
                content = content_of
            if member.name == "manifest.json":
                manifest = {**json.loads(content), **said}
                if content_of:
                    manifest["files"]["database.sqlite"] = hashlib.sha256(content_of).hexdigest()
                content = json.dumps(manifest).encode()
            member.size = len(content)
            new.addfile(member, io.BytesIO(content))


def test_a_backup_of_the_first_tables_is_brought_up_to_date(
    clinic: Clinic, file: Path, elsewhere: Settings, tmp_path: Path
):
    first = tmp_path / "first.db"
    make_first(f"sqlite:///{first}")
    back_up(clinic.settings, file, NOW)
    changed(file, tmp_path / "old.tar", first.read_bytes(), revision="0001", keys=[])
    restore(elsewhere, tmp_path / "old.tar", NOW, replace=False)
    store = Store(elsewhere.database, elsewhere.key_ring())
    with store.engine.connect() as connection:
        assert revision_of(connection) == newest()
    with store.read() as session:
        assert session.get_one(Message, 1).text == FIRST_WORDS
    store.close()


def test_a_backup_of_newer_tables_or_of_another_kind_of_database_is_refused(
    clinic: Clinic, file: Path, elsewhere: Settings, tmp_path: Path
):
    back_up(clinic.settings, file, NOW)
    before = everything(elsewhere.data_dir)
    changed(file, tmp_path / "newer.tar", revision="9999", version="9.9")
    with pytest.raises(BackupError, match=r"made by 9\.9; upgrade first"):
        restore(elsewhere, tmp_path / "newer.tar", NOW, replace=False)
    changed(file, tmp_path / "kind.tar", database="postgresql")
    with pytest.raises(BackupError, match="names another kind of database"):
        restore(elsewhere, tmp_path / "kind.tar", NOW, replace=False)
    assert everything(elsewhere.data_dir) == before


@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
def test_without_postgresql_s_programs_it_says_which_to_install(
    clinic: Clinic, file: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("bot.backup.databases.shutil.which", lambda _name: None)
    with pytest.raises(BackupError, match="pg_dump is not on this machine: apt-get install postgresql-client"):
        back_up(clinic.settings, file, NOW)
    assert not file.exists()


def test_a_damaged_database_is_put_right_by_its_backup(clinic: Clinic, file: Path):
    back_up(clinic.settings, file, NOW)
    before = clinic.rows
    clinic.house.store.close()
    database = clinic.settings.data_dir / "aftercare.db"
    database.write_bytes(b"ruined" * 1000)
    done = restore(clinic.settings, file, NOW, replace=True)
    assert clinic.rows == before
    assert (done.before / "aftercare.db").read_bytes() == b"ruined" * 1000


def test_the_commands_say_what_to_do_next(clinic: Clinic, file: Path, elsewhere: Settings, monkeypatch):
    monkeypatch.setattr("bot.cli.load_settings", lambda: clinic.settings)
    made = CliRunner().invoke(app, ["backup", str(file)])
    assert made.exit_code == 0
    assert "1 files of patients" in made.output
    assert "The keys are NOT in it" in made.output
    monkeypatch.setattr("bot.cli.load_settings", lambda: elsewhere)
    done = CliRunner().invoke(app, ["restore", str(file)])
    assert done.exit_code == 0
    assert "aftercare doctor" in done.output
    assert "erases them again" in done.output
