"""The patient is told that their messages were seen when, and only when, a clinician had them on the screen."""

import pytest

from bot.conversation.desk import DeskError
from bot.store.tables import Author, Role
from tests.house import HARMLESS, House


def told(house: House) -> list[tuple[int, int]]:
    return [(event.data["message_id"], event.data["staff_id"]) for event in house.events("seen")]


def test_once_for_each_message_that_was_on_the_screen_and_never_backwards(house: House):
    desk, ana, ben = house.services.desk, house.staff("Ana Silva"), house.staff("Ben Ito")
    received = house.receive(HARMLESS)
    thread, first = received.conversation_id, received.message_id
    second = house.receive("and one more").message_id
    for _ in range(3):
        desk.see(ana, thread, first)
    assert told(house) == [(first, ana.id)]
    desk.see(ben, thread, second)
    desk.see(ana, thread, first)
    assert told(house) == [(first, ana.id), (second, ben.id)]


def test_not_by_a_reviewer_and_only_a_message_of_this_patient(house: House):
    desk, ana, thread = house.services.desk, house.staff(), house.receive(HARMLESS).conversation_id
    other = house.receive(HARMLESS, "somebody-else").message_id
    with pytest.raises(DeskError, match="Reviewers read"):
        desk.see(house.staff("Rita", Role.REVIEWER), thread, 1)
    house.send("an answer of ours", "ana", "web")
    ours = house.messages(author=Author.BOT)[-1].id
    for message_id in (other, ours, 999):
        desk.see(ana, thread, message_id)
    desk.see(ana, "no-such-conversation", 1)
    assert not told(house)
