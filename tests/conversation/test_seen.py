"""The patient is told that their messages were seen when, and only when, a clinician has them on the screen."""

from datetime import timedelta

from bot.conversation.seen import ON_SCREEN_AFTER
from bot.store.tables import Role
from tests.house import HARMLESS, House


def told(house: House) -> list[tuple[int, int]]:
    return [(event.data["message_id"], event.data["staff_id"]) for event in house.events("seen")]


def test_once_for_each_newest_message(house: House):
    desk, ana = house.services.desk, house.staff("Ana Silva")
    thread = house.receive(HARMLESS).conversation_id
    desk.see(ana, thread)
    assert not told(house), "an open page may not show it yet"
    house.clock.put(house.clock.now() + ON_SCREEN_AFTER)
    for _ in range(3):
        desk.see(ana, thread)
    assert told(house) == [(1, ana.id)]
    house.receive("and one more")
    desk.see(ana, thread)
    house.clock.put(house.clock.now() + timedelta(seconds=60))
    desk.see(house.staff("Ben Ito"), thread)
    assert [message_id for message_id, _ in told(house)] == [1, house.messages(thread)[-1].id]


def test_not_by_a_reviewer_and_not_where_there_is_nothing(house: House):
    thread = house.receive(HARMLESS).conversation_id
    house.clock.put(house.clock.now() + timedelta(seconds=60))
    house.services.desk.see(house.staff("Rita", Role.REVIEWER), thread)
    house.services.desk.see(house.staff(), "no-such-conversation")
    assert not told(house)
