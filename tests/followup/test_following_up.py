"""Follow-ups as patients get them: asked once, sent once and in time, and not where they no longer hold."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from bot.care.clinic_sections import Channels
from bot.care.reminders import wish_key
from bot.care.treatment import Treatment
from bot.conversation.deliver import Deliverer, TransientFailure
from bot.conversation.enrolment import SessionNote
from bot.conversation.inbound import Press
from bot.conversation.receive import conversation_of
from bot.conversation.record import remember_treatment
from bot.conversation.reminders import reminder_facts, set_wish
from bot.followup import follow_ups as module
from bot.followup.follow_ups import FollowUps
from bot.followup.sending import Sender
from bot.services import Services
from bot.store.database import Store
from bot.store.tables import Author, Conversation, Delivery, FollowUp, FollowUpState, Message, Reminders
from bot.triage.tier import Tier
from tests.doubles.rasa import RasaDouble, said
from tests.house import EMERGENCY, TUESDAY_NOON, URGENT, House, until

YESTERDAY_THREE = TUESDAY_NOON - timedelta(hours=21)  # 15:00 in London, where it is winter
NONE = {"tier": "none", "signs": [], "lowered": []}


@pytest.fixture
def follow_ups(house: House) -> FollowUps:
    return FollowUps.of(house.services)


async def treated(house: House, ended: datetime = YESTERDAY_THREE, channel: str = "web", key: str = "ana") -> str:
    """A conversation, answered, whose session is known. Out: its id."""
    received = house.receive("hello", key, channel)
    await house.services.worker.answer_waiting()
    tell(house, received.conversation_id, ended)
    return received.conversation_id


def tell(house: House, conversation_id: str, ended: datetime, certainty: str = "said") -> None:
    """The patient says when the session was."""
    with house.store.write() as session:
        conversation = session.get_one(Conversation, conversation_id)
        remember_treatment(
            session, house.shared.clinic, house.clock.now(), conversation, Treatment(ended, certainty), "patient"
        )


async def followed(house: House, follow_ups: FollowUps, ended: datetime = YESTERDAY_THREE, **given: str) -> str:
    """The same, and the patient wants reminders."""
    conversation_id = await treated(house, ended, **given)
    wish(house, conversation_id, wanted=True)
    follow_ups.look()
    return conversation_id


def wish(house: House, conversation_id: str, *, wanted: bool) -> None:
    with house.store.write() as session:
        set_wish(session, house.clock.now(), session.get_one(Conversation, conversation_id), wanted=wanted)


def rows(house: House, state: FollowUpState | None = None) -> list[FollowUp]:
    with house.store.read() as session:
        found = list(session.scalars(select(FollowUp).order_by(FollowUp.due_at, FollowUp.id)))
    return [row for row in found if state in (None, row.state)]


def kinds(house: House, state: FollowUpState) -> set[str]:
    return {row.kind for row in rows(house, state)}


def at(house: House, moment: datetime) -> None:
    house.clock.advance(moment - house.clock.now())


# ---- the offer ----


async def test_reminders_are_offered_once_in_a_pause(house: House, follow_ups: FollowUps):
    conversation_id = await treated(house)
    follow_ups.look()
    assert len(house.replies(conversation_id)) == 1  # the conversation is still warm
    house.clock.advance(timedelta(seconds=61))
    for _ in range(3):
        follow_ups.look()
        house.clock.advance(timedelta(hours=1))
    offers = [message for message in house.messages(conversation_id, Author.BOT) if message.buttons]
    assert [button["title"] for button in offers[0].buttons] == ["Yes, remind me", "No thanks"]
    assert len(offers) == 1
    assert house.conversation(conversation_id).reminders is Reminders.ASKED
    assert rows(house) == []


@pytest.mark.parametrize(("index", "wish"), [(0, Reminders.ON), (1, Reminders.OFF)])
async def test_the_offers_buttons_work_without_rasa(
    house: House, follow_ups: FollowUps, rasa: RasaDouble, index: int, wish: Reminders
):
    conversation_id = await treated(house)
    house.clock.advance(timedelta(seconds=61))
    follow_ups.look()
    rasa.mode = "500"
    offer = house.messages(conversation_id, Author.BOT)[-1]
    house.receive(press=Press(offer.id, index))
    assert house.conversation(conversation_id).reminders is wish
    assert len(house.replies(conversation_id)) == 3
    follow_ups.look()
    assert bool(rows(house)) == (wish is Reminders.ON)


async def test_the_offer_waits_for_what_is_open(house: House, follow_ups: FollowUps, rasa: RasaDouble):
    conversation_id = await treated(house)
    house.clock.advance(timedelta(minutes=1))
    house.receive("still there?")
    assert follow_ups.offerer.offer() == 0  # the patient waits for an answer
    rasa.answers["bit tender"] = said("Any of these?", effects=({"effect": "check", "step": "asked"},), triage=NONE)
    house.receive("bit tender")
    await house.services.worker.answer_waiting()
    house.clock.advance(timedelta(minutes=1))
    assert follow_ups.offerer.offer() == 0  # we wait for theirs
    received = house.receive(URGENT)
    rasa.answers[URGENT] = said("Call.", triage=house.message(received.message_id).verdict)
    await house.services.worker.answer_waiting()
    house.clock.advance(timedelta(minutes=1))
    assert follow_ups.offerer.offer() == 0
    assert house.conversation(conversation_id).reminders is None


async def test_nothing_is_offered_at_night_after_the_last_or_where_the_clinic_does_not(
    house: House, follow_ups: FollowUps
):
    await treated(house)
    silent = house.shared.clinic.follow_up.model_copy(update={"offer": False})
    clinic = house.shared.clinic.model_copy(update={"follow_up": silent})
    house.clock.advance(timedelta(minutes=1))
    assert replace(follow_ups.offerer, clinic=clinic).offer() == 0
    at(house, TUESDAY_NOON + timedelta(hours=10))
    assert follow_ups.offerer.offer() == 0
    at(house, TUESDAY_NOON + timedelta(days=8))
    assert follow_ups.offerer.offer() == 0


async def test_of_two_bots_one_offers(house: House, follow_ups: FollowUps, monkeypatch: pytest.MonkeyPatch):
    conversation_id = await treated(house)
    house.clock.advance(timedelta(minutes=1))
    seen = follow_ups.offerer._unasked()
    monkeypatch.setattr(type(follow_ups.offerer), "_unasked", lambda _self: seen)
    assert follow_ups.offerer.offer() + follow_ups.offerer.offer() == 1
    assert len(house.replies(conversation_id)) == 2


async def test_the_first_word_after_the_offer_may_answer_it_and_no_other(house: House, follow_ups: FollowUps):
    conversation_id = await treated(house)
    house.clock.advance(timedelta(minutes=1))
    follow_ups.look()
    first, second = house.receive("yes please"), house.receive("yes")
    with house.store.read() as session:
        conversation = session.get_one(Conversation, conversation_id)
        told = [
            reminder_facts(session, conversation, session.get_one(Message, one.message_id)) for one in (first, second)
        ]
    assert told == [{"reminders": "asked"}, {"reminders": None}]


# ---- planned and sent ----


async def test_what_is_due_together_is_one_message_in_the_plans_words(house: House, follow_ups: FollowUps):
    conversation_id = await followed(house, follow_ups)
    assert len(rows(house, FollowUpState.PLANNED)) == 5  # day 1 at ten was over when they agreed
    at(house, YESTERDAY_THREE + timedelta(hours=24, seconds=-1))
    assert follow_ups.look() == 0
    house.clock.advance(timedelta(seconds=1))
    assert follow_ups.look() == 1
    told = house.replies(conversation_id)[-1]
    for part in ("first wash", "minoxidil", "Sunscreen", "Only if your scalp is calm", "stop reminders"):
        assert part in told
    for _ in range(20):
        house.clock.advance(timedelta(hours=1))
        assert follow_ups.look() == 0
    assert kinds(house, FollowUpState.SENT) == {"washing", "minoxidil", "sunscreen"}


async def test_check_ins_come_on_their_days_with_buttons(house: House, follow_ups: FollowUps):
    conversation_id = await followed(house, follow_ups)
    for _ in range(9 * 24):
        house.clock.advance(timedelta(hours=1))
        follow_ups.look()
    asked = [message for message in house.messages(conversation_id, Author.BOT) if "How is your scalp" in message.text]
    assert [message.created_at for message in asked] == [
        datetime(2026, 11, 19, 10, tzinfo=TUESDAY_NOON.tzinfo),
        datetime(2026, 11, 23, 10, tzinfo=TUESDAY_NOON.tzinfo),
    ]
    assert [button["title"] for button in asked[0].buttons] == ["All calm", "A bit worried", "It's getting worse"]
    assert "day 3" in asked[0].text
    assert "day 7" in asked[1].text
    assert len(house.replies(conversation_id)) == 4  # hello, the reminders, two check-ins


@pytest.mark.parametrize("mode", ["answers", "500"])
async def test_getting_worse_is_urgent_with_or_without_rasa(
    house: House, follow_ups: FollowUps, rasa: RasaDouble, mode: str
):
    conversation_id = await followed(house, follow_ups)
    at(house, datetime(2026, 11, 19, 10, tzinfo=TUESDAY_NOON.tzinfo))
    follow_ups.look()
    rasa.mode = mode
    asked = house.messages(conversation_id, Author.BOT)[-1]
    house.receive(press=Press(asked.id, 2))
    [case] = house.cases()
    assert (case.tier, case.reason) == (Tier.URGENT, "red_flag")
    at(house, datetime(2026, 11, 23, 10, tzinfo=TUESDAY_NOON.tzinfo))
    await house.services.worker.answer_waiting()
    follow_ups.look()
    assert {row.reason for row in rows(house, FollowUpState.DROPPED)} == {"case"}


async def test_telegram_gets_them_through_the_outbox(house: House, follow_ups: FollowUps):
    conversation_id = await followed(house, follow_ups, channel="telegram")
    at(house, YESTERDAY_THREE + timedelta(hours=24))
    follow_ups.look()
    assert house.messages(conversation_id, Author.BOT)[-1].delivery is Delivery.PENDING


# ---- once, in time, after anything ----


async def test_of_two_bots_one_sends_and_a_restart_forgets_nothing(
    house: House, follow_ups: FollowUps, monkeypatch: pytest.MonkeyPatch
):
    conversation_id = await followed(house, follow_ups)
    at(house, YESTERDAY_THREE + timedelta(hours=24))
    store = Store(house.store.url, house.store.keys)
    other = replace(follow_ups.sender, store=store)
    seen = other._due()  # both have looked before either claims
    monkeypatch.setattr(Sender, "_due", lambda _self: seen)
    assert follow_ups.sender.send_due() + other.send_due() == 1
    store.close()
    assert len(house.replies(conversation_id)) == 2
    assert all(row.claimed_at == house.clock.now() for row in rows(house, FollowUpState.SENT))


async def test_what_is_too_late_is_missed_and_what_can_still_come_comes(house: House, follow_ups: FollowUps):
    conversation_id = await followed(house, follow_ups)
    at(house, YESTERDAY_THREE + timedelta(hours=24 + 12, seconds=1))  # the bot was down
    follow_ups.look()
    assert kinds(house, FollowUpState.MISSED) == {"washing", "minoxidil", "sunscreen"}
    assert len(house.replies(conversation_id)) == 1
    at(house, datetime(2026, 11, 19, 15, tzinfo=TUESDAY_NOON.tzinfo))
    follow_ups.look()
    assert kinds(house, FollowUpState.SENT) == {"check_in_3"}


async def test_a_late_start_at_night_waits_for_the_morning(house: House, follow_ups: FollowUps):
    conversation_id = await followed(house, follow_ups, TUESDAY_NOON - timedelta(hours=16))  # 20:00: due at 20:00
    at(house, TUESDAY_NOON + timedelta(hours=9, minutes=30))
    assert follow_ups.look() == 0
    at(house, TUESDAY_NOON + timedelta(hours=20) - timedelta(seconds=1))
    assert follow_ups.look() == 0
    house.clock.advance(timedelta(seconds=1))  # eight in the morning, at the end of the window
    assert follow_ups.look() == 1
    assert len(house.replies(conversation_id)) == 2


def _case(house: House, key: str) -> None:
    house.receive(EMERGENCY)


def _takes_over(house: House, key: str) -> None:
    house.services.desk.take_over(house.staff(), key)


def _stops(house: House, key: str) -> None:
    wish(house, key, wanted=False)


def _blocks(house: House, key: str) -> None:
    with house.store.write() as session:
        session.get_one(Conversation, key).patient.blocked_at = house.clock.now()


@pytest.mark.parametrize(
    ("happens", "reason"), [(_case, "case"), (_takes_over, "clinician"), (_stops, "stopped"), (_blocks, "blocked")]
)
async def test_nothing_is_sent_any_more_after(
    house: House, follow_ups: FollowUps, happens: Callable[[House, str], None], reason: str
):
    conversation_id = await followed(house, follow_ups)
    happens(house, conversation_id)
    before = len(house.replies(conversation_id))
    at(house, YESTERDAY_THREE + timedelta(hours=24))
    follow_ups.sender.send_due()
    assert {row.reason for row in rows(house, FollowUpState.DROPPED) if row.due_at <= house.clock.now()} == {reason}
    assert len(house.replies(conversation_id)) == before


async def test_a_corrected_session_moves_what_is_to_come(house: House, follow_ups: FollowUps):
    conversation_id = await followed(house, follow_ups)
    tell(house, conversation_id, YESTERDAY_THREE + timedelta(hours=3))
    at(house, YESTERDAY_THREE + timedelta(hours=24))
    assert follow_ups.sender.send_due() == 0  # seen at the moment of sending, before anybody planned anew
    follow_ups.look()
    assert {row.reason for row in rows(house, FollowUpState.DROPPED)} == {"rescheduled"}
    at(house, YESTERDAY_THREE + timedelta(hours=27))
    assert follow_ups.look() == 1
    assert kinds(house, FollowUpState.SENT) == {"washing", "minoxidil", "sunscreen"}


async def test_a_small_correction_repeats_nothing_and_a_new_session_begins_anew(house: House, follow_ups: FollowUps):
    conversation_id = await followed(house, follow_ups)
    at(house, YESTERDAY_THREE + timedelta(hours=24))
    assert follow_ups.look() == 1
    tell(house, conversation_id, YESTERDAY_THREE + timedelta(hours=2))
    at(house, YESTERDAY_THREE + timedelta(hours=26))
    assert follow_ups.look() == 0
    tell(house, conversation_id, YESTERDAY_THREE + timedelta(hours=25))
    follow_ups.look()
    at(house, YESTERDAY_THREE + timedelta(hours=49))
    assert follow_ups.look() == 1


async def test_whoever_changes_their_mind_is_reminded_again(house: House, follow_ups: FollowUps):
    conversation_id = await followed(house, follow_ups)
    wish(house, conversation_id, wanted=False)
    assert rows(house, FollowUpState.PLANNED) == []
    wish(house, conversation_id, wanted=True)
    follow_ups.look()
    assert len(rows(house, FollowUpState.PLANNED)) == 5
    assert [line.action for line in house.audit()][-3:] == ["reminders_wanted", "reminders_stopped", "reminders_wanted"]


async def test_the_dialogue_can_turn_them_on_and_off(house: House, follow_ups: FollowUps, rasa: RasaDouble):
    conversation_id = await treated(house)
    for text, wanted, after in (("remind me", True, Reminders.ON), ("stop reminders", False, Reminders.OFF)):
        rasa.answers[text] = said("Done.", effects=({"effect": "reminders", "wanted": wanted},), triage=NONE)
        house.receive(text)
        await house.services.worker.answer_waiting()
        assert house.conversation(conversation_id).reminders is after


class Slow:
    """A channel that is down until told otherwise."""

    def __init__(self) -> None:
        self.down, self.sent = True, 0

    async def send(self, _key: str, _message: Message) -> None:
        if self.down:
            raise TransientFailure("down")
        self.sent += 1


@pytest.mark.parametrize(("minutes", "arrives"), [(30, True), (6 * 60 + 1, False)])
async def test_what_the_outbox_holds_too_long_is_missed_and_rings_nobody(
    house: House, follow_ups: FollowUps, minutes: int, arrives: bool
):
    conversation_id = await followed(house, follow_ups, channel="telegram")
    telegram, parts = Slow(), house.services
    deliverer = Deliverer(house.store, parts.clinic, house.clock, parts.bell, {"telegram": telegram})
    telegram.down = False
    await deliverer.deliver_due()  # the answer to hello
    telegram.down, telegram.sent = True, 0
    at(house, YESTERDAY_THREE + timedelta(hours=24))  # three in the afternoon: the night begins in six hours
    follow_ups.look()
    await deliverer.deliver_due()
    house.clock.advance(timedelta(minutes=minutes))
    telegram.down = False
    await deliverer.deliver_due()
    assert telegram.sent == int(arrives)
    assert house.cases() == []
    late = house.messages(conversation_id, Author.BOT)[-1]
    assert late.delivery is (Delivery.SENT if arrives else Delivery.FAILED)
    assert kinds(house, FollowUpState.SENT if arrives else FollowUpState.MISSED) == {
        "washing",
        "minoxidil",
        "sunscreen",
    }


async def test_a_clinic_that_turns_them_off_sends_none(house: House, follow_ups: FollowUps):
    conversation_id = await followed(house, follow_ups)
    silent = house.shared.clinic.follow_up.model_copy(update={"offer": False})
    clinic = house.shared.clinic.model_copy(update={"follow_up": silent})
    at(house, YESTERDAY_THREE + timedelta(hours=24))
    assert replace(follow_ups.planner, clinic=clinic).keep_up() == 0
    assert replace(follow_ups.sender, clinic=clinic).send_due() == 0
    assert {row.reason for row in rows(house, FollowUpState.DROPPED)} == {"off"}
    assert len(house.replies(conversation_id)) == 1
    assert wish_key(clinic, wanted=True) == "utter_reminders_none"


async def test_another_zone_moves_what_is_planned(house: House, follow_ups: FollowUps, rasa: RasaDouble):
    await followed(house, follow_ups)
    rasa.answers["zone"] = said("Noted.", effects=({"effect": "zone", "zone": "Asia/Tokyo"},), triage=NONE)
    house.receive("zone")
    await house.services.worker.answer_waiting()
    follow_ups.look()
    washing = next(row for row in rows(house, FollowUpState.PLANNED) if row.kind == "washing")
    assert washing.due_at == datetime(2026, 11, 17, 23, tzinfo=TUESDAY_NOON.tzinfo)  # eight in the morning there


async def test_the_watch_goes_on_after_a_fault_and_says_no_patients_words(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    monkeypatch.setattr(module, "LOOK_EVERY", 0.01)
    looks: list[int] = []

    def look(_self: FollowUps) -> int:
        looks.append(1)
        if len(looks) == 1:
            raise OperationalError("select", {}, Exception("locked"))
        return 0

    monkeypatch.setattr(FollowUps, "look", look)
    with caplog.at_level(logging.ERROR):
        task = asyncio.create_task(FollowUps.of(house.services).run())
        await until(lambda: len(looks) > 2)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    assert "reminders cannot be seen to" in caplog.text


def enrolled(house: House, key: str, channel: str = "telegram", record_id: int | None = None) -> str:
    """A chat that agreed to a link of the clinic's, about a session of two hours ago. Out: its id."""
    note = SessionNote("Ana", house.clock.now() - timedelta(hours=2))
    made = house.services.enrolling.create(house.staff(), note, record_id)
    with house.store.write() as session:
        now = house.clock.now()
        conversation = conversation_of(session, channel, key, now)
        [(text, buttons)] = house.services.enrolling.open(session, now, conversation, made.token)
    shown = house.send(text, key, channel, buttons=buttons)
    house.receive("", key, channel, press=Press(shown.id, 0))
    return shown.conversation_id


