from pathlib import Path

import pytest

from bot.triage import Catalogue, Screen, load_catalogue

RED_FLAGS = Path(__file__).parents[2] / "data" / "red_flags"


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue(RED_FLAGS)


@pytest.fixture(scope="session")
def screen(catalogue: Catalogue) -> Screen:
    return Screen(catalogue)
