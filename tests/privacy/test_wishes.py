"""A chat whose patient wants it deleted goes by itself, but not what staff have acted on."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.conversation.inbound import Press
from bot.conversation.outbox import enqueue
from bot.conversation.uploads import keep
from bot.conversation.wished_away import GRACE
from bot.privacy.wishes import Wishes
from bot.store.tables import Author, Base, Conversation, Delivery, Handling, Kind, Message, Outcome
from tests.house import HARMLESS, URGENT, House
from tests.privacy.test_erasing import STAYS


@pytest.fixture
def wishes(house: House) -> Wishes:
    return Wishes(house.services)


def chat(house: House, text: str = HARMLESS, key: str = "mia") -> str:
    """A chat with a question that was answered, and a photo."""
    upload = keep(house.services.files, b"\xff\xd8\xff no photo, but kept")
    thread = house.receive(text, key, "telegram", uploads=(upload,), kind=Kind.PHOTO).conversation_id
    house.send("It is fine from tomorrow.", key)
    settle(house, thread)
    return thread


def settle(house: House, thread: str) -> None:
    """All that was written is answered and delivered."""
    with house.store.write() as session:
        mine = update(Message).where(Message.conversation_id == thread)
        session.execute(mine.where(Message.handling == Handling.RECEIVED).values(handling=Handling.HANDLED))
        session.execute(mine.where(Message.delivery == Delivery.PENDING).values(delivery=Delivery.SENT))


def wish(house: House, thread: str, key: str = "mia") -> str:
    """The patient says /delete, and yes. Out: what they are told."""
    now = house.clock.now()
    with house.store.write() as session:
        conversation = session.get_one(Conversation, thread)
        [(text, buttons)] = house.services.own_buttons.ask_to_delete(now)
        asked = enqueue(session, now, conversation, Author.BOT, text, buttons=buttons)
    return press(house, asked, 0, key)


def press(house: House, carrier: Message, index: int, key: str = "mia") -> str:
    house.receive("", key, "telegram", press=Press(carrier.id, index))
    settle(house, carrier.conversation_id)
    return house.replies(carrier.conversation_id)[-1]


def said(house: House, key: str) -> str:
    return house.shared.wording.get(key).text.partition("{")[0]


def test_ten_minutes_after_the_yes_nothing_of_it_is_left(house: House, wishes: Wishes):
    thread = chat(house)
    other = chat(house, key="someone else")
    assert wish(house, thread).startswith(said(house, "utter_delete_promised"))
    house.clock.advance(GRACE - timedelta(seconds=1))
    assert wishes.fulfil() == 0
    house.clock.advance(timedelta(seconds=1))
    assert wishes.fulfil() == 1
    with house.store.read() as session:
        assert session.scalars(select(Conversation.id)).all() == [other]
    assert len(list(house.services.settings.uploads.iterdir())) == 1
    assert house.audit()[-1].action == "patient_erased"
    assert house.audit()[-1].actor == "patient"
    assert thread not in {line.conversation_id for line in house.audit()}
    assert wishes.fulfil() == 0


def test_alone_it_leaves_no_row_anywhere(house: House, wishes: Wishes):
    wish(house, chat(house))
    house.clock.advance(GRACE)
    wishes.fulfil()
    with house.store.read() as session:
        left = [table.name for table in Base.metadata.sorted_tables if session.execute(select(table)).first()]
    assert set(left) <= STAYS


def test_who_thinks_again_keeps_it(house: House, wishes: Wishes):
    thread = chat(house)
    wish(house, thread)
    promise = house.messages(thread, Author.BOT)[-1]
    assert press(house, promise, 0) == said(house, "utter_delete_kept")
    house.clock.advance(GRACE)
    assert wishes.fulfil() == 0
    assert house.messages(thread)


def test_what_staff_have_acted_on_is_theirs_to_decide(house: House, wishes: Wishes):
    thread = chat(house, URGENT)
    ben = house.staff()
    house.services.desk.take_over(ben, thread)
    house.services.desk.close(ben, house.case(thread).id, Outcome.ADVICE_GIVEN)
    settle(house, thread)
    assert wish(house, thread).startswith(said(house, "utter_privacy_delete"))
    assert house.case(thread).reason == "privacy_request"
    house.clock.advance(GRACE)
    assert wishes.fulfil() == 0
    assert house.messages(thread)


def test_an_alarm_after_the_wish_keeps_the_chat_and_tells_staff(house: House, wishes: Wishes):
    thread = chat(house)
    wish(house, thread)
    house.receive(URGENT, "mia", "telegram")
    house.clock.advance(GRACE)
    assert wishes.fulfil() == 0
    assert house.case(thread) is not None
    assert house.conversation(thread).erase_at is None
    house.clock.advance(GRACE)
    assert wishes.fulfil() == 0


def test_what_is_still_to_be_answered_is_answered_first(house: House, wishes: Wishes):
    thread = chat(house)
    wish(house, thread)
    house.receive(HARMLESS, "mia", "telegram")
    house.clock.advance(GRACE)
    assert wishes.fulfil() == 0
    settle(house, thread)
    house.clock.advance(GRACE)
    assert wishes.fulfil() == 1


def test_two_bots_delete_it_once(house: House, wishes: Wishes):
    wish(house, chat(house))
    house.clock.advance(GRACE)
    due = wishes._due()
    assert [wishes._take(thread, at) for thread, at in due] == [True]
    assert [wishes._take(thread, at) for thread, at in due] == [False], "the other had looked at the same moment"
