"""Somebody of whom much is known."""

import pytest

from tests.house import House
from tests.privacy.person import Known, make


@pytest.fixture
def known(house: House) -> Known:
    return make(house)
