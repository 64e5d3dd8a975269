"""A takeover that nobody answers goes back to the queue: once, honestly, and never over a reply."""

from datetime import timedelta

import pytest

from bot.conversation.desk import DeskError
from bot.conversation.desk_rules import HandBackReason
from bot.conversation.events import Bell
from bot.conversation.takeovers import Takeovers
from bot.store.database import Store
from bot.store.tables import Author, CaseState, Conversation, Handling, Message, Owner, Staff
from bot.triage.tier import Tier
from tests.house import EMERGENCY, HARMLESS, KEYS, URGENT, House

LIMIT = timedelta(minutes=30)  # of clinic.yml
UNREAD = timedelta(minutes=3)  # its alerts.emergency.again_minutes


@pytest.fixture
def ana(house: House) -> Staff:
    return house.staff("Ana Silva", title="Nurse")


@pytest.fixture
def thread(house: House, ana: Staff) -> str:
    conversation_id = house.receive(URGENT).conversation_id
    house.services.desk.take_over(ana, conversation_id)
    return conversation_id


def newest(house: House, thread: str) -> int:
    return max(message.id for message in house.messages(thread, Author.PATIENT))


def test_after_the_time_the_conversation_is_the_assistants_and_the_case_waits_again(house: House, thread: str, ana):
    house.clock.advance(LIMIT - timedelta(seconds=1))
    assert house.services.takeovers.give_back() == 0
    house.clock.advance(timedelta(seconds=1))
    assert house.services.takeovers.give_back() == 1
    conversation, case = house.conversation(thread), house.case(thread)
    assert (conversation.owner, conversation.owner_staff_id, conversation.owner_since) == (Owner.BOT, None, None)
    assert (case.state, case.acknowledged_at, case.assignee_id) == (CaseState.OPEN, None, None)
    assert case.returned_from_id == ana.id
    assert [message.handling for message in house.messages(thread, Author.PATIENT)] == [Handling.HANDLED]
    told = house.messages(thread, Author.SYSTEM)[-1].text
    assert "nobody from the team has been able to answer you yet" in told
    assert house.shared.clinic.contacts.emergency_number in told
    [line] = [row for row in house.audit() if row.action == "takeover_lapsed"]
    assert (line.actor, line.detail) == ("bot", {"from_staff_id": ana.id})
    assert house.services.takeovers.give_back() == 0


def test_a_reply_ends_the_wait_and_a_new_message_begins_another(house: House, thread: str, ana: Staff):
    house.clock.advance(LIMIT - timedelta(minutes=1))
    house.services.desk.reply(ana, thread, "I am here", key="k", last_seen=newest(house, thread))
    house.clock.advance(LIMIT * 3)
    assert house.services.takeovers.give_back() == 0
    house.receive("and now?")
    house.clock.advance(LIMIT - timedelta(minutes=1))
    assert house.services.takeovers.give_back() == 0
    house.clock.advance(timedelta(minutes=1))
    assert house.services.takeovers.give_back() == 1


def test_an_emergency_nobody_has_on_their_screen_goes_back_and_pages_at_once(house: House, thread: str, ana: Staff):
    house.services.desk.reply(ana, thread, "I am here", key="k", last_seen=newest(house, thread))
    house.clock.advance(timedelta(minutes=1))
    house.receive(EMERGENCY)
    house.clock.advance(UNREAD - timedelta(seconds=1))
    assert house.services.takeovers.give_back() == 0
    house.clock.advance(timedelta(seconds=1))
    assert house.services.takeovers.give_back() == 1
    case = house.case(thread)
    assert (case.state, case.tier) == (CaseState.OPEN, int(Tier.EMERGENCY))


def test_an_emergency_on_their_screen_leaves_them_the_whole_time(house: House, thread: str, ana: Staff):
    house.services.desk.reply(ana, thread, "I am here", key="k", last_seen=newest(house, thread))
    house.clock.advance(timedelta(minutes=1))
    house.receive(EMERGENCY)
    house.services.desk.see(ana, thread, newest(house, thread))
    house.clock.advance(LIMIT - timedelta(seconds=1))
    assert house.services.takeovers.give_back() == 0


