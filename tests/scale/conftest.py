"""Starts two bots, nginx, and a database of their own once for this folder."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import postgresql, redis_url
from tests.doubles.bot_api import TelegramDouble
from tests.doubles.rasa import RasaDouble
from tests.scale.pair import BOTS, Pair

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.e2e)


def _need_nginx() -> None:
    if shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin"):
        return
    mend = "this test needs nginx: apt-get install nginx-light"
    if os.environ.get("CI"):
        pytest.fail(mend, pytrace=False)
    pytest.skip(mend)


@pytest.fixture(scope="session")
def telegram() -> Iterator[TelegramDouble]:
    """Telegram's double, which refuses a second bot that polls."""
    with TelegramDouble() as double:
        yield double


@pytest.fixture(scope="session")
def _running(tmp_path_factory: pytest.TempPathFactory, telegram: TelegramDouble) -> Iterator[Pair]:
    _need_nginx()
    server, redis = postgresql(), redis_url()
    folder = tmp_path_factory.mktemp("pair")
    (folder / "data").mkdir()
    with RasaDouble() as one, RasaDouble() as two:
        more = {"AFTERCARE_TELEGRAM_TOKEN": telegram.token, "AFTERCARE_TELEGRAM_API_BASE": telegram.base_url}
        pair = Pair(folder, server.new(folder), redis, {"one": one, "two": two}, more)
        try:
            pair.start(*BOTS)  # both migrate the empty database at the same moment
            pair.start_proxy()
            yield pair
        finally:
            pair.stop()
            server.close()


@pytest.fixture
def pair(_running: Pair) -> Iterator[Pair]:
    """Two bots that answer, whatever the test before did to them."""
    for rasa in _running.rasas.values():
        rasa.reset()
    missing = [name for name in BOTS if name not in _running.processes]
    if missing:
        _running.start(*missing)
    yield _running
    for name in BOTS:
        assert "Traceback" not in _running.log(name), _running.log(name)[-4000:]
