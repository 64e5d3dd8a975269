"""Time that passes in a replay stops at every due moment, and nowhere else."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.care.treatment import Treatment
from bot.commands.passing import Passing
from bot.conversation.cases import open_or_raise
from bot.conversation.check import put_check
from bot.conversation.record import remember_treatment
from bot.store.tables import Conversation
from bot.triage.tier import Tier
from tests.house import HARMLESS, TUESDAY_NOON, House


@pytest.fixture
async def conversation_id(house: House) -> str:
    """A conversation in which one question was answered."""
    received = house.receive(HARMLESS)
    await house.services.worker.answer_waiting()
    return received.conversation_id


def passing(house: House, conversation_id: str) -> Passing:
    return Passing(house.services, house.clock, conversation_id)


async def test_time_goes_by_and_nothing_happens(house: House, conversation_id: str):
    end = TUESDAY_NOON + timedelta(days=3)
    assert list(passing(house, conversation_id).until(end)) == []
    assert house.clock.now() == end


async def test_an_unanswered_check_is_seen_to_at_its_moment(house: House, conversation_id: str):
    with house.store.write() as session:
        put_check(session.get_one(Conversation, conversation_id), "asked", house.services.clinic, TUESDAY_NOON)
    assert list(passing(house, conversation_id).until(TUESDAY_NOON + timedelta(minutes=29))) == []
    [line] = passing(house, conversation_id).until(TUESDAY_NOON + timedelta(hours=1))
    assert (line.at, line.author) == (TUESDAY_NOON + timedelta(minutes=30), "bot")


async def test_a_case_that_falls_due_is_noted_once(house: House, conversation_id: str):
    with house.store.write() as session:
        case = open_or_raise(
            session, house.services.clinic, TUESDAY_NOON, conversation_id, tier=Tier.URGENT, reason="red_flag"
        )
        due = case.due_at
    [line] = passing(house, conversation_id).until(TUESDAY_NOON + timedelta(days=1))
    assert (line.at, line.author) == (due, "note")


async def test_reminders_come_at_their_hours_and_wait_for_the_end_of_the_night(house: House, conversation_id: str):
    ended = datetime(2026, 11, 16, 23, 0, tzinfo=UTC)  # so that the first wash falls due at 23:00, in the quiet hours
    with house.store.write() as session:
        conversation = session.get_one(Conversation, conversation_id)
        remember_treatment(
            session, house.services.clinic, TUESDAY_NOON, conversation, Treatment(ended, "recorded"), "clinic"
        )
    [offer] = passing(house, conversation_id).until(TUESDAY_NOON + timedelta(hours=1))
    assert (offer.at, offer.buttons) == (TUESDAY_NOON + timedelta(minutes=1), ("Yes, remind me", "No thanks"))
    house.receive("Yes, remind me")
    came = list(passing(house, conversation_id).until(TUESDAY_NOON + timedelta(days=1)))
    assert [line.at for line in came] == [datetime(2026, 11, 18, 8, 0, tzinfo=UTC)]