def hourly(house: House, follow_ups: FollowUps, hours: int) -> None:
    for _ in range(hours):
        house.clock.advance(timedelta(hours=1))
        follow_ups.look()


def test_who_enrols_and_says_nothing_more_is_asked_all_the_same(house: House, follow_ups: FollowUps):
    thread = enrolled(house, "ana")
    assert house.messages(thread, Author.BOT)[-1].buttons, "whether we may learn from their messages"
    hourly(house, follow_ups, 24)
    assert house.conversation(thread).reminders is Reminders.ASKED


def test_what_is_open_in_their_other_chat_holds_reminders_back_too(house: House, follow_ups: FollowUps):
    web = enrolled(house, "ana", "web")
    with house.store.read() as session:
        record_id = session.get_one(Conversation, web).patient.record_id
    telegram = enrolled(house, "9", record_id=record_id)
    wish(house, telegram, wanted=True)
    follow_ups.look()
    house.receive(EMERGENCY, "ana", "web")
    hourly(house, follow_ups, 30)
    assert kinds(house, FollowUpState.SENT) == set()
    assert kinds(house, FollowUpState.DROPPED)


async def test_a_limited_channel_gets_no_reminders_and_is_offered_none(house: House):
    ours = house.services
    clinic = house.shared.clinic.model_copy(update={"channels": Channels(telegram="limited")})
    limited = FollowUps.of(
        Services.join(ours.settings, clinic, ours.wording, house.shared.screen, house.store, ours.brain, house.clock)
    )
    wanted, unasked = (
        await treated(house, channel="telegram", key="7"),
        await treated(house, channel="telegram", key="8"),
    )
    wish(house, wanted, wanted=True)
    before = {thread: len(house.messages(thread, Author.BOT)) for thread in (wanted, unasked)}
    hourly(house, limited, 40)
    assert {thread: len(house.messages(thread, Author.BOT)) for thread in (wanted, unasked)} == before
    assert house.conversation(unasked).reminders is None
