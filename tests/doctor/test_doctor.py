"""`aftercare doctor`: every fault is really there, and its line says it with the mend."""

import os
import shutil
import socket
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.commands import training
from bot.console.setting_telegram import Check
from bot.doctor import model
from bot.doctor.data import LITTLE, TOO_LITTLE, folder_check, free_check
from bot.doctor.examining import TOLD, all_well, examine, report
from bot.processes import free_port
from bot.settings import ROOT, Settings
from bot.store.database import Store
from bot.store.tables import Attachment, Kind, Role, Staff
from tests.doubles.bot_api import TelegramDouble
from tests.house import KEY, House

Look = Callable[[], Mapping[str, Check]]


@pytest.fixture
def clinic(tmp_path: Path) -> Path:
    """The clinic's file, where a test may spoil it."""
    shutil.copy(ROOT / "clinic.yml", tmp_path)
    shutil.copy(ROOT / "replies.yml", tmp_path)
    return tmp_path / "clinic.yml"


@pytest.fixture
def data(house: House, monkeypatch: pytest.MonkeyPatch, clinic: Path) -> Path:
    """The house's data folder with its keys, as the settings in the environment name it."""
    folder = house.services.settings.data_dir
    for name in ("secret.key", "encryption.key"):
        (folder / name).write_text(KEY)
        (folder / name).chmod(0o600)
    folder.chmod(0o700)
    for name in [name for name in os.environ if name.startswith("AFTERCARE_")]:
        monkeypatch.delenv(name)
    given = {
        "DATA_DIR": folder,
        "CLINIC_FILE": clinic,
        "PORT": free_port(),
        "RASA_URL": f"http://127.0.0.1:{free_port()}",
        "ACTIONS_URL": f"http://127.0.0.1:{free_port()}",
    }
    for name, value in given.items():
        monkeypatch.setenv(f"AFTERCARE_{name}", str(value))
    monkeypatch.setitem(Settings.model_config, "env_file", None)
    return folder


@pytest.fixture
def look(house: House, data: Path, tmp_path: Path) -> Look:
    """Look at everything. Out: the checks by name."""

    def them() -> Mapping[str, Check]:
        return {check.name: check for check in examine(house.clock, tmp_path / ".env")}

    return them


@pytest.fixture
def database(house: House) -> Iterator[sqlite3.Connection]:
    """The house's database, beside it."""
    with closing(sqlite3.connect(house.store.url.removeprefix("sqlite:///"), isolation_level=None)) as connection:
        yield connection


def state(check: Check) -> str:
    return TOLD[check.state]


def with_admin(house: House, **fields: object) -> Staff:
    admin = house.staff(role=Role.ADMIN)
    with house.store.write() as session:
        row = session.get_one(Staff, admin.id)
        row.password_hash = "one"
    return admin


def test_a_sound_house_has_nothing_wrong(house: House, look: Look):
    with_admin(house)
    checks = look()
    assert [check for check in checks.values() if check.state == "bad" and "Rasa" not in check.name] == []
    assert {"Settings", "Clinic", "Database", "Tables", "Sealing", "Clock", "Files", "Staff", "Alerts"} <= set(checks)


