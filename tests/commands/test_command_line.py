"""The command line as a person meets it: help with examples, one line for an expected error, one verdict a line."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from bot.cli import app, main
from bot.commands.staffing import add
from bot.settings import Settings
from bot.staff import StaffError

COMMAND = Path(sys.executable).parent / "aftercare"


def aftercare(*words: str, given: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if not name.startswith("AFTERCARE_")}
    return subprocess.run(
        [COMMAND, *words], input=given, env={**env, **environment}, capture_output=True, text=True, check=False
    )


def commands(group: typer.core.TyperGroup, *path: str) -> Iterator[tuple[str, ...]]:
    for name, command in group.commands.items():
        if isinstance(command, typer.core.TyperGroup):
            yield from commands(command, *path, name)
        else:
            yield (*path, name)


ALL = sorted(commands(typer.main.get_command(app)))


def test_the_commands_others_rely_on_are_there():
    names = {" ".join(path) for path in ALL}
    assert {"run", "serve", "train", "screen", "chat", "evaluate", "replay", "staff add"} <= names


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_every_command_says_what_it_does_with_an_example(path: tuple[str, ...]):
    result = CliRunner().invoke(app, [*path, "--help"], env={"COLUMNS": "200"})
    assert result.exit_code == 0
    assert "Example:" in result.output
    assert f"aftercare {' '.join(path)}" in result.output


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_help_lists_every_command_with_its_purpose(path: tuple[str, ...]):
    result = CliRunner().invoke(app, [*path[:-1], "--help"], env={"COLUMNS": "200"})
    [line] = [line for line in result.output.splitlines() if line.strip(" │").startswith(f"{path[-1]} ")]
    assert len(line.strip(" │").split()) > 3


@pytest.mark.parametrize(
    ("words", "environment", "told"),
    [
        (("run",), {"AFTERCARE_PORT": "x"}, "AFTERCARE_PORT: "),
        (("staff", "add", "nobody", "--name", "Ana"), {}, "Write an e-mail address"),
        (("staff", "add", "a@b.example", "--name", "Ana", "--role", "king"), {}, "there is no role 'king'"),
        (("evaluate", "--triage", "/no/such/file"), {}, "/no/such/file cannot be read"),
        (("replay", "/no/such/file"), {}, "/no/such/file cannot be read"),
        (("serve",), {"AFTERCARE_CLINIC_FILE": "/no/such/clinic.yml"}, "clinic.yml"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_an_expected_error_is_one_line_and_exit_status_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words, environment, told: str
):
    monkeypatch.setattr(sys, "argv", ["aftercare", *words])
    for name, value in {"AFTERCARE_DATA_DIR": str(tmp_path), **environment}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as ended:
        main()
    out, err = capsys.readouterr()
    assert (ended.value.code, out) == (1, "")
    [line] = err.splitlines()
    assert line.startswith("aftercare: ")
    assert told in line


def test_the_installed_command_prints_an_error_without_a_traceback(tmp_path: Path):
    result = aftercare("serve", AFTERCARE_PORT="eighty", AFTERCARE_DATA_DIR=str(tmp_path))
    assert (result.returncode, result.stdout) == (1, "")
    [line] = result.stderr.splitlines()
    assert line.startswith("aftercare: AFTERCARE_PORT: ")


def test_evaluate_without_a_file_says_what_to_give():
    result = CliRunner().invoke(app, ["evaluate"])
    assert result.exit_code == 2
    assert "--triage" in result.output


def test_screen_prints_one_verdict_a_line(tmp_path: Path):
    result = aftercare("screen", given="green pus\n\n  \nmy scalp is pink\ncafé ✓ i can't breathe\n")
    assert result.returncode == 0
    verdicts = [json.loads(line) for line in result.stdout.splitlines()]
    assert [verdict["tier"] for verdict in verdicts] == ["urgent", "none", "emergency"]
    assert all(set(verdict) == {"tier", "signs", "lowered", "told"} for verdict in verdicts)
    [sign] = verdicts[2]["signs"]
    assert "café ✓ i can't breathe"[sign["start"] : sign["end"]] == sign["evidence"]


def test_staff_add_prints_a_link_that_opens_the_account_once(tmp_path: Path):
    words = ("staff", "add", "Ana@Clinic.example", "--name", "Ana Silva", "--title", "Nurse")
    given = {"AFTERCARE_DATA_DIR": str(tmp_path), "AFTERCARE_PUBLIC_URL": "https://chat.example"}
    result = aftercare(*words, **given)
    assert result.returncode == 0
    [link] = result.stdout.splitlines()
    assert link.startswith("https://chat.example/console/welcome/")
    with pytest.raises(StaffError, match="There is an account with this e-mail already"):
        add(Settings(data_dir=tmp_path), "ana@clinic.example", "Ana", "", "clinician")
