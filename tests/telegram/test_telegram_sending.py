"""Replies: split, paced, retried, or given up for good."""

import asyncio
import time
from functools import partial

import pytest
from sqlalchemy import select

from bot.channels.telegram import channel, polling
from bot.channels.telegram.limits import PER_GROUP, Pace
from bot.channels.telegram.splitting import split, utf16_length
from bot.conversation.outbox import enqueue
from bot.store.tables import Author, CaseState, Conversation, Delivery, Patient, Role


async def test_a_long_reply_is_split_at_paragraphs(house, double):
    ana = double.patient(1)
    ana.sends("long")
    await double.until(lambda: len(ana.texts) == 2)
    assert all(text.startswith("Paragraph") for text in ana.texts)
    [message] = house.stored(Author.BOT)
    assert "".join("\n\n".join(ana.texts).split()) == "".join(message.text.split())


async def test_a_split_reply_goes_on_where_it_stopped(house, double):
    ana = double.patient(1)
    send, calls = house.sender._bot.send_message, []

    async def send_second_later(*args, **kwargs):
        calls.append(args)
        if len(calls) == 2:
            double.flood(1)
        return await send(*args, **kwargs)

    with house.sender._bot._unfrozen():
        house.sender._bot.send_message = send_second_later
    ana.sends("long")
    await double.until(lambda: len(ana.texts) == 2)
    await double.until(lambda: house.stored(Author.BOT)[0].delivery is Delivery.SENT)
    assert [text.split(".")[0] for text in ana.texts] == ["Paragraph 0", "Paragraph 5"]


async def test_a_flood_wait_is_honoured_and_stalls_no_other_chat(house, double):
    ana, ben = double.patient(1), double.patient(2)
    double.flood(retry_after=3, chat_id=1)
    ana.sends("hello")
    await double.until(lambda: len(double.calls("sendMessage")) == 1)
    refused = time.monotonic()
    ben.sends("hi")
    await double.until(lambda: ben.texts == ["heard: hi"])
    assert not ana.texts
    await double.until(lambda: ana.texts == ["heard: hello"])
    assert time.monotonic() - refused >= 2.9


async def test_a_failing_telegram_is_tried_again(house, double):
    double.fail("sendMessage", 502, times=1)
    ana = double.patient(1)
    ana.sends("hello")
    await double.until(lambda: ana.texts == ["heard: hello"])
    assert house.stored(Author.BOT)[0].attempts == 2


async def test_a_telegram_that_does_not_answer_in_time_is_asked_again_and_the_next_message_waits(
    services, run, double, monkeypatch
):
    monkeypatch.setattr(channel, "HTTPXRequest", partial(channel.HTTPXRequest, read_timeout=0.2))
    async with run(services) as house:
        ana = double.patient(1)
        double.stall("sendMessage", 1.0, taken=False)
        ana.sends("one")
        await double.until(lambda: double.calls("sendMessage"))
        ana.sends("two")
        await double.until(lambda: len(ana.texts) == 2)
        assert ana.texts == ["heard: one", "heard: two"]
        double.stall("sendMessage", 1.0, taken=True)  # it has the message, and nobody can know
        ana.sends("three")
        await double.until(lambda: house.stored(Author.BOT)[-1].delivery is Delivery.SENT)
        await double.until(lambda: len(ana.texts) == 4)
        assert ana.texts[2:] == ["heard: three"] * 2


async def test_polling_that_is_not_answered_in_time_goes_on(services, run, double, monkeypatch):
    monkeypatch.setattr(polling, "LONG_POLL", 0)
    monkeypatch.setattr(channel, "HTTPXRequest", partial(channel.HTTPXRequest, read_timeout=0.2))
    double.stall("getUpdates", 1.0, taken=True)
    ana = double.patient(1)
    ana.sends("hello")
    async with run(services):
        await double.until(lambda: ana.texts == ["heard: hello"])


async def test_a_blocked_patient_is_marked_and_the_message_given_up(house, double):
    ana = double.patient(1)
    house.brain.pause = 0.2
    ana.sends("hello")
    await double.until(lambda: house.brain.heard)
    ana.blocks()
    await double.until(lambda: [message.delivery for message in house.stored(Author.BOT)] == [Delivery.FAILED])
    assert _patient(house).blocked_at is not None
    ana.unblocks()
    ana.sends("hello again")
    await double.until(lambda: ana.texts == ["heard: hello again"])
    assert _patient(house).blocked_at is None


