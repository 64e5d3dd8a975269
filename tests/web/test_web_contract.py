"""What others rely on: the OpenAPI document, CORS, the demo page's headers, and what the process says of itself."""

import asyncio
import shutil
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from bot.app import create_app
from bot.channels.web import routes
from bot.channels.web.site import DEMO_HEADERS
from tests.house import House, until
from tests.web.conftest import Visitor, enter, served


def test_openapi_describes_every_route_of_the_widget_and_nothing_else(client: TestClient):
    document = client.get("/api/v1/openapi.json").json()
    assert set(document["paths"]) == {
        "/api/v1/attachments/{attachment_id}",
        *(f"/api/v1/{name}" for name in ("widget", "conversations", "messages", "attachments", "deletion", "events")),
    }
    for path, verbs in document["paths"].items():
        for verb, operation in verbs.items():
            assert operation["summary"], (verb, path)
            assert operation["description"], (verb, path)


def test_no_page_of_generated_docs_is_open(client: TestClient):
    assert client.get("/docs").status_code == 404
    assert client.get("/redoc").status_code == 404


ORIGIN = "https://www.juniper-hair.example"


@pytest.fixture
def embedded(shared, rasa, tmp_path: Path) -> TestClient:
    house = House.build(shared, tmp_path, rasa.url, widget_origins=f"{ORIGIN}/, https://other.example")
    return TestClient(create_app(house.services))


def preflight(client: TestClient, origin: str):
    headers = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
    }
    return client.options("/api/v1/messages", headers=headers)


def test_a_site_on_the_list_may_embed_the_widget(embedded: TestClient):
    answer = preflight(embedded, ORIGIN)
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert "authorization" in answer.headers["access-control-allow-headers"].lower()
    assert "access-control-allow-credentials" not in answer.headers
    said = embedded.post("/api/v1/messages", headers={"Origin": ORIGIN}, content=b"x" * 99_999)
    assert (said.status_code, said.headers["access-control-allow-origin"]) == (413, ORIGIN)


@pytest.mark.parametrize("origin", ["https://evil.example", "null", f"{ORIGIN}.evil.example", "http://localhost:8000"])
def test_no_other_site_may(embedded: TestClient, origin: str):
    assert "access-control-allow-origin" not in preflight(embedded, origin).headers


def test_a_fault_of_ours_is_an_answer_there_too(embedded: TestClient, monkeypatch: pytest.MonkeyPatch):
    def broken(*_given: object, **_named: object) -> None:
        raise RuntimeError

    visitor = enter(TestClient(embedded.app, raise_server_exceptions=False))
    monkeypatch.setattr(routes, "_receive", broken)
    visitor.client.headers["Origin"] = ORIGIN
    answer = visitor.say("hello")
    assert answer.headers["access-control-allow-origin"] == ORIGIN, "else a browser says that the network is gone"
    assert answer.status_code == 503
    assert answer.json()["error"]["code"] == "unavailable"
    assert "retry-after" not in answer.headers, "the widget would ask for ever"
    with pytest.raises(RuntimeError):  # whoever logs faults hears of it
        enter(embedded).say("hello")


def test_without_a_list_only_our_own_pages_use_the_api(client: TestClient):
    assert "access-control-allow-origin" not in preflight(client, ORIGIN).headers


def test_the_demo_page_allows_only_what_is_ours(client: TestClient):
    page = client.get("/")
    assert page.status_code == 200
    for name, value in DEMO_HEADERS.items():
        assert page.headers[name] == value
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "<script>" not in page.text
    assert " style=" not in page.text
    assert "onclick" not in page.text


def test_the_demo_page_shows_the_clinic_s_own_numbers(house: House, client: TestClient):
    page = client.get("/").text
    assert house.shared.clinic.contacts.phone in page
    assert f'data-emergency="{house.shared.clinic.contacts.emergency_number}"' in page
    assert house.shared.clinic.name in page


def test_the_widget_s_files_are_served(client: TestClient):
    script = client.get("/widget/aftercare-widget.js")
    assert script.status_code == 200
    assert "javascript" in script.headers["content-type"]
    assert client.get("/widget/../routes.py").status_code == 404
    assert client.get("/widget/%2e%2e/routes.py").status_code == 404


def test_patients_photos_are_not_served(house: House, visitor: Visitor):
    visitor.photo()
    [file] = house.services.settings.uploads.iterdir()
    for path in (f"/uploads/{file.name}", f"/widget/{file.name}", f"/widget/../../../../var/uploads/{file.name}"):
        assert visitor.client.get(path).status_code == 404


def test_the_process_says_that_it_is_up(client: TestClient):
    assert client.get("/healthz").json() == {"status": "up"}


async def test_ready_names_the_parts_that_do_not_answer(house: House, rasa):
    async with served(house) as on:
        parts = (await on.client.get("/readyz")).json()
        loops = "wire worker outbox silence follow_ups takeovers snoozes alerts retention wishes"
        running = dict.fromkeys(loops.split(), True)
        assert parts == {**running, "database": True, "rasa": True, "actions": False}
        rasa.mode = "500"
        answer = await on.client.get("/readyz")
        assert (answer.status_code, answer.json()["rasa"]) == (503, False)


async def test_it_is_ready_when_everything_answers(shared, rasa, tmp_path: Path):
    house = House.build(shared, tmp_path, rasa.url, actions_url=rasa.url)
    async with served(house) as on:
        answer = await on.client.get("/readyz")
    assert (answer.status_code, set(answer.json().values())) == (200, {True})


@pytest.mark.sqlite
async def test_a_database_that_is_gone_makes_the_process_unready(house: House, rasa):
    async with served(house) as on:
        house.store.engine.dispose()
        shutil.rmtree(house.services.settings.data_dir)
        answer = await on.client.get("/readyz")
    assert (answer.status_code, answer.json()["database"]) == (503, False)


@pytest.mark.parametrize("part", ["worker", "outbox", "silence", "follow_ups"])
async def test_background_work_that_ends_is_noticed(
    house: House, rasa, part: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    async def ends(*_):
        await asyncio.sleep(0)
        raise RuntimeError("a fault of ours")

    owners = {
        "worker": "conversation.worker.Worker",
        "outbox": "conversation.deliver.Deliverer",
        "silence": "conversation.silence.Silence",
        "follow_ups": "followup.follow_ups.FollowUps",
    }
    monkeypatch.setattr(f"bot.{owners[part]}.run", ends)
    async with served(house) as on:
        await until(lambda: on.app.state.background[part].done())
        answer = await on.client.get("/readyz")
    assert (answer.status_code, answer.json()[part]) == (503, False)
    [record] = [record for record in caplog.records if record.levelname == "CRITICAL"]
    assert part in record.getMessage()


async def test_stopping_the_process_is_no_alarm(house: House, rasa, caplog: pytest.LogCaptureFixture):
    async with served(house):
        pass
    assert not [record for record in caplog.records if record.levelname == "CRITICAL"]
