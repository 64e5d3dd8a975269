"""The files of deploy/ say what the code reads: settings that exist, no password given, nothing left out."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from bot import cli
from bot.processes import MODEL, actions_part
from bot.settings import PLACEHOLDER, ROOT, Settings, SettingsError, load_settings
from tests.security.table import TABLE

DEPLOY = ROOT / "deploy"
SETTINGS = {f"AFTERCARE_{name.upper()}" for name in Settings.model_fields}
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
OF_THE_ACTIONS = (*(ROOT / "actions").glob("*.py"), ROOT / "bot" / "logs.py")
OF_RASA = {"AFTERCARE_ACTIONS_URL", "AFTERCARE_RASA_TOKEN"}


def lines(name: str) -> dict[str, str]:
    """The variables of an environment file."""
    found = (line for line in (DEPLOY / name).read_text().splitlines() if line and not line.startswith("#"))
    return {key: value for key, _, value in (line.partition("=") for line in found)}


def test_compose_asks_for_every_secret_and_gives_none():
    text = (DEPLOY / "compose.yaml").read_text()
    asked = dict(re.findall(r"\$\{(\w+)([^}]*)\}", text))
    assert asked.pop("AFTERCARE_LOG_FORMAT") == f":-{Settings.model_fields['log_format'].default}"
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


def test_the_actions_are_given_what_they_read_and_no_secret():
    given = set(COMPOSE["services"]["actions"]["environment"])
    read = set(re.findall(r"\b(?:AFTERCARE|SANIC)_\w+", "".join(file.read_text() for file in OF_THE_ACTIONS)))
    assert given == read
    assert COMPOSE["services"]["actions"]["env_file"] == []


@pytest.mark.parametrize("name", ["bot-1", "bot-2", "actions", "rasa-1", "rasa-2"])
def test_what_is_ours_runs_without_rights_and_writes_only_to_its_volume(name: str):
    service = COMPOSE["services"][name]
    assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
    written = {mount.split(":")[0] for mount in service.get("volumes", []) if not mount.endswith(":ro")}
    assert written <= set(COMPOSE["volumes"])


def commands() -> Iterator[tuple[str, list[str]]]:
    """Everything that deploy/ starts: where it is said, and the words."""
    for file in ("app.Dockerfile", "rasa.Dockerfile"):
        text = (DEPLOY / file).read_text().replace("\\\n", "")
        yield file, json.loads(re.findall(r"^CMD (\[.*\])$", text, re.M)[0])
    yield "compose.yaml", COMPOSE["services"]["actions"]["command"]
    for unit in sorted((DEPLOY / "systemd").glob("*.service")):
        yield unit.name, re.findall(r"^ExecStart=(.*)$", unit.read_text(), re.M)[0].split()


@pytest.mark.parametrize(("where", "words"), list(commands()))
def test_what_is_started_is_there(where: str, words: list[str]):
    program, *rest = words
    if Path(program).name == "aftercare":
        assert rest[0] in {command.callback.__name__ for command in cli.app.registered_commands if command.callback}
        return
    assert rest[0] == "-m"
    assert (ROOT / rest[1].replace(".", "/") / "__main__.py").is_file()
    left_out = set((DEPLOY / "app.Dockerfile.dockerignore").read_text().splitlines())
    for word in rest:
        if word.endswith(".yml"):
            assert (ROOT / word).is_file(), f"{where} names {word}"
            assert word not in left_out


@pytest.mark.parametrize("name", ["app", "rasa"])
def test_what_the_images_copy_and_read_is_there_and_is_not_left_out(name: str):
    text = (DEPLOY / f"{name}.Dockerfile").read_text()
    left_out = set((DEPLOY / f"{name}.Dockerfile.dockerignore").read_text().splitlines())
    sources = [line.split()[0] for line in re.findall(r"^COPY (?!--from)(.+)$", text, re.M)]
    read = re.findall(r"(?:data/\w+|\w+\.yml)", text)
    for source in (*sources, *read, "pyproject.toml", "README.md", "bot", "actions", "data/red_flags", "data/reader"):
        assert (ROOT / source).exists(), source
        assert source.split("/")[0] not in left_out, source
    assert set(re.findall(r"\bAFTERCARE_\w+", text)) <= SETTINGS


def test_the_image_of_rasa_trains_what_the_command_trains():
    in_image = (DEPLOY / "rasa.Dockerfile").read_text()
    by_command = (ROOT / "bot" / "commands" / "training.py").read_text()
    for words in ("data/nlu", "data/stories", "domain.yml", "config.yml"):
        assert words in in_image
        assert f'"{words}"' in by_command
    assert MODEL.name in in_image


def test_health_checks_and_nginx_ask_for_routes_that_are_there():
    said = (DEPLOY / "app.Dockerfile").read_text() + (DEPLOY / "rasa.Dockerfile").read_text() + yaml.dump(COMPOSE)
    asked = set(re.findall(r"127\.0\.0\.1:(\d+)(/\w*)", said))
    bot = {path for _, path in TABLE}
    assert asked == {("8000", "/healthz"), ("8080", "/healthz"), ("5055", "/health"), ("5005", "/")}
    assert "/healthz" in bot
    assert actions_part(Settings(_env_file=None)).ready_url.endswith(":5055/health")
    for pattern in re.findall(r"^location ~ (\S+)", (DEPLOY / "nginx" / "locations.conf").read_text(), re.M):
        assert any(re.search(pattern, path) for path in bot), pattern


@pytest.mark.parametrize("unit", sorted(path.name for path in (DEPLOY / "systemd").glob("*.service")))
def test_systemd_takes_the_units(tmp_path: Path, unit: str):
    analyze = shutil.which("systemd-analyze")
    if not analyze:
        pytest.skip("there is no systemd-analyze")
    text = (DEPLOY / "systemd" / unit).read_text()
    assert "User=aftercare" in text
    for there, here in (("/opt/aftercare/.venv-rasa/bin", "/bin"), ("/opt/aftercare/.venv/bin", "/bin")):
        text = re.sub(rf"{there}/\S+", f"{here}/true", text)
    text = text.replace("/opt/aftercare", str(ROOT)).replace("=aftercare\n", "=root\n")
    (tmp_path / unit.replace("@", "@8001")).write_text(text)
    done = subprocess.run(
        [analyze, "verify", tmp_path / unit.replace("@", "@8001")], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


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
