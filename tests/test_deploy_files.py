"""The files of deploy/ say what the code reads: settings that exist, no password given, nothing left out."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from bot.settings import PLACEHOLDER, ROOT, Settings, SettingsError, load_settings

DEPLOY = ROOT / "deploy"
SETTINGS = {f"AFTERCARE_{name.upper()}" for name in Settings.model_fields}
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
OF_RASA = {"AFTERCARE_ACTIONS_URL", "AFTERCARE_RASA_TOKEN"}


def lines(name: str) -> dict[str, str]:
    """The variables of an environment file."""
    found = (line for line in (DEPLOY / name).read_text().splitlines() if line and not line.startswith("#"))
    return {key: value for key, _, value in (line.partition("=") for line in found)}


def test_compose_asks_for_every_secret_and_gives_none():
    text = (DEPLOY / "compose.yaml").read_text()
    asked = dict(re.findall(r"\$\{(\w+)([^}]*)\}", text))
    assert set(asked) == set(lines("sample.env"))
    for name, rest in asked.items():
        assert rest == f":?put {name} into deploy/.env", name
    assert set(lines("sample.env").values()) == {""}


@pytest.mark.parametrize("bot", ["bot-1", "bot-2"])
def test_the_bots_of_compose_are_given_settings_that_exist(bot: str):
    given = set(COMPOSE["services"][bot]["environment"])
    assert given - {"FORWARDED_ALLOW_IPS"} <= SETTINGS
    # What two bots must have in common, and would otherwise each make or keep for themselves.
    assert {f"AFTERCARE_{name}" for name in ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "ENCRYPTION_KEYS")} <= given


def test_both_ways_give_rasa_what_its_endpoints_name():
    named = set(re.findall(r"\$\{(\w+)\}", (ROOT / "endpoints.yml").read_text()))
    assert named <= OF_RASA
    for given in (COMPOSE["services"]["rasa-1"]["environment"], lines("systemd/rasa.env")):
        assert set(given) == OF_RASA


def test_only_nginx_can_be_reached_from_outside():
    open_to_all = {name for name, service in COMPOSE["services"].items() if "ports" in service}
    assert open_to_all == {"nginx"}
    assert {name for name, service in COMPOSE["services"].items() if "outside" in service["networks"]} == {"nginx"}


def test_the_sample_of_systemd_is_refused_naming_what_is_left_to_fill_in(monkeypatch: pytest.MonkeyPatch):
    sample = lines("systemd/aftercare.env")
    assert set(sample) <= SETTINGS
    for name, value in sample.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as refused:
        load_settings()
    for name, value in sample.items():
        assert (name in str(refused.value)) == (PLACEHOLDER in value), name


@pytest.mark.parametrize("name", ["app", "rasa"])
def test_the_images_run_without_root_from_pinned_bases(name: str):
    text = (DEPLOY / f"{name}.Dockerfile").read_text()
    assert all(
        re.fullmatch(r"python:3\.\d+\.\d+-slim-bookworm", base) for base in re.findall(r"^FROM (\S+)", text, re.M)
    )
    assert re.search(r"^USER \d+:\d+$", text, re.M)
    assert "--require-hashes" in text
    assert "HEALTHCHECK" in text
    assert {".env", "var", ".venv*"} <= set((DEPLOY / f"{name}.Dockerfile.dockerignore").read_text().splitlines())


def test_nginx_takes_its_configuration(tmp_path: Path):
    nginx = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if not nginx or not shutil.which("openssl"):
        pytest.skip("there is no nginx or no openssl")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=chat.clinic.example",
         "-keyout", tmp_path / "privkey.pem", "-out", tmp_path / "fullchain.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    site = (DEPLOY / "nginx" / "aftercare.conf").read_text()
    site = site.replace("/etc/letsencrypt/live/chat.clinic.example", str(tmp_path))
    site = site.replace("/etc/nginx/aftercare", str(DEPLOY / "nginx")).replace("listen 80", "listen 18080")
    (tmp_path / "site.conf").write_text(site)
    whole = tmp_path / "nginx.conf"
    whole.write_text(f"events {{}}\npid {tmp_path}/pid;\nhttp {{ include {tmp_path}/site.conf; }}\n")
    done = subprocess.run([nginx, "-t", "-c", whole], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
