"""A database without room or without a free moment: an honest answer, nothing half stored, and on by itself after."""

import asyncio
import logging
from datetime import timedelta

import pytest

from bot.channels.web.errors import CATALOGUE
from bot.console.app import AWAY as CONSOLE_AWAY
from bot.console.sessions import cookie_name, start_session
from bot.store.tables import Handling
from tests.doubles.rasa import RasaDouble, said
from tests.faults.conftest import Fault, full_disk, locked
from tests.house import HARMLESS, URGENT, House, until
from tests.web.conftest import PNG, served

pytestmark = pytest.mark.sqlite
FAULTS = pytest.mark.parametrize("fault", [full_disk, locked], ids=["full", "locked"])
LONG = f"{URGENT} {'and it is all over my head. ' * 140}"  # more than what is free in the pages that are there


async def opened(client) -> dict[str, str]:
    answer = (await client.post("/api/v1/conversations")).json()
    return {"Authorization": f"Bearer {answer['token']}"}


async def say(client, headers, text: str, client_id: str = "message-0001"):
    body = {"client_message_id": client_id, "text": text}
    return await client.post("/api/v1/messages", json=body, headers=headers)


async def photo(client, headers, text: str):
    files, data = {"file": ("a.png", PNG, "image/png")}, {"client_message_id": "photo-0001", "text": text}
    return await client.post("/api/v1/attachments", files=files, data=data, headers=headers)


@FAULTS
async def test_nothing_is_half_stored_and_the_same_message_is_taken_once_there_is_room(
    house: House, fault: Fault, caplog: pytest.LogCaptureFixture
):
    async with served(house) as on:
        headers = await opened(on.client)
        with fault(house):
            for answer in (await say(on.client, headers, LONG), await photo(on.client, headers, LONG)):
                assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
                assert answer.json()["error"]["next"] == CATALOGUE["unavailable"]["next"]
        assert house.messages() == []
        assert house.cases() == []
        assert list(house.services.settings.uploads.iterdir()) == []
        [*_, record] = [one for one in caplog.records if "cannot be served" in one.getMessage()]
        assert record.levelno == logging.ERROR
        assert "full" in record.getMessage() or "locked" in record.getMessage()
        assert "pus" not in caplog.text
        for _ in range(2):  # the widget tries again, and once more for an answer that got lost
            assert (await say(on.client, headers, LONG)).status_code == 202
        await until(lambda: len(house.replies()) == 1)
        assert (await on.client.get("/readyz")).status_code == 200
    [message, _] = house.messages()
    assert message.handling is Handling.HANDLED
    assert len(house.cases()) == 1


async def test_staff_read_what_happened_on_a_page_and_can_try_again(house: House):
    ana = house.staff("Ana Silva", title="Nurse")
    async with served(house) as on:
        started = start_session(on.app.state.console, ana)
        on.client.cookies.set(cookie_name(house.services.settings), started.token)
        house.clock.advance(timedelta(minutes=2))  # so that what she does is worth a note of its own
        with locked(house):
            asked = await on.client.get("/console/search?find=pus&page=2")
            assert (asked.status_code, asked.headers["retry-after"]) == (503, "5")
            assert asked.headers["content-type"].startswith("text/html")
            assert "Nothing that was saved is lost" in asked.text
            assert 'href="/console/search?find=pus&amp;page=2">Retry<' in asked.text
            sent = await on.client.post("/console/sign-out", data={"csrf": started.csrf})
            assert sent.status_code == 503
            assert "Go back in your browser, where it still stands" in sent.text
            script = {"HX-Request": "true", "X-CSRF-Token": started.csrf}
            by_script = await on.client.post("/console/sign-out", data={"x": ""}, headers=script)
            assert (by_script.status_code, by_script.json()["error"]) == (503, CONSOLE_AWAY)
        assert (await on.client.get("/console")).status_code == 200
        nowhere = await on.client.get("/console/sessions/no-number")
        assert (nowhere.status_code, "nothing at this address" in nowhere.text) == (404, True)
        assert nowhere.headers["content-type"].startswith("text/html")


@FAULTS
async def test_an_answer_that_cannot_be_written_is_written_once_there_is_room(
    house: House, rasa: RasaDouble, fault: Fault, caplog: pytest.LogCaptureFixture
):
    rasa.mode, rasa.pause = "slow", 0.2
    rasa.answers[HARMLESS] = said(LONG)
    async with served(house):
        received = await asyncio.to_thread(house.receive, HARMLESS)
        await until(lambda: rasa.heard)
        with fault(house):
            await until(lambda: "answering conversation" in caplog.text)
            assert house.message(received.message_id).handling is Handling.RECEIVED
            assert house.replies() == []
        await until(lambda: house.replies())
    assert house.replies() == [LONG]
    assert house.message(received.message_id).handling is Handling.HANDLED