def test_each_check_is_a_line_and_what_is_wrong_has_its_mend(look: Look, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AFTERCARE_PUBLIC_URL", "http://chat.clinic.example")
    checks = list(look().values())
    lines = report(checks).splitlines()
    assert len(lines) == len(checks) + 2
    assert all(line.split()[0] in {"ok", "warning", "wrong"} for line in lines[:-2])
    assert all("Mend: " in line for line in lines[:-2] if not line.startswith("ok"))
    assert lines[-1].startswith(f"{len(checks)} checks: ")


def test_the_command_ends_with_1_only_where_something_is_wrong(
    house: House, data: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("AFTERCARE_PUBLIC_URL", "http://chat.clinic.example")
    done = CliRunner().invoke(app, ["doctor"])
    assert done.exit_code == 1
    assert "wrong    Address" in done.output
    assert not all_well([Check("a", "bad", "")])
    assert all_well([Check("a", "note", ""), Check("b", "good", "")])


def test_a_setting_that_cannot_be_is_named_and_nothing_else_is_looked_at(look: Look, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AFTERCARE_PORT", "eighty")
    [check] = look().values()
    assert state(check) == "wrong"
    assert "AFTERCARE_PORT" in check.says


def test_a_slip_in_a_setting_s_name_is_seen_in_the_file_and_the_environment(
    look: Look, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / ".env").write_text("AFTERCARE_TELEGRM_TOKEN=1:x\nAFTERCARE_HOST=127.0.0.1\n#AFTERCARE_OLD=1\n")
    monkeypatch.setenv("AFTERCARE_ALERTS", "x")
    check = look()["Settings"]
    assert (state(check), check.says) == ("warning", "There is no setting AFTERCARE_ALERTS, AFTERCARE_TELEGRM_TOKEN.")


def test_secrets_that_others_can_read(look: Look, tmp_path: Path, data: Path):
    (tmp_path / ".env").write_text("AFTERCARE_HOST=127.0.0.1\n")
    (tmp_path / ".env").chmod(0o644)
    (data / "secret.key").chmod(0o644)
    checks = look()
    assert (state(checks[".env"]), checks[".env"].mend) == ("wrong", f"chmod 600 {tmp_path / '.env'}")
    assert (state(checks["Secret key"]), checks["Secret key"].mend) == ("wrong", f"chmod 600 {data / 'secret.key'}")
    (tmp_path / ".env").chmod(0o600)
    (data / "secret.key").chmod(0o600)
    checks = look()
    assert ".env" not in checks
    assert state(checks["Secret key"]) == "ok"


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("https://chat.clinic.example", "ok"),
        ("http://localhost:8000", "ok"),
        ("http://chat.clinic.example", "wrong"),
        ("http://192.168.1.7:8000", "wrong"),
    ],
)
def test_the_address_outside_is_https(look: Look, monkeypatch: pytest.MonkeyPatch, address: str, told: str):
    monkeypatch.setenv("AFTERCARE_PUBLIC_URL", address)
    assert state(look()["Address"]) == told


def test_the_clinic_s_file_its_approvals_and_the_replies(look: Look, clinic: Path):
    checks = look()
    assert (state(checks["Clinic"]), state(checks["Approval"]), state(checks["Replies"])) == ("ok", "warning", "ok")
    assert checks["Approval"].mend.startswith("aftercare clinic check --approve")
    (clinic.parent / "replies.yml").write_text("replies: [{name: X Y}]")
    assert state(look()["Replies"]) == "wrong"
    clinic.write_text(clinic.read_text().replace("zone: Europe/London", "zone: Europe/Londn"))
    checks = look()
    assert state(checks["Clinic"]) == "wrong"
    assert "Europe/Londn" in checks["Clinic"].says
    assert "Approval" not in checks


def test_keys_of_the_wrong_form_missing_or_beside_the_database(look: Look, data: Path, monkeypatch: pytest.MonkeyPatch):
    place = look()["Place of the keys"]
    assert state(place) == "warning"
    assert str(data / "encryption.key") in place.mend
    (data / "encryption.key").write_text("oops")
    assert "64 hexadecimal digits" in look()["Encryption keys"].says
    (data / "encryption.key").unlink()
    monkeypatch.setenv("AFTERCARE_ENCRYPTION_KEYS", KEY)
    monkeypatch.setenv("AFTERCARE_SECRET_KEY", "short")
    checks = look()
    assert "Place of the keys" not in checks
    assert state(checks["Encryption keys"]) == "ok"
    assert state(checks["Secret key"]) == "wrong"
    assert "openssl rand -hex 32" in checks["Secret key"].says


def test_a_key_that_does_not_open_the_database_and_looking_makes_none(house: House, look: Look, data: Path):
    house.store.migrate()  # notes which key is in use
    (data / "encryption.key").unlink()
    check = look()["Sealing"]
    assert state(check) == "wrong"
    assert house.store.keys.newest.id.hex() in check.says
    assert not (data / "encryption.key").exists()


def test_before_the_first_start_nothing_is_wrong_and_nothing_is_made(
    look: Look, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("AFTERCARE_DATA_DIR", str(tmp_path / "new"))
    checks = look()
    for name in ("Data folder", "Database", "Secret key", "Encryption keys"):
        assert state(checks[name]) == "ok", name
        assert "the first start makes" in checks[name].says
    assert not (tmp_path / "new").exists()


def test_a_folder_that_others_may_look_into(look: Look, data: Path):
    data.chmod(0o755)
    check = look()["Data folder"]
    assert (state(check), check.mend) == ("warning", f"chmod 700 {data}")


@contextmanager
def nobody() -> Iterator[None]:
    """For as long as the block lasts we are a user who owns nothing; root may write everywhere."""
    if os.geteuid() != 0:
        yield
        return
    os.setresuid(65534, 65534, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)


def test_a_folder_that_cannot_be_written(tmp_path: Path):
    folder = tmp_path / "uploads"
    folder.mkdir(mode=0o500)
    with nobody():
        check = folder_check("Uploads", folder)
    assert (state(check), check.mend) == ("wrong", f"chown -R $(id -un) {folder}")
    folder.chmod(0o700)
    assert state(folder_check("Uploads", folder)) == "ok"


def test_a_disk_that_runs_full():
    assert state(free_check(LITTLE)) == "ok"
    assert state(free_check(LITTLE - 1)) == "warning"
    assert state(free_check(TOO_LITTLE - 1)) == "wrong"


def test_a_damaged_database(house: House, look: Look):
    house.receive("hello")
    house.store.close()
    file = Path(house.store.url.removeprefix("sqlite:///"))
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        [size] = connection.execute("PRAGMA page_size").fetchone()
    content = bytearray(file.read_bytes())
    content[3 * size : 40 * size] = b"\xff" * (37 * size)
    file.write_bytes(content)
    check = look()["Database"]
    assert state(check) == "wrong"
    assert "aftercare restore" in check.mend
    file.write_bytes(b"no database at all, and long enough to be read as one" * 100)
    assert state(look()["Database"]) == "wrong"


def test_a_database_server_that_is_away(look: Look, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AFTERCARE_DATABASE_URL", "postgresql://ana:hidden@127.0.0.1:9/aftercare")
    check = look()["Database"]
    assert state(check) == "wrong"
    assert "AFTERCARE_DATABASE_URL" in check.mend
    assert "hidden" not in f"{check}"


def test_tables_of_an_older_version_and_of_a_newer_one(look: Look, database: sqlite3.Connection):
    database.execute("UPDATE alembic_version SET version_num = '0001'")
    check = look()["Tables"]
    assert state(check) == "warning"
    assert "aftercare backup" in check.mend
    database.execute("UPDATE alembic_version SET version_num = '9999'")
    assert state(look()["Tables"]) == "wrong"


def test_a_clock_that_is_behind_its_own_rows(house: House, look: Look):
    assert state(look()["Clock"]) == "ok"
    house.clock.advance(timedelta(hours=2))
    house.receive("hello")
    house.clock.advance(timedelta(hours=-2))
    check = look()["Clock"]
    assert state(check) == "wrong"
    assert "14:00" in check.says
    assert "timedatectl" in check.mend


def test_a_file_that_a_patient_sent_and_that_is_gone(house: House, look: Look):
    name = house.services.files.keep(b"a photo")
    received = house.receive("look", kind=Kind.PHOTO)
    with house.store.write() as session:
        session.add(Attachment(message_id=received.message_id, content_type="image/jpeg", size=7, stored_name=name))
    assert state(look()["Files"]) == "ok"
    house.services.files.drop(name)
    check = look()["Files"]
    assert (state(check), check.says.split(" files")[0]) == ("wrong", "1 of 1")


def test_no_admin_and_admins_without_a_second_factor(house: House, look: Look, monkeypatch: pytest.MonkeyPatch):
    check = look()["Staff"]
    assert state(check) == "warning"
    assert "aftercare staff add" in check.mend
    with_admin(house)
    assert state(look()["Second factor"]) == "warning"
    monkeypatch.setenv("AFTERCARE_REQUIRE_TOTP", "true")
    assert state(look()["Second factor"]) == "ok"


def test_the_model_and_rasa_s_environment(look: Look, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for module in (model, training):
        monkeypatch.setattr(module, "MODEL", tmp_path / "none.tar.gz")
    monkeypatch.setattr(training, "FINGERPRINT", tmp_path / "none.fingerprint")
    monkeypatch.setattr(model, "RASA_PYTHON", tmp_path / "rasa" / "bin" / "python")
    checks = look()
    assert (state(checks["Model"]), checks["Model"].mend) == ("wrong", "make train")
    assert (state(checks["Rasa's environment"]), checks["Rasa's environment"].mend) == ("wrong", "make setup")
    (tmp_path / "none.tar.gz").touch()
    (tmp_path / "none.fingerprint").write_text("of other data")
    assert (state(look()["Model"]), look()["Model"].mend) == ("warning", "make train")
    (tmp_path / "none.fingerprint").write_text(training.fingerprint())
    assert state(look()["Model"]) == "ok"
    monkeypatch.setenv("AFTERCARE_RASA_URL", "http://nginx.invalid:5005")
    assert "look there" in look()["Model"].says


def test_a_port_that_something_else_has(look: Look, monkeypatch: pytest.MonkeyPatch):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        # It takes calls and answers none: the check has to end all the same.
        monkeypatch.setattr("bot.doctor.running.PATIENCE", 0.2)
        monkeypatch.setenv("AFTERCARE_PORT", str(port))
        check = look()["Bot"]
    assert state(check) == "wrong"
    assert f"port {port}" in check.says
    assert "AFTERCARE_PORT" in check.mend


@contextmanager
def bot_that_says(answers: Mapping[str, str]) -> Iterator[int]:
    class Bot(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(answers[self.path].encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Bot)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


def test_a_bot_that_runs_without_rasa_and_the_actions(look: Look, monkeypatch: pytest.MonkeyPatch):
    ready = '{"worker": true, "rasa": false, "actions": false}'
    with bot_that_says({"/healthz": '{"status": "up"}', "/readyz": ready}) as port:
        monkeypatch.setenv("AFTERCARE_PORT", str(port))
        checks = look()
    assert state(checks["Bot"]) == "wrong"
    assert "actions, rasa" in checks["Bot"].says
    assert (state(checks["Rasa"]), state(checks["Actions"])) == ("wrong", "wrong")


def test_rasa_and_actions_that_answer(look: Look, rasa, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AFTERCARE_ACTIONS_URL", rasa.url)
    assert state(look()["Actions"]) == "ok"


def test_a_redis_that_is_away(look: Look, monkeypatch: pytest.MonkeyPatch):
    assert "Redis" not in look()
    monkeypatch.setenv("AFTERCARE_REDIS_URL", "redis://:hidden@127.0.0.1:9/0")
    check = look()["Redis"]
    assert state(check) == "wrong"
    assert "127.0.0.1:9" in check.says
    assert "AFTERCARE_REDIS_URL" in check.mend
    assert "hidden" not in f"{check}"


def test_telegram_s_token_and_the_way_in(look: Look, monkeypatch: pytest.MonkeyPatch):
    assert state(look()["Telegram"]) == "ok"
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with TelegramDouble() as telegram:
        monkeypatch.setenv("AFTERCARE_TELEGRAM_API_BASE", telegram.base_url)
        monkeypatch.setenv("AFTERCARE_TELEGRAM_TOKEN", telegram.token)
        checks = look()
        assert state(checks["Telegram, bot"]) == state(checks["Telegram, way in"]) == "ok"
        monkeypatch.setenv("AFTERCARE_TELEGRAM_MODE", "webhook")
        assert state(look()["Telegram, way in"]) == "wrong"
        monkeypatch.setenv("AFTERCARE_TELEGRAM_TOKEN", "123:not-the-token-of-anybody-at-all")
        check = look()["Telegram, bot"]
        assert state(check) == "wrong"
        assert "@BotFather" in check.mend
        assert "not-the-token" not in f"{check}"


def test_addresses_that_are_paged(look: Look, monkeypatch: pytest.MonkeyPatch):
    assert (state(look()["Alerts"]), "AFTERCARE_ALERT_URLS" in look()["Alerts"].mend) == ("warning", True)
    monkeypatch.setenv("AFTERCARE_ALERT_URLS", "nonsense://")
    check = look()["Alerts"]
    assert state(check) == "wrong"
    assert "AFTERCARE_ALERT_URLS: address 1" in check.says
    monkeypatch.setenv("AFTERCARE_ALERT_URLS", "json://127.0.0.1:9/hidden")
    check = look()["Alerts"]
    assert state(check) == "ok"
    assert "hidden" not in f"{check}"


def test_looking_changes_nothing(house: House, look: Look, data: Path):
    house.receive("hello")
    before = {path: path.stat().st_mtime_ns for path in data.rglob("*") if "-" not in path.name}
    look()
    assert {path: path.stat().st_mtime_ns for path in data.rglob("*") if "-" not in path.name} == before


def test_on_postgresql_too(look: Look, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from tests.databases import postgresql
    from tests.house import KEYS

    server = postgresql()
    try:
        url = server.new(tmp_path)
        monkeypatch.setenv("AFTERCARE_DATABASE_URL", url.replace("+psycopg", ""))
        assert state(look()["Tables"]) == "warning"
        store = Store(url, KEYS)
        store.migrate()
        store.close()
        checks = look()
        assert state(checks["Database"]) == state(checks["Tables"]) == state(checks["Sealing"]) == "ok"
    finally:
        server.close()
