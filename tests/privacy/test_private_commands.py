"""`aftercare patient`, `aftercare key` and `aftercare privacy`, as they are typed."""

import stat
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.settings import Settings
from bot.store.database import Store
from bot.store.keys import KeyRing, SealingError
from bot.store.tables import Message, SignInLink
from tests.house import House
from tests.privacy.person import WORDS, Known, count


@pytest.fixture
def command(house: House, known: Known, monkeypatch: pytest.MonkeyPatch):
    """The command over the house's database, with its keys in the file."""
    data = house.services.settings.data_dir
    (data / "encryption.key").write_text(house.store.keys.newest.secret.hex() + "\n")
    monkeypatch.setattr("bot.cli.load_settings", lambda: Settings(_env_file=None, data_dir=data))

    def run(*words: str, typed: str = ""):
        return CliRunner().invoke(app, list(words), input=typed)

    return run


def test_a_patient_is_exported(house: House, known: Known, command, tmp_path: Path):
    out = tmp_path / "mia"
    done = command("patient", "export", known.conversation_id[:4], "--out", str(out))
    assert done.exit_code == 0
    assert "not encrypted" in done.output
    assert WORDS in (out / "data.json").read_text()


def test_erasing_asks_first_and_tells_of_the_backups(house: House, known: Known, command):
    assert command("patient", "erase", known.conversation_id, typed="n\n").exit_code == 1
    assert count(house, Message) == 2
    done = command("patient", "erase", known.conversation_id, typed="y\n")
    assert done.exit_code == 0
    assert "messages: 2" in done.output
    assert "Backups made before still hold them" in done.output
    assert count(house, Message) == 0


def test_a_key_is_added_and_everything_sealed_with_it(house: House, known: Known, command):
    file = house.services.settings.data_dir / "encryption.key"
    assert command("key", "add").exit_code == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    new, old = file.read_text().split()
    assert old == house.store.keys.newest.secret.hex()
    refused = command("key", "rotate")
    assert refused.exit_code, "the bot that runs here knows the old key alone, and would go on sealing with it"
    house.store.close()
    done = command("key", "rotate")
    assert "older key may go" in done.output
    alone = Store(house.store.url, KeyRing.read(new))
    alone.migrate()
    with alone.read() as session:
        assert WORDS in session.query(Message).first().text
    alone.close()
    assert house.services.files.__class__(house.services.files.folder, alone.keys).read(known.stored_name)
    stranger = Store(house.store.url, KeyRing.read(old))
    with pytest.raises(SealingError):
        stranger.migrate()
    stranger.close()


def test_clearing_by_hand_says_what_went(house: House, command):
    long_ago, staff = house.clock.now() - timedelta(days=4000), house.staff()
    with house.store.write() as session:
        session.add(SignInLink(token_hash="0" * 64, staff_id=staff.id, expires_at=long_ago))
    assert "sign" in command("privacy", "run").output
    assert "Nothing was kept too long" in command("privacy", "run").output


def test_the_key_is_made_once_for_us_alone_and_a_wrong_one_names_its_place(tmp_path: Path):
    settings = Settings(_env_file=None, data_dir=tmp_path / "var")
    first = settings.key_ring()
    assert stat.S_IMODE(settings.encryption_file.stat().st_mode) == 0o600
    assert settings.key_ring() == first
    settings.encryption_file.write_text("oops")
    with pytest.raises(Exception, match=r"encryption\.key: .*64 hexadecimal digits"):
        settings.key_ring()
    given = Settings(_env_file=None, data_dir=tmp_path / "var", encryption_keys="oops")
    with pytest.raises(Exception, match=r"AFTERCARE_ENCRYPTION_KEYS: .*64 hexadecimal digits"):
        given.key_ring()
