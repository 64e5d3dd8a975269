"""The machine's clock is put two hours forward or back: nothing comes twice, and nothing waits for the old hour."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.alerts.addresses import addresses_of
from bot.alerts.alerting import Alerting
from bot.care.treatment import Treatment
from bot.console.presence import Presence
from bot.conversation.deliver import Deliverer, TransientFailure
from bot.conversation.lease import OneAtATime
from bot.conversation.record import remember_treatment
from bot.conversation.reminders import set_wish
from bot.conversation.taking import LEASE
from bot.followup.follow_ups import FollowUps
from bot.store.tables import Conversation, Delivery, FollowUp, FollowUpState, Handling, Owner
from tests.doubles.pagers import WebPager
from tests.doubles.rasa import RasaDouble, said
from tests.house import EMERGENCY, HARMLESS, URGENT, House, Shared, until

TWO_HOURS = timedelta(hours=2)
BOTH_WAYS = pytest.mark.parametrize("jump", [TWO_HOURS, -TWO_HOURS], ids=["forward", "back"])
WAIT = timedelta(minutes=30)  # of clinic.yml, for an answer to the symptom check and for a clinician's reply
MOMENT = timedelta(seconds=1)


class Post:
    """A channel that fails once, and keeps what it sent."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.fails = 1

    async def send(self, _channel_key: str, message) -> None:
        if self.fails:
            self.fails -= 1
            raise TransientFailure("a gateway is away")
        self.sent.append(message.text)


@BOTH_WAYS
async def test_a_message_that_is_being_answered_is_answered_once(house: House, rasa: RasaDouble, jump: timedelta):
    received = house.receive(HARMLESS)
    rasa.mode, rasa.pause = "slow", 0.2
    answering = asyncio.create_task(house.services.worker.answer_waiting())
    await until(lambda: rasa.heard)
    house.clock.advance(jump)
    await asyncio.gather(answering, house.another_worker().answer_waiting())
    assert house.replies() == [f"heard: {HARMLESS}"]
    assert house.message(received.message_id).handling is Handling.HANDLED
    house.receive("and then?")
    await house.another_worker().answer_waiting()
    assert len(house.replies()) == 2


@BOTH_WAYS
async def test_a_message_of_a_worker_that_died_waits_no_longer_than_ever(house: House, jump: timedelta):
    received = house.receive(HARMLESS)
    with house.store.write() as session:
        row = session.get_one(Conversation, received.conversation_id)
        row.claimed_by, row.claimed_until = "a worker that died", house.clock.now() + LEASE
    house.clock.advance(jump)
    await house.services.worker.answer_waiting()
    assert len(house.replies()) == 1


def test_a_lease_that_another_bot_just_took_holds_though_its_clock_is_a_little_ahead(house: House):
    received = house.receive(HARMLESS)
    with house.store.write() as session:
        row = session.get_one(Conversation, received.conversation_id)
        row.claimed_by, row.claimed_until = "one", house.clock.now() + timedelta(seconds=5) + LEASE
    assert house.services.worker._waiting() == []


@BOTH_WAYS
async def test_work_of_one_bot_at_a_time_goes_over_to_the_other(house: House, jump: timedelta):
    one, other = (OneAtATime(house.store, house.clock, "telegram polling", name) for name in ("one", "other"))
    assert await one._held()
    assert not await other._held()
    house.clock.advance(jump)  # and `one` has died
    assert await other._held()
    assert not await one._held()


@BOTH_WAYS
async def test_the_outbox_goes_on_in_order_and_once(house: House, jump: timedelta):
    post = Post()
    deliverer = Deliverer(house.store, house.shared.clinic, house.clock, house.services.bell, {"telegram": post})
    for text in ("first", "second"):
        house.send(text)
    assert await deliverer.deliver_due() == 1
    assert post.sent == []
    house.clock.advance(jump)
    while await deliverer.deliver_due():
        pass
    assert post.sent == ["first", "second"]
    assert {message.delivery for message in house.messages()} == {Delivery.SENT}


@BOTH_WAYS
async def test_silence_after_a_check_is_seen_to_once_and_no_later_than_a_wait_from_now(
    house: House, rasa: RasaDouble, jump: timedelta
):
    rasa.answers[HARMLESS] = said("Any of these right now?", effects=({"effect": "check", "step": "asked"},))
    house.receive(HARMLESS)
    await house.services.worker.answer_waiting()
    house.clock.advance(jump)
    done = house.services.silence.speak_up()
    house.clock.advance(WAIT + MOMENT)
    done += house.services.silence.speak_up()
    house.clock.advance(WAIT + MOMENT)
    assert (done, house.services.silence.speak_up()) == (1, 0)
    assert [case.reason for case in house.cases()] == ["check_unanswered"]


