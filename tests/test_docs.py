"""What README, docs/ and .env.example name exists, and what exists is named there."""

import re
import subprocess
from pathlib import Path

import pytest
import typer

from bot.cli import app
from bot.settings import ROOT, Settings

PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
TEXT = {page.relative_to(ROOT).as_posix(): page.read_text(encoding="utf-8") for page in PAGES}
SETTINGS = {f"AFTERCARE_{name.upper()}" for name in Settings.model_fields}
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)


def code(text: str) -> str:
    """What stands as code on a page."""
    return "\n".join(CODE.findall(text))


@pytest.mark.parametrize("page", [*TEXT, ".env.example"])
def test_every_setting_that_is_named_is_one(page: str):
    text = TEXT.get(page) or (ROOT / page).read_text()
    assert set(re.findall(r"AFTERCARE_[A-Z_]*[A-Z]", text)) <= SETTINGS


def test_every_setting_stands_in_the_example_file():
    assert set(re.findall(r"^#(AFTERCARE_[A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)) == SETTINGS


@pytest.mark.parametrize("page", TEXT)
def test_every_make_target_that_is_named_exists(page: str):
    assert set(re.findall(r"\bmake ([a-z][a-z-]*)", code(TEXT[page]))) <= TARGETS


@pytest.mark.parametrize("page", TEXT)
def test_every_command_that_is_named_exists(page: str):
    group = typer.main.get_command(app)
    for first, second in re.findall(r"\baftercare ([a-z]+)(?: ([a-z][a-z-]+))?", code(TEXT[page])):
        assert first in group.commands, first
        if first == "staff":
            assert second in group.commands["staff"].commands


@pytest.mark.parametrize("page", TEXT)
def test_every_link_to_a_file_leads_somewhere(page: str):
    for target in re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", TEXT[page]):
        assert ((ROOT / page).parent / target).exists(), target


@pytest.mark.parametrize("page", TEXT)
def test_every_file_of_ours_that_is_named_exists(page: str):
    pattern = r"`((?:bot|actions|data|tests|docs|widget|benchmarks|bin|requirements)/[\w./-]*\w)/?`"
    for name in re.findall(pattern, TEXT[page]):
        assert (ROOT / name).exists(), name


def test_every_command_is_in_the_readme():
    for name in typer.main.get_command(app).commands:
        assert f"aftercare {name}" in TEXT["README.md"]


def test_every_target_says_what_it_does():
    listed = subprocess.run(["make", "-s", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert {line.split()[0] for line in listed.splitlines()} == TARGETS
    assert all(len(line.split()) > 2 for line in listed.splitlines())


def test_no_page_keeps_a_place_for_something_to_come():
    for page, text in TEXT.items():
        assert not re.search(r"^(RESULTS|TODO|TBD|FIXME|XXX)\b", text, re.MULTILINE), page


def test_the_example_file_holds_no_secret():
    assert not re.search(r"(TOKEN|SECRET\w*|KEY)=\S", (ROOT / ".env.example").read_text())
    assert ".env\n" in Path(ROOT / ".gitignore").read_text()
