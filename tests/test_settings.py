"""Settings: wrong ones are named with the mend, and the secret is made once and kept to ourselves."""

import stat
from pathlib import Path

import pytest

from bot.settings import ROOT, Settings, SettingsError, env_example, load_settings


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"AFTERCARE_{name.upper()}", raising=False)
    monkeypatch.setitem(Settings.model_config, "env_file", tmp_path / ".env")


@pytest.mark.parametrize(
    ("name", "value", "mend"),
    [
        ("PORT", "eighty", "valid integer"),
        ("PORT", "0", "greater than or equal to 1"),
        ("PORT", "65536", "less than or equal to 65535"),
        ("PUBLIC_URL", "chat.example", "must start with http:// or https://"),
        ("RASA_URL", "localhost:5005", "must start with http:// or https://"),
        ("RASA_TIMEOUT", "0", "greater than 0"),
        ("RASA_TIMEOUT", "600", "less than or equal to 15"),
        ("TELEGRAM_MODE", "pigeon", "'polling' or 'webhook'"),
        ("SECURE_COOKIES", "maybe", "valid boolean"),
    ],
)
def test_a_wrong_setting_is_named_with_its_mend(monkeypatch: pytest.MonkeyPatch, name: str, value: str, mend: str):
    monkeypatch.setenv(f"AFTERCARE_{name}", value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    message = str(caught.value)
    assert message.startswith(f"AFTERCARE_{name}: ")
    assert mend in message
    assert str(Settings.model_fields[name.lower()].description) in message
    assert "\n" not in message


def test_all_wrong_settings_are_named_at_once(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AFTERCARE_PORT", "x")
    monkeypatch.setenv("AFTERCARE_RASA_URL", "x")
    with pytest.raises(SettingsError, match=r"AFTERCARE_PORT: .*; AFTERCARE_RASA_URL: "):
        load_settings()


def test_settings_are_read_from_the_file_and_the_environment_wins(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    (tmp_path / ".env").write_text("AFTERCARE_PORT=9001\nAFTERCARE_HOST=0.0.0.0\nSOMETHING_ELSE=1\n")
    monkeypatch.setenv("AFTERCARE_PORT", "9002")
    settings = load_settings()
    assert (settings.host, settings.port, settings.public_url) == ("0.0.0.0", 9002, "http://localhost:9002")  # noqa: S104


def test_an_address_loses_its_last_slash(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AFTERCARE_PUBLIC_URL", "https://chat.example/")
    settings = load_settings()
    assert settings.public_url == "https://chat.example"
    assert settings.cookies_are_secure
    assert not settings.model_copy(update={"secure_cookies": False}).cookies_are_secure


def test_origins_are_a_list_with_commas(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AFTERCARE_WIDGET_ORIGINS", " https://a.example/ ,, https://b.example")
    assert load_settings().embedding_origins == ["https://a.example", "https://b.example"]
    monkeypatch.delenv("AFTERCARE_WIDGET_ORIGINS")
    assert load_settings().embedding_origins == []


def test_the_database_lies_in_the_data_folder_unless_it_is_said_where(tmp_path: Path):
    assert Settings(data_dir=tmp_path).database == f"sqlite:///{tmp_path / 'aftercare.db'}"
    assert Settings(database_url="sqlite:///x.db").database == "sqlite:///x.db"


def test_the_secret_is_made_once_and_for_us_alone(tmp_path: Path):
    first = Settings(data_dir=tmp_path / "var").secret()
    kept = tmp_path / "var" / "secret.key"
    assert len(first) == 64
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert Settings(data_dir=tmp_path / "var").secret() == first
    assert Settings(data_dir=tmp_path / "other").secret() != first


def test_a_secret_that_is_given_is_used_and_none_is_written(tmp_path: Path):
    assert Settings(data_dir=tmp_path, secret_key="k" * 32).secret() == "k" * 32
    assert not (tmp_path / "secret.key").exists()


def test_a_short_secret_is_refused_with_the_mend_and_not_repeated(tmp_path: Path):
    with pytest.raises(SettingsError, match="AFTERCARE_SECRET_KEY is shorter than 32 characters: put") as caught:
        Settings(data_dir=tmp_path, secret_key="hunter2").secret()
    assert "hunter2" not in str(caught.value)


def test_a_secret_s_file_that_a_full_disk_left_empty_is_refused(tmp_path: Path):
    (tmp_path / "secret.key").touch()
    with pytest.raises(SettingsError, match=r"secret\.key is shorter than 32 characters"):
        Settings(data_dir=tmp_path).secret()


def test_a_relative_folder_is_the_projects_wherever_the_command_is_given(tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    settings = Settings(data_dir="var", clinic_file="clinic.yml")
    assert (settings.data_dir, settings.clinic_file) == (ROOT / "var", ROOT / "clinic.yml")


def test_no_secret_shows_when_settings_are_printed():
    settings = Settings(secret_key="s" * 40, telegram_token="t" * 40, metrics_token="m" * 40)
    shown = f"{settings!r} {settings}"
    assert not any(letter * 40 in shown for letter in "stm")


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_says_what_it_is_for(name: str):
    assert Settings.model_fields[name].description


def test_the_example_file_is_what_the_settings_say():
    """After a change: `.venv/bin/python -m bot.settings > .env.example`."""
    assert (ROOT / ".env.example").read_text() == env_example()


def test_the_example_file_with_every_line_taken_is_a_start_that_works(tmp_path: Path):
    taken = [line.removeprefix("#") for line in env_example().splitlines() if line.startswith("#AFTERCARE_")]
    (tmp_path / ".env").write_text("\n".join(taken))
    settings = load_settings()
    assert (settings.port, settings.secure_cookies, settings.telegram_mode) == (8000, None, "polling")
    assert settings.database.endswith("var/aftercare.db")
