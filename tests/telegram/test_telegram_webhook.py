"""The webhook: guarded by its secret, 200 only after the commit, and nothing it is sent can jam it."""

from dataclasses import replace

import httpx
import pytest
from sqlalchemy.exc import OperationalError

from bot.channels.telegram.channel import webhook_secret
from bot.channels.telegram.webhook import HEADER, PATH
from bot.store.tables import Handling


@pytest.fixture
async def unserved(services, run):
    """A bot in webhook mode that nothing but the test can reach."""
    settings = services.settings.model_copy(update={"telegram_mode": "webhook", "public_url": "https://bot.example"})
    async with run(replace(services, settings=settings)) as it:
        yield it


@pytest.fixture
async def caller(unserved):
    transport = httpx.ASGITransport(unserved.app)
    headers = {HEADER: webhook_secret(unserved.services.settings)}
    async with httpx.AsyncClient(transport=transport, base_url="http://bot", headers=headers) as client:
        yield client


async def test_messages_come_in_by_webhook(webhook_house, double):
    ana = double.patient(1)
    for word in ("one", "two", "three"):
        ana.sends(word)
    await double.until(lambda: ana.texts == ["heard: one", "heard: two", "heard: three"])
    assert not double.unconfirmed
    [call] = double.calls("setWebhook")
    assert call.params["secret_token"] == webhook_secret(webhook_house.services.settings)


async def test_a_failing_database_makes_telegram_deliver_again(webhook_house, double, monkeypatch):
    receive, broken = webhook_house.services.reception.receive, [True, True]

    def failing(inbound):
        if broken:
            broken.pop()
            raise OperationalError("INSERT", {}, Exception("disk"))
        return receive(inbound)

    monkeypatch.setattr(webhook_house.services.reception, "receive", failing)
    ana = double.patient(1)
    ana.sends("do not lose me")
    await double.until(lambda: ana.texts == ["heard: do not lose me"])
    assert double.state.webhook.last_error.endswith("500")


async def test_updates_that_come_again_or_in_another_order_are_each_taken_once(caller, unserved, double):
    ana = double.patient(1)
    ana.sends("one")
    ana.sends("two")
    one, two = (update for _, update in double.state.pending)
    for update in (two, one, two, one):  # after a webhook that failed Telegram posts what it has left in any order
        assert (await caller.post(PATH, json=update)).status_code == 200
    await double.until(lambda: ana.texts == ["heard: two", "heard: one"])
    assert [message.text for message in unserved.from_patient()] == ["two", "one"]
    assert {message.handling for message in unserved.from_patient()} == {Handling.HANDLED}


async def test_a_flood_while_setting_the_webhook_is_waited_out(services, run, double, unused_tcp_port):
    double.flood(1, method="setWebhook")
    url = f"http://127.0.0.1:{unused_tcp_port}"
    update = {"telegram_mode": "webhook", "public_url": url, "port": unused_tcp_port}
    async with run(replace(services, settings=services.settings.model_copy(update=update))):
        ana = double.patient(1)
        ana.sends("hello")
        await double.until(lambda: ana.texts == ["heard: hello"])


async def test_a_wrong_secret_is_refused(caller):
    for given in ("", "wrong", "wröng".encode()):
        response = await caller.post(PATH, json={"update_id": 1}, headers={HEADER: given})
        assert response.status_code == 403
        response = await caller.post(PATH, content=b"no matter what", headers={HEADER: given})
        assert response.status_code == 403


async def test_what_is_no_update_is_400(caller):
    for body in (b"", b"{", b"[]", b'"text"', b"{}", b'{"update_id": "1"}', b'{"update_id": true}', b"[" * 100_000):
        assert (await caller.post(PATH, content=body)).status_code == 400, body[:20]


async def test_what_we_do_not_know_is_taken_with_200(caller, unserved):
    channel = {"id": -1, "type": "channel", "title": "t"}
    for kind in (
        {"poll": {"id": "1"}},
        {"telepathy": {"thought": "hm"}},
        {"message": {"this": "cannot be read"}},
        {"message": None},
        {"channel_post": {"message_id": 1, "date": 1, "chat": channel, "text": "x"}},
        {},
    ):
        assert (await caller.post(PATH, json={"update_id": 1, **kind})).status_code == 200, kind
    assert not unserved.from_patient()


async def test_a_body_beyond_reason_is_413(caller):
    assert (await caller.post(PATH, content=b" " * (1024 * 1024 + 1))).status_code == 413


async def test_polling_has_no_webhook_route(house):
    async with httpx.AsyncClient(transport=httpx.ASGITransport(house.app), base_url="http://bot") as client:
        assert (await client.post(PATH, json={"update_id": 1})).status_code == 404
