"""The commands that README and docs/operations.md give are the ones there are, and those for the data are run here."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from bot.cli import app
from bot.commands import serving
from bot.settings import ROOT, Settings
from bot.store.database import Store
from tests.test_docs import TEXT, code

PAGES = ("README.md", "docs/operations.md", "docs/deploy.md")
OPERATIONS = TEXT["docs/operations.md"]
README = TEXT["README.md"]


def typed(page: str) -> list[list[str]]:
    """Every `aftercare` command of a page, as words, up to where the shell goes on with something else."""
    return [line.split() for line in re.findall(r"(?:bin/|[`\s])aftercare ([a-z][^`\n|&]*)", code(TEXT[page]))]


@pytest.mark.parametrize("page", PAGES)
def test_every_option_that_is_given_is_one_of_its_command(page: str):
    assert typed(page)
    for words in typed(page):
        command, rest = typer.main.get_command(app), list(words)
        while isinstance(command, typer.core.TyperGroup) and rest:
            command = command.commands[rest.pop(0)]
        known = {name for parameter in command.params for name in parameter.opts}
        assert {word for word in rest if word.startswith("--")} <= known | {"--help"}, words


def test_what_make_run_prints_is_what_the_readme_shows():
    [shown] = re.findall(r"```\n(── Aftercare is ready ──.*?)```", README, re.DOTALL)
    said = Path(serving.__file__).read_text()
    for line in shown.splitlines()[1:]:
        name = re.split(r"\s{2,}", line)[0]
        assert f'"{name}  ' in said, name
    assert '"Aftercare is ready"' in said


def test_the_one_test_command_is_the_one_that_ci_runs():
    assert "```\nmake test\n```" in README
    assert re.search(r"^make test$", (ROOT / ".ci" / "run").read_text(), re.MULTILINE)


def test_removing_names_every_folder_that_is_made():
    made = {line.strip("/\n") for line in (ROOT / ".gitignore").read_text().splitlines() if line.endswith("/")}
    for page in (README, OPERATIONS):
        [removed] = re.findall(r"rm -rf (var [^`\n]*)", page)
        assert set(removed.split()) >= (made & {"var", "var-demo", "models", ".tools"}) | {".venv", ".venv-rasa"}
        assert {".venv", ".venv-rasa", ".venv-tune"} <= set(removed.split())


def lines_of(section: str) -> list[str]:
    """The commands of a section's blocks, in order."""
    [text] = re.findall(rf"^## {section}\n(.*?)(?=^## )", OPERATIONS, re.DOTALL | re.MULTILINE)
    return [line for block in re.findall(r"```\n(.*?)```", text, re.DOTALL) for line in block.splitlines()]


@pytest.fixture
def machine(tmp_path: Path):
    """A folder laid out like the project's, in which commands are typed: its own data, the real program."""
    (tmp_path / "var").mkdir(mode=0o700)
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "aftercare").symlink_to(Path(sys.executable).parent / "aftercare")
    shutil.copy(ROOT / "clinic.yml", tmp_path)
    given = {name: value for name, value in os.environ.items() if not name.startswith("AFTERCARE_")}
    given |= {
        "HOME": str(tmp_path),
        "AFTERCARE_DATA_DIR": str(tmp_path / "var"),
        "AFTERCARE_CLINIC_FILE": str(tmp_path / "clinic.yml"),
        "AFTERCARE_DATABASE_URL": f"sqlite:///{tmp_path / 'var' / 'aftercare.db'}",
    }

    def type_in(line: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            ["bash", "-c", line], cwd=tmp_path, env=given, capture_output=True, text=True, check=False
        )

    settings = Settings(_env_file=None, data_dir=tmp_path / "var")
    settings.secret()
    store = Store(settings.database, settings.key_ring())
    store.migrate()
    store.close()
    return type_in


def test_backing_up_restoring_and_going_back_as_they_are_written(machine, tmp_path: Path):
    [doctor] = lines_of("When something is wrong")
    assert re.search(r"^ok +Database", machine(doctor).stdout, re.MULTILINE)

    [back_up, *_] = lines_of("Back up")
    done = machine(back_up)
    assert done.returncode == 0, done.stderr
    [made] = (tmp_path / "backups").iterdir()
    assert re.fullmatch(r"aftercare-\d{4}-\d\d-\d\d\.tar", made.name)
    restore, _, replace = lines_of("Restore")
    made.rename(tmp_path / "backups" / re.search(r"aftercare-[\d-]+\.tar", restore)[0])

    assert "--replace" in machine(restore).stderr
    assert machine(replace).returncode == 0
    [before] = (tmp_path / "var").glob("before-restore-*")
    (tmp_path / "var" / "aftercare.db").unlink()
    assert machine(restore).returncode == 0

    [upgrade] = lines_of("Upgrade")
    assert machine(upgrade.split(" && git pull ")[0]).returncode == 0
    [made] = (tmp_path / "backups").glob("before-*.tar")
    made.rename(made.with_name("before-DATE.tar"))
    [go_back] = [line for line in lines_of("Go back") if "restore" in line]
    assert machine(go_back).returncode == 0
    assert before.exists()
