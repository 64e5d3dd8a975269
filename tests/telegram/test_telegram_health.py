"""How Telegram fares: noticed, alarmed in time, and told with numbers; nothing of what waited there is dropped."""

import asyncio
import logging
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.channels.telegram import channel, health
from bot.channels.telegram.health import ALARM_AFTER, Health, OwnWebhook
from bot.clock import SetClock
from bot.store.tables import Lease
from tests.house import TUESDAY_NOON


def test_an_outage_is_alarmed_once_and_long_before_updates_are_lost(caplog):
    clock = SetClock(TUESDAY_NOON)
    fares = Health(clock, "polling", clock.now())
    assert timedelta(hours=1) > ALARM_AFTER
    clock.advance(ALARM_AFTER)
    fares.failed("NetworkError")
    assert not fares.alarmed
    clock.advance(timedelta(minutes=1))
    for _ in range(3):
        fares.failed("NetworkError")
    assert fares.alarmed
    assert [record.levelno for record in caplog.records] == [logging.CRITICAL]
    fares.reached()
    assert (fares.alarmed, fares.last_error) == (False, "")


def test_only_a_bot_that_asks_and_had_an_answer_says_how_telegram_is():
    clock = SetClock(TUESDAY_NOON)
    fares = Health(clock, "polling", clock.now())
    assert fares.away() is None
    with fares.asking():
        fares.failed("NetworkError")
        assert fares.away() is None
        fares.reached()
        assert fares.away() is False
        clock.advance(ALARM_AFTER + timedelta(minutes=1))
        fares.failed("NetworkError")
        assert fares.away() is True
    assert (fares.away(), fares.alarmed, fares.last_error) == (None, False, "")


def test_a_bot_whose_turn_comes_late_counts_from_then():
    clock = SetClock(TUESDAY_NOON)
    fares = Health(clock, "polling", clock.now())
    clock.advance(timedelta(hours=9))
    with fares.asking():
        fares.failed("NetworkError")
        assert fares.away() is None


async def test_a_bot_that_waits_for_its_turn_does_not_say_how_telegram_is(services, run, double):
    with services.store.write() as session:
        until = services.clock.now() + timedelta(seconds=25)
        session.add(Lease(name="telegram polling", held_by="another", held_until=until))
    async with run(services) as house:
        fares = house.app.state.telegram
        await double.until(lambda: fares.username)
        assert double.calls("deleteWebhook")
        assert fares.away() is None
        assert not double.calls("getUpdates")


async def test_another_consumer_is_named_in_the_health(house, double):
    double.fail("getUpdates", 409, times=2)
    fares = house.app.state.telegram
    seen = []

    def noticed():
        seen.append(fares.last_error)
        return "Conflict" in seen

    double.patient(1).sends("hello")
    await double.until(noticed)
    await double.until(lambda: fares.last_error == "")


@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_waiting_updates_are_counted(mode, services, run, double, monkeypatch, unused_tcp_port):
    monkeypatch.setattr(health, "LOOK_EVERY", 0.05)
    async with run(_in(mode, services, unused_tcp_port)) as house:
        await double.until(lambda: house.app.state.telegram.pending == 0)


async def test_a_webhook_that_fails_is_in_the_health_with_what_telegram_says(services, double, monkeypatch):
    monkeypatch.setattr(health, "LOOK_EVERY", 0.05)
    clock = SetClock(TUESDAY_NOON)
    fares = Health(clock, "webhook", clock.now())
    async with channel.open_bot(services.settings) as bot:
        await bot.set_webhook("http://127.0.0.1:9/nowhere")
        double.patient(1).sends("hello")
        task = asyncio.create_task(health.watch(bot, fares))
        await double.until(lambda: fares.last_error.startswith("Connection failed"))
        assert fares.pending == 1
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@pytest.mark.parametrize("address", ["", "http://127.0.0.1:9/s3cret-path"])
async def test_a_webhook_that_was_taken_away_is_told_and_set_again(
    address, services, run, double, monkeypatch, unused_tcp_port, caplog
):
    monkeypatch.setattr(health, "LOOK_EVERY", 0.05)
    async with run(_in("webhook", services, unused_tcp_port)) as house:
        ana = double.patient(1)
        ana.sends("one")
        await double.until(lambda: ana.texts == ["heard: one"])
        async with channel.open_bot(services.settings) as other:
            await other.set_webhook(address)
        ana.sends("two")
        await double.until(lambda: ana.texts == ["heard: one", "heard: two"])
        fares = house.app.state.telegram
        await double.until(lambda: fares.last_error == "")
        assert fares.recent_error == ("another address has the webhook" if address else "the webhook is gone")
    told = [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]
    assert [line for line in told if fares.recent_error in line] == told
    assert len(told) == 1
    assert "s3cret-path" not in caplog.text
    assert services.settings.telegram_token.get_secret_value() not in caplog.text


async def test_copies_that_fight_over_the_webhook_are_told_once_and_alarmed(services, double, monkeypatch, caplog):
    monkeypatch.setattr(health, "LOOK_EVERY", 0.05)
    clock = SetClock(TUESDAY_NOON)
    fares = Health(clock, "webhook", clock.now())
    tries = []

    async def again():
        tries.append(clock.now())

    async with channel.open_bot(services.settings) as bot:
        await bot.set_webhook("http://127.0.0.1:9/theirs")
        ours = OwnWebhook("https://chat.clinic.example/telegram/webhook", again)
        task = asyncio.create_task(health.watch(bot, fares, ours))
        await double.until(lambda: len(tries) == 3)
        clock.advance(ALARM_AFTER + timedelta(minutes=1))
        await double.until(lambda: fares.away())
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert len([record for record in caplog.records if record.levelno == logging.ERROR]) == 1


async def test_an_address_that_telegram_writes_otherwise_is_still_ours(services, double, monkeypatch):
    monkeypatch.setattr(health, "LOOK_EVERY", 0.05)
    clock = SetClock(TUESDAY_NOON)
    fares = Health(clock, "webhook", clock.now())

    async def again():
        pytest.fail("it is set")

    async with channel.open_bot(services.settings) as bot:
        await bot.set_webhook("https://xn--clnica-4va.example/telegram/webhook")
        ours = OwnWebhook("https://Clínica.example:443/telegram/webhook", again)
        task = asyncio.create_task(health.watch(bot, fares, ours))
        await double.until(lambda: fares.away() is False)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_nothing_that_waited_is_dropped(mode, services, run, double, unused_tcp_port):
    ana = double.patient(1)
    ana.sends("written while we were away")
    async with run(_in(mode, services, unused_tcp_port)):
        await double.until(lambda: ana.texts == ["heard: written while we were away"])
    asked = [*double.calls("setWebhook"), *double.calls("deleteWebhook")]
    assert asked
    assert not any(str(call.params.get("drop_pending_updates", "")).lower() == "true" for call in asked)


def _in(mode, services, port):
    address = f"http://127.0.0.1:{port}" if mode == "webhook" else services.settings.public_url
    update = {"telegram_mode": mode, "public_url": address, "port": port}
    return replace(services, settings=services.settings.model_copy(update=update))
