"""The outbox's way out: in order, again when the fault passes, loudly given up when it does not."""

import asyncio
import threading
from collections import defaultdict
from datetime import timedelta

import pytest
from sqlalchemy.exc import OperationalError

from bot.conversation.deliver import LEASE, MAX_ATTEMPTS, Deliverer, PermanentFailure, TransientFailure
from bot.store.tables import CaseState, Conversation, Delivery, Message
from bot.triage.tier import Tier
from tests.house import ENDLESS, URGENT, House, until


class Post:
    """A channel that keeps what it delivered, and fails as it is told."""

    def __init__(self) -> None:
        self.delivered: list[tuple[str, str]] = []
        self.tried: list[str] = []
        self.failures: dict[str, list[Exception]] = defaultdict(list)
        self.held: dict[str, asyncio.Event] = {}

    async def send(self, channel_key: str, message: Message) -> None:
        self.tried.append(message.text)
        if message.text in self.held:
            await self.held[message.text].wait()
        if self.failures[message.text]:
            raise self.failures[message.text].pop(0)
        self.delivered.append((channel_key, message.text))

    @property
    def texts(self) -> list[str]:
        return [text for _, text in self.delivered]


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def deliverer(house: House, post: Post) -> Deliverer:
    parts = house.services
    return Deliverer(parts.store, parts.clinic, parts.clock, parts.bell, {"telegram": post})


async def everything(house: House, deliverer: Deliverer, most: int = 100) -> None:
    """Deliver until nothing is due any more."""
    for _ in range(most):
        if not await deliverer.deliver_due():
            return
    raise AssertionError("it never ends")


async def test_messages_of_a_conversation_arrive_in_order(house: House, deliverer: Deliverer, post: Post):
    for number in range(4):
        house.send(f"ana {number}", "ana")
        house.send(f"ben {number}", "ben")
    await everything(house, deliverer)
    for key in ("ana", "ben"):
        assert [text for name, text in post.delivered if name == key] == [f"{key} {number}" for number in range(4)]
    assert {message.delivery for message in house.messages()} == {Delivery.SENT}


async def test_a_message_is_delivered_once_though_two_processes_try(house: House, deliverer: Deliverer, post: Post):
    parts = house.services
    other = Deliverer(parts.store, parts.clinic, parts.clock, parts.bell, {"telegram": post})
    for key in ("ana", "ben", "cat", "dan"):
        house.send(f"to {key}", key)
    await asyncio.gather(everything(house, deliverer), everything(house, other))
    assert sorted(post.texts) == ["to ana", "to ben", "to cat", "to dan"]


async def test_only_channels_that_are_sent_to_are_delivered(house: House, deliverer: Deliverer, post: Post):
    assert house.send("to the widget", channel="web").delivery is Delivery.SENT
    waiting = house.send("to a channel that is off", channel="sms")
    await everything(house, deliverer)
    assert post.tried == []
    assert house.message(waiting.id).delivery is Delivery.PENDING


async def test_a_fault_that_passes_is_tried_again_later_and_later(house: House, deliverer: Deliverer, post: Post):
    message = house.send("hello")
    post.failures["hello"] = [TransientFailure("502") for _ in range(3)]
    waits = []
    while not post.delivered:
        await everything(house, deliverer)
        due = house.message(message.id).next_attempt_at
        if not post.delivered:
            waits.append((due - house.clock.now()).total_seconds())
            house.clock.put(due - timedelta(milliseconds=1))
            assert await deliverer.deliver_due() == 0
            house.clock.put(due)
    assert waits == [2.0, 4.0, 8.0]
    row = house.message(message.id)
    assert (row.delivery, row.attempts, row.failure) == (Delivery.SENT, 4, None)


async def test_the_wait_the_other_side_asks_for_is_honoured(house: House, deliverer: Deliverer, post: Post):
    message = house.send("hello")
    post.failures["hello"] = [TransientFailure("429", retry_after=37.0)]
    await everything(house, deliverer)
    assert house.message(message.id).next_attempt_at == house.clock.now() + timedelta(seconds=37)
    house.clock.advance(timedelta(seconds=36.9))
    assert await deliverer.deliver_due() == 0
    house.clock.advance(timedelta(seconds=0.2))
    await everything(house, deliverer)
    assert post.texts == ["hello"]


async def test_the_next_message_waits_for_the_one_that_is_tried_again(house: House, deliverer: Deliverer, post: Post):
    house.send("first")
    house.send("second")
    post.failures["first"] = [TransientFailure("502")]
    await everything(house, deliverer)
    assert post.delivered == []
    house.clock.advance(timedelta(seconds=5))
    await everything(house, deliverer)
    assert post.texts == ["first", "second"]


async def test_a_message_is_given_up_after_so_many_attempts(house: House, deliverer: Deliverer, post: Post):
    message = house.send("hello")
    post.failures["hello"] = [TransientFailure("502")] * 99
    while house.message(message.id).delivery is Delivery.PENDING:
        await everything(house, deliverer)
        house.clock.advance(timedelta(minutes=11))
    assert len(post.tried) == MAX_ATTEMPTS
    assert house.message(message.id).failure == "502"


async def test_a_permanent_failure_is_marked_audited_and_the_next_message_goes_out(
    house: House, deliverer: Deliverer, post: Post, caplog: pytest.LogCaptureFixture
):
    first = house.send("my secret worry")
    house.send("second")
    post.failures["my secret worry"] = [PermanentFailure("chat not found")]
    await everything(house, deliverer)
    assert post.texts == ["second"]
    row = house.message(first.id)
    assert (row.delivery, row.failure) == (Delivery.FAILED, "chat not found")
    [failed] = [row for row in house.audit() if row.action == "delivery_failed"]
    assert failed.detail == {"message_id": first.id, "blocked": False}
    assert failed.case_id == house.case(first.conversation_id).id
    assert [event.data["delivery"] for event in house.events("delivery")] == ["failed", "sent"]
    assert "will not be delivered" in caplog.text
    assert "secret" not in caplog.text