@BOTH_WAYS
async def test_pages_go_on_at_their_distance_and_none_goes_out_twice(
    shared: Shared, rasa: RasaDouble, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jump: timedelta
):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with WebPager() as nurse, WebPager() as backup:
        house = House.build(shared, tmp_path, rasa.url, alert_urls=nurse.url, alert_backup_urls=backup.url)
        alerting = Alerting.of(house.services, addresses_of(house.services.settings))
        house.receive(EMERGENCY)
        await alerting.look()
        assert len(nurse.pages) == 1
        house.clock.advance(jump)
        await alerting.look()
        for _ in range(2):  # forward: what was overtaken is said once; back: again after three minutes, as ever
            house.clock.advance(timedelta(minutes=3))
            await alerting.look()
        assert backup.pages, "nobody acknowledged it, and the backup was not paged"
        house.clock.advance(timedelta(minutes=20))
        await alerting.look()
        told = [(page["title"], page["message"]) for page in nurse.pages]
        assert len(told) == len(set(told))
        await house.close()


@BOTH_WAYS
async def test_a_takeover_lapses_once_and_no_later_than_a_wait_from_now(house: House, jump: timedelta):
    ana = house.staff("Ana Silva", title="Nurse")
    thread = house.receive(URGENT).conversation_id
    house.services.desk.take_over(ana, thread)
    house.clock.advance(MOMENT)
    house.receive("are you there?")
    house.clock.advance(jump)
    done = house.services.takeovers.give_back()
    house.clock.advance(WAIT + MOMENT)
    done += house.services.takeovers.give_back()
    assert (done, house.services.takeovers.give_back()) == (1, 0)
    assert house.conversation(thread).owner is Owner.BOT


def test_a_clinician_has_the_whole_wait_again_once_the_clock_was_put_back(house: House):
    ana = house.staff("Ana Silva", title="Nurse")
    thread = house.receive(URGENT).conversation_id
    house.services.desk.take_over(ana, thread)
    house.clock.advance(-TWO_HOURS)
    house.services.takeovers.give_back()
    house.clock.advance(WAIT - MOMENT)
    assert house.services.takeovers.give_back() == 0
    assert house.conversation(thread).owner is Owner.CLINICIAN


@BOTH_WAYS
def test_a_snoozed_case_comes_back_once_when_the_clock_shows_its_time(house: House, jump: timedelta):
    ana = house.staff("Ana Silva", title="Nurse")
    thread = house.receive(URGENT).conversation_id
    until_then = house.clock.now() + timedelta(hours=1)
    house.services.case_work.snooze(ana, house.case(thread).id, until_then)
    house.clock.advance(jump)
    done = house.services.snoozes.wake_due()
    assert done == (1 if house.clock.now() >= until_then else 0)
    house.clock.put(max(house.clock.now(), until_then))
    done += house.services.snoozes.wake_due()
    assert (done, house.services.snoozes.wake_due()) == (1, 0)


@BOTH_WAYS
def test_nobody_stays_present_at_a_case_for_the_hours_of_a_jump(house: House, jump: timedelta):
    presence = Presence()
    presence.here("one", 1, "Ana Silva", house.clock.now(), typing=True)
    house.clock.advance(jump)
    assert presence.snapshot(house.clock.now()) == {}


@BOTH_WAYS
async def test_a_reminder_comes_once_whatever_the_clock_did_between(house: House, jump: timedelta):
    follow_ups, conversation_id = FollowUps.of(house.services), house.receive("hello").conversation_id
    await house.services.worker.answer_waiting()
    with house.store.write() as session:
        conversation = session.get_one(Conversation, conversation_id)
        ended = house.clock.now() - timedelta(hours=21)
        said_so = Treatment(ended, "said")
        remember_treatment(session, house.shared.clinic, house.clock.now(), conversation, said_so, "patient")
        set_wish(session, house.clock.now(), conversation, wanted=True)
    follow_ups.look()
    house.clock.put(rows(house)[0].due_at)
    before = len(house.replies())
    follow_ups.look()
    assert len(house.replies()) == before + 1
    house.clock.advance(jump)
    follow_ups.look()
    house.clock.advance(-jump)  # somebody puts it right again
    follow_ups.look()
    sent = [row for row in rows(house) if row.state is FollowUpState.SENT]
    assert len({row.kind for row in sent}) == len(sent)
    assert len(house.replies()) == before + len({row.message_id for row in sent})


def rows(house: House) -> list[FollowUp]:
    with house.store.read() as session:
        return list(session.scalars(select(FollowUp).order_by(FollowUp.due_at, FollowUp.id)))
