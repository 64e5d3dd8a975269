import pytest

from bot.triage import Catalogue, Screen
from tests.triage.loaded import CATALOGUE, SCREEN


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return CATALOGUE


@pytest.fixture(scope="session")
def screen() -> Screen:
    return SCREEN
