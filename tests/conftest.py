"""Fixtures that the tests of the core share. A folder's own conftest may give another `house`."""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.databases import databases
from tests.doubles.rasa import RasaDouble
from tests.house import House, Shared

# A busy machine, or a library that loads its tables at the first example, is no failure.
settings.register_profile("aftercare", deadline=None)
settings.load_profile("aftercare")

# Folders and files whose tests go through HTTP, a served bot or processes: not for `make test-fast`.
INTEGRATION = {
    "backup",
    "commands",
    "console",
    "doctor",
    "faults",
    "telegram",
    "web",
    "test_answering",
    "test_asking_rasa",
    "test_commands_in_docs",
    "test_delivering",
    "test_logs",
}

# Folders whose tests start the real Rasa.
WITH_RASA = {"dialogues", "e2e", "evaluation", "faults", "scale", "stories", "understanding"}


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--postgresql`: the core's tests on PostgreSQL instead of SQLite."""
    parser.addoption("--postgresql", action="store_true", help="on the server of AFTERCARE_TEST_DATABASE_URL")
    parser.addoption("--api-examples", type=int, default=8, help="how often each of the API's calls is tried, each odd")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark tests by their folder; on PostgreSQL leave out what is about SQLite's files.

    What starts Rasa or a browser takes a core and more, so all of it runs on one worker, first, and everything else
    on the others; a file's tests stay together. In CI the former is tried once more where it fails: the report names
    it with an R.
    """
    if config.getoption("--postgresql"):
        items[:] = [item for item in items if not item.get_closest_marker("sqlite")]
    for item in items:
        if {item.path.parent.name, item.path.stem} & INTEGRATION:
            item.add_marker(pytest.mark.integration)
        item.add_marker(pytest.mark.xdist_group("heavy" if _is_heavy(item) else str(item.path)))
        if os.environ.get("CI") and _is_heavy(item):
            item.add_marker(pytest.mark.flaky(reruns=1))
    if config.getoption("dist", "no") == "loadgroup":
        items.sort(key=lambda item: not _is_heavy(item))


def _is_heavy(item: pytest.Item) -> bool:
    return item.path.parent.name in WITH_RASA or item.get_closest_marker("browser") is not None


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Iterator[Shared]:
    """Catalogue, clinic, wording and an empty database."""
    shared = Shared.prepare(tmp_path_factory.mktemp("shared"), databases(pytestconfig))
    yield shared
    shared.databases.close()


@pytest.fixture(scope="session")
def _rasa_server() -> Iterator[RasaDouble]:
    with RasaDouble() as server:
        yield server


@pytest.fixture
def rasa(_rasa_server: RasaDouble) -> RasaDouble:
    """Rasa's double, answering."""
    _rasa_server.reset()
    return _rasa_server


@pytest.fixture
async def house(shared: Shared, rasa: RasaDouble, tmp_path: Path) -> AsyncIterator[House]:
    """The bot's parts with Rasa's double behind them."""
    built = House.build(shared, tmp_path, rasa.url)
    yield built
    await built.close()
