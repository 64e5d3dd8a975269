"""How Telegram fares: noticed, alarmed in time, and told with numbers; nothing of what waited there is dropped."""

import asyncio
import logging
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.channels.telegram import channel, health
from bot.channels.telegram.health import ALARM_AFTER, Health
from bot.clock import SetClock
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
