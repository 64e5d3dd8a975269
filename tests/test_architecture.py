"""Dependencies point one way: what people see → conversation → care, triage and store. The core does no I/O."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.settings import ROOT

PURE = ("bot/care", "bot/triage")
OUTSIDE = {
    "aiohttp", "httpx", "sqlalchemy", "alembic", "fastapi", "starlette", "telegram", "uvicorn", "asyncio", "socket",
    "subprocess",
    "requests", "rasa", "rasa_sdk",
}  # fmt: skip
LONGEST = 400  # lines of a module


def imports(file: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def modules(*folders: str) -> list[str]:
    found = [file for folder in folders for file in sorted((ROOT / folder).rglob("*.py"))]
    return [file.relative_to(ROOT).as_posix() for file in found]


def test_the_contracts_of_import_linter_are_kept():
    command = [Path(sys.executable).parent / "lint-imports", "--no-cache"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout
    assert " 0 broken" in result.stdout


@pytest.mark.parametrize("module", modules(*PURE))
def test_the_core_does_no_io_and_reads_no_clock(module: str):
    file = ROOT / module
    assert not {name.split(".")[0] for name in imports(file)} & OUTSIDE
    assert ".now(" not in file.read_text()
    assert ".today(" not in file.read_text()


@pytest.mark.parametrize("module", modules("actions"))
def test_actions_know_care_and_triage_and_nothing_else_of_ours(module: str):
    ours = {name for name in imports(ROOT / module) if name.split(".")[0] == "bot"}
    # How a process ends with the one that started it is nobody's domain.
    assert {".".join(name.split(".")[:2]) for name in ours} <= {"bot.care", "bot.triage", "bot.ending"}


@pytest.mark.parametrize("module", modules("bot/conversation", "bot/store", "bot/channels", "bot/console"))
def test_only_the_clock_tells_the_time(module: str):
    text = (ROOT / module).read_text()
    assert "datetime.now(" not in text
    assert "utcnow(" not in text
    assert "time.time(" not in text


@pytest.mark.parametrize("module", modules("bot", "actions"))
def test_no_module_is_longer_than_a_person_reads(module: str):
    limit = LONGEST if "migrations" not in module else 1000
    assert len((ROOT / module).read_text().splitlines()) <= limit


@pytest.mark.parametrize("module", modules("bot/triage"))
def test_the_screen_runs_on_rasa_s_python_too(module: str):
    ast.parse((ROOT / module).read_text(), feature_version=(3, 10))
    assert not imports(ROOT / module) & {"tomllib", "datetime.UTC"}
    assert "StrEnum" not in (ROOT / module).read_text()


def rings(node: ast.AST, *, writing: bool = False) -> Iterator[tuple[ast.Call, bool]]:
    """Every ring of the bell, and whether it is rung within a transaction that writes."""
    if isinstance(node, ast.With):
        writing = writing or any(re.search(r"\.(write|claims)\(\)", ast.unparse(item)) for item in node.items)
    if isinstance(node, ast.Call) and re.search(r"bell\.ring$", ast.unparse(node.func)):
        yield node, writing
    for child in ast.iter_child_nodes(node):
        yield from rings(child, writing=writing)


def test_the_bell_is_rung_after_the_commit_and_says_which_conversation_has_news():
    found = [(module, *ring) for module in modules("bot") for ring in rings(ast.parse((ROOT / module).read_text()))]
    assert len(found) > 20
    for module, ring, writing in found:
        assert ring.args, f"{module}:{ring.lineno} wakes the streams of all patients"
        assert not writing, f"{module}:{ring.lineno} calls before there is anything to see"
