"""The figures at /metrics."""

from dataclasses import replace

from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import SecretStr

from bot import metrics
from tests.house import House

TOKEN = "a token for the scraper"


def scraper(house: House, token: str) -> TestClient:
    settings = house.services.settings.model_copy(update={"metrics_token": SecretStr(token)})
    app = FastAPI()
    metrics.mount(app, replace(house.services, settings=settings))
    return TestClient(app)


async def test_what_waits_is_counted_and_no_word_of_a_patient_is_in_it(house: House) -> None:
    house.receive("there is yellow pus coming out marmalade")
    answer = scraper(house, TOKEN).get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert 'aftercare_open_cases{tier="urgent"} 1.0' in answer.text
    assert 'aftercare_patient_messages{handling="received"} 1.0' in answer.text
    assert "marmalade" not in answer.text


async def test_without_the_token_nothing_is_shown(house: House) -> None:
    assert scraper(house, TOKEN).get("/metrics").status_code == 401
    assert scraper(house, TOKEN).get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 401
    assert scraper(house, "").get("/metrics").status_code == 404
