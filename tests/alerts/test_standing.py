"""Paging that fails is seen: on every page of the console, and in the figures."""

from dataclasses import replace

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import SecretStr

from bot import metrics
from bot.console.console import environment
from bot.console.counts import counts
from bot.store.tables import Role
from tests.house import EMERGENCY


@pytest.fixture
async def failing(house, alerting, nurse):
    """A house whose staff cannot be paged about an emergency."""
    nurse.refuse = 1000
    house.receive(EMERGENCY)
    await alerting.look()
    return house


async def test_the_console_says_so_beside_its_tabs(failing):
    staff = failing.staff(role=Role.ADMIN)
    with failing.store.read() as session:
        numbers = counts(session, staff)
    [words] = numbers.paging
    assert words.startswith("Pages about 1 case do not get out.")
    source, _, _ = environment().loader.get_source(environment(), "parts/nav.html")
    assert "counts.paging" in source


async def test_the_figures_say_so(failing):
    settings = failing.services.settings.model_copy(update={"metrics_token": SecretStr("token")})
    app = FastAPI()
    metrics.mount(app, replace(failing.services, settings=settings))
    told = TestClient(app).get("/metrics", headers={"Authorization": "Bearer token"}).text
    assert 'aftercare_alerts{standing="unpaged"} 1.0' in told
    assert 'aftercare_pages{state="planned"} 6.0' in told
    assert "aftercare_telegram_away 0.0" in told
