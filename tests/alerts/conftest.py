"""A house with addresses that pages really go to, and the alerting of one process or of two."""

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.alerts.addresses import addresses_of
from bot.alerts.alerting import Alerting
from tests.doubles.pagers import WebPager
from tests.doubles.rasa import RasaDouble
from tests.house import House, Shared


@pytest.fixture(autouse=True)
def _local(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")


@pytest.fixture
def nurse() -> Iterator[WebPager]:
    """The address of the staff."""
    with WebPager() as pager:
        yield pager


@pytest.fixture
def backup() -> Iterator[WebPager]:
    """The address of the backup."""
    with WebPager() as pager:
        yield pager


@pytest.fixture
async def house(
    shared: Shared, rasa: RasaDouble, tmp_path: Path, nurse: WebPager, backup: WebPager
) -> AsyncIterator[House]:
    built = House.build(
        shared,
        tmp_path,
        rasa.url,
        alert_urls=nurse.url,
        alert_backup_urls=backup.url,
        public_url="https://chat.clinic.example",
    )
    yield built
    await built.close()


@pytest.fixture
def alerting(house: House) -> Alerting:
    """The alerting of one process."""
    return Alerting.of(house.services, addresses_of(house.services.settings))


@pytest.fixture
def build(house: House) -> Callable[..., Alerting]:
    """Another process's alerting, or one with other parts."""

    def make(*given: Any) -> Alerting:
        return Alerting.of(house.services, addresses_of(house.services.settings), *given)

    return make