async def test_blocking_alone_is_noticed(house, double):
    ana = double.patient(1)
    ana.sends("hello")
    await double.until(lambda: ana.texts)
    ana.blocks()
    await double.until(lambda: _patient(house).blocked_at is not None)
    ana.unblocks()
    await double.until(lambda: _patient(house).blocked_at is None)


async def test_a_blocked_patient_is_not_written_to_and_a_seen_case_waits_again(house, double):
    ana = double.patient(1)
    ana.sends_sticker()
    await double.until(lambda: house.cases() and ana.texts)
    nurse = house.add_staff(email="n@clinic.example", name="Ana Silva", title="Nurse", role=Role.CLINICIAN)
    house.services.desk.acknowledge(nurse, house.cases()[0].id)
    ana.blocks()
    await double.until(lambda: house.cases()[0].state is CaseState.OPEN)
    calls = len(double.calls("sendMessage"))
    with house.services.store.write() as session:
        conversation = session.scalars(select(Conversation)).one()
        enqueue(session, house.services.clock.now(), conversation, Author.CLINICIAN, "hello?", staff_id=nurse.id)
    house.services.bell.ring()
    await double.until(lambda: house.stored(Author.CLINICIAN)[0].delivery is Delivery.FAILED)
    assert len(double.calls("sendMessage")) == calls
    assert "blocked" in (house.stored(Author.CLINICIAN)[0].failure or "")


async def test_a_chat_that_is_gone_is_a_permanent_failure(house, double):
    ana = double.patient(1)
    house.brain.pause = 0.2
    ana.sends("hello")
    await double.until(lambda: house.brain.heard)
    del double.state.chats[1]
    await double.until(lambda: [message.delivery for message in house.stored(Author.BOT)] == [Delivery.FAILED])
    assert _patient(house).blocked_at is None


async def test_the_bot_introduces_itself(house, double):
    await double.until(lambda: "es" in double.state.short_descriptions)
    state = double.state
    assert [command["command"] for command in state.commands[""]][:2] == ["today", "help"]
    assert "Not for emergencies" in state.short_descriptions[""]
    assert "Telegram's cloud" in state.descriptions[""]
    assert "No es para emergencias" in state.short_descriptions["es"]
    assert "nube de Telegram" in state.descriptions["es"]
    english, spanish = (dict(map(_command, state.commands[code])) for code in ("", "es"))
    assert {"start", "help", "settings", "today", "privacy", "stop", "delete"} == set(english) == set(spanish)
    assert not set(english.values()) & set(spanish.values())


async def test_pace_lets_other_chats_pass():
    pace = Pace(per_chat=1.0, overall=0.0)
    began = time.monotonic()
    await pace.turn(1)
    waiting = asyncio.create_task(pace.turn(1))
    await pace.turn(2)
    assert not waiting.done()
    await waiting
    assert time.monotonic() - began >= 0.99


async def test_pace_keeps_twenty_a_minute_in_a_group():
    pace = Pace(per_chat=0.0, overall=0.0, per_group=0.2)
    began = time.monotonic()
    for _ in range(3):
        await pace.turn(-100)
    assert time.monotonic() - began >= 0.39
    assert PER_GROUP == 60 / 20


async def test_pace_keeps_the_limit_over_all_chats():
    pace = Pace(per_chat=1.0, overall=0.02)
    began = time.monotonic()
    await asyncio.gather(*(pace.turn(chat) for chat in range(11)))
    assert time.monotonic() - began >= 0.19


@pytest.mark.parametrize(
    ("text", "limit", "parts"),
    [
        ("short", 10, ["short"]),
        ("", 10, []),
        ("one two\n\nthree four", 12, ["one two", "three four"]),
        ("one two\nthree four", 12, ["one two", "three four"]),
        ("One two. Three four.", 12, ["One two.", "Three four."]),
        ("one two three four", 12, ["one two", "three four"]),
        ("x" * 25, 10, ["x" * 10, "x" * 10, "x" * 5]),
        ("😀" * 7, 6, ["😀" * 3, "😀" * 3, "😀"]),
        ("aaaa👩\u200d⚕️b", 6, ["aaaa", "👩\u200d⚕️b"]),
        ("a\n\n" + "b" * 12, 10, ["a\n\n" + "b" * 7, "b" * 5]),
    ],
)
def test_split(text, limit, parts):
    found = split(text, limit)
    assert found == parts
    assert all(0 < utf16_length(part) <= limit for part in found)


def _command(command):
    return command["command"], command["description"]


def _patient(house):
    with house.services.store.read() as session:
        return session.scalars(select(Patient)).one()