def test_an_emergency_told_before_the_takeover_was_what_it_was_taken_for(house: House, ana: Staff):
    thread = house.receive(EMERGENCY).conversation_id
    house.services.desk.take_over(ana, thread)
    house.clock.advance(LIMIT - timedelta(seconds=1))
    assert house.services.takeovers.give_back() == 0


def test_who_asks_for_the_plan_of_the_day_does_not_wait_for_the_owner(house: House, thread: str, ana: Staff):
    house.services.desk.reply(ana, thread, "I am here", key="k", last_seen=newest(house, thread))
    house.clock.advance(timedelta(minutes=1))
    asked = house.receive("/today")
    with house.store.write() as session:
        session.get_one(Message, asked.message_id).handling = Handling.HANDLED
    house.clock.advance(LIMIT * 2)
    assert house.services.takeovers.give_back() == 0


@pytest.mark.parametrize("verb", ["hand_back", "close"])
def test_whoever_hands_back_or_closes_in_time_loses_nothing(house: House, thread: str, ana: Staff, verb: str):
    if verb == "close":
        house.services.desk.close(ana, house.case(thread).id, "seen")
    else:
        house.services.desk.hand_back(ana, thread, HandBackReason.ANSWERED)
    house.clock.advance(LIMIT * 2)
    assert house.services.takeovers.give_back() == 0


def test_of_two_bots_one_gives_back(house: House, thread: str, monkeypatch: pytest.MonkeyPatch):
    house.clock.advance(LIMIT)
    store = Store(house.store.url, KEYS)
    other = Takeovers(store, house.shared.clinic, house.shared.wording, house.clock, Bell())
    seen = other._due()
    monkeypatch.setattr(Takeovers, "_due", lambda _self: seen)
    assert house.services.takeovers.give_back() + other.give_back() == 1
    store.close()


def test_a_reply_between_looking_and_claiming_keeps_the_conversation(
    house: House, thread: str, ana: Staff, monkeypatch: pytest.MonkeyPatch
):
    house.clock.advance(LIMIT)
    seen = house.services.takeovers._due()
    house.services.desk.reply(ana, thread, "Just in time", key="k", last_seen=newest(house, thread))
    monkeypatch.setattr(Takeovers, "_due", lambda _self: seen)
    assert house.services.takeovers.give_back() == 0
    assert house.conversation(thread).owner_staff_id == ana.id


def test_a_reply_after_it_is_refused_and_taking_over_again_begins_anew(house: House, thread: str, ana: Staff):
    house.clock.advance(LIMIT)
    house.services.takeovers.give_back()
    with pytest.raises(DeskError, match="Take the conversation over first"):
        house.services.desk.reply(ana, thread, "Late", key="k", last_seen=newest(house, thread))
    house.services.desk.take_over(ana, thread)
    assert house.case(thread).returned_from_id is None
    house.clock.advance(LIMIT - timedelta(minutes=1))
    assert house.services.takeovers.give_back() == 0


async def test_then_the_assistant_answers_again(house: House, rasa, thread: str):
    house.clock.advance(LIMIT)
    house.services.takeovers.give_back()
    house.receive(HARMLESS)
    await house.services.worker.answer_waiting()
    assert house.replies(thread)[-1] == f"heard: {HARMLESS}"


def test_the_time_is_the_clinics(house: House, thread: str):
    targets = house.shared.clinic.targets.model_copy(update={"takeover": 2})
    clinic = house.shared.clinic.model_copy(update={"targets": targets})
    slow = Takeovers(house.store, clinic, house.shared.wording, house.clock, Bell())
    house.clock.advance(timedelta(minutes=119))
    assert slow.give_back() == 0
    house.clock.advance(timedelta(minutes=1))
    assert slow.give_back() == 1
    with house.store.read() as session:
        assert session.get_one(Conversation, thread).owner is Owner.BOT