@pytest.mark.parametrize("blocked", [True, False])
async def test_a_message_given_up_gives_staff_a_case(house: House, deliverer: Deliverer, post: Post, blocked: bool):
    message = house.send("hello")
    post.failures["hello"] = [PermanentFailure("403", blocked=blocked)]
    await everything(house, deliverer)
    case = house.case(message.conversation_id)
    assert (case.tier, case.reason, case.state) == (Tier.ROUTINE, "undelivered", CaseState.OPEN)


async def test_advice_that_did_not_arrive_puts_its_case_back_in_the_queue(
    house: House, deliverer: Deliverer, post: Post
):
    received = house.receive(URGENT, channel="telegram")
    case = house.case(received.conversation_id)
    house.services.desk.acknowledge(house.staff(), case.id)
    house.send("call us today")
    post.failures["call us today"] = [PermanentFailure("403")]
    await everything(house, deliverer)
    again = house.case(received.conversation_id)
    assert (again.id, again.tier, again.state, again.acknowledged_at) == (case.id, Tier.URGENT, CaseState.OPEN, None)
    assert [row.action for row in house.audit()][-2:] == ["case_reopened", "delivery_failed"]
    assert len(house.cases()) == 1


async def test_a_case_that_a_clinician_has_stays_with_them(house: House, deliverer: Deliverer, post: Post):
    received = house.receive("hello", channel="telegram")
    house.services.desk.take_over(house.staff(), received.conversation_id)
    house.send("a word")
    post.failures["a word"] = [PermanentFailure("403")]
    await everything(house, deliverer)
    assert house.case(received.conversation_id).state is CaseState.WITH_CLINICIAN


async def test_a_patient_who_blocked_us_is_marked(house: House, deliverer: Deliverer, post: Post):
    message = house.send("hello")
    post.failures["hello"] = [PermanentFailure("403", blocked=True)]
    await everything(house, deliverer)
    with house.store.read() as session:
        assert session.get_one(Conversation, message.conversation_id).patient.blocked_at == house.clock.now()


async def test_a_message_of_a_sender_that_died_is_taken_up_when_its_lease_ends(
    house: House, deliverer: Deliverer, post: Post
):
    house.send("hello")
    post.held["hello"] = asyncio.Event()
    dying = asyncio.create_task(deliverer.deliver_due())
    await until(lambda: post.tried)
    dying.cancel()
    await asyncio.gather(dying, return_exceptions=True)
    del post.held["hello"]
    assert await deliverer.deliver_due() == 0
    house.clock.advance(LEASE)
    await everything(house, deliverer)
    assert post.texts == ["hello"]


async def test_a_fault_of_ours_is_tried_again_and_stops_nobody(house: House, deliverer: Deliverer, post: Post):
    house.send("bad", "ana")
    house.send("good", "ben")
    post.failures["bad"] = [KeyError("a fault of ours")]
    await everything(house, deliverer)
    assert post.texts == ["good"]
    house.clock.advance(timedelta(seconds=5))
    await everything(house, deliverer)
    assert post.texts == ["good", "bad"]


async def test_one_slow_conversation_does_not_stall_another(house: House, deliverer: Deliverer, post: Post):
    post.held["slow"] = asyncio.Event()
    house.send("slow", "ana")
    running = asyncio.create_task(deliverer.run())
    await until(lambda: "slow" in post.tried)
    for number in range(3):
        house.send(f"ben {number}", "ben")
        house.services.bell.ring()
        await until(lambda number=number: f"ben {number}" in post.texts)
    assert "slow" not in post.texts
    post.held["slow"].set()
    await until(lambda: "slow" in post.texts)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert post.tried.count("slow") == 1


async def test_what_is_half_sent_is_finished_when_the_process_stops(house: House, deliverer: Deliverer, post: Post):
    post.held["hello"] = asyncio.Event()
    message = house.send("hello")
    running = asyncio.create_task(deliverer.run())
    await until(lambda: post.tried)
    running.cancel()
    await asyncio.sleep(0.02)
    post.held["hello"].set()
    await asyncio.gather(running, return_exceptions=True)
    assert house.message(message.id).delivery is Delivery.SENT


async def test_what_a_stop_finds_claimed_is_sent_and_waits_for_no_lease(
    house: House, deliverer: Deliverer, post: Post, monkeypatch: pytest.MonkeyPatch
):
    claim, begun, may_go_on = deliverer._claim, threading.Event(), threading.Event()

    def held_up():
        begun.set()
        may_go_on.wait(ENDLESS)
        return claim()

    monkeypatch.setattr(deliverer, "_claim", held_up)
    message = house.send("hello")
    running = asyncio.create_task(deliverer.run())
    await until(begun.is_set)
    running.cancel()
    may_go_on.set()
    await asyncio.gather(running, return_exceptions=True)
    assert house.message(message.id).delivery is Delivery.SENT


async def test_a_database_that_hiccups_does_not_end_the_outbox(
    house: House, deliverer: Deliverer, post: Post, monkeypatch: pytest.MonkeyPatch
):
    claim, tried = deliverer._claim, []

    def hiccup():
        tried.append(1)
        if len(tried) == 1:
            raise OperationalError("SELECT", {}, Exception("disk I/O error"))
        return claim()

    monkeypatch.setattr(deliverer, "_claim", hiccup)
    house.send("hello")
    running = asyncio.create_task(deliverer.run())
    await until(lambda: tried)
    house.services.bell.ring()
    await until(lambda: post.delivered)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
