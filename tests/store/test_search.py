"""Finding sealed messages and names by words, with an index that holds no words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, func, select

from bot.store.database import Store
from bot.store.keys import KeyRing
from bot.store.search import Wanted, find_messages, find_named
from bot.store.search_words import holds, message_hashes, message_lookup, name_hashes, words_of
from bot.store.tables import CareRecord, Message, MessageWord, NameWord, Patient
from tests.house import KEY, KEYS, House

OTHER = "cd" * 32


def found(house: House, written: str, store: Store | None = None) -> list[str]:
    store = store or house.store
    with store.read() as session:
        return [message.text for message in find_messages(session, store.keys, Wanted.read(written), 50)]


def named(house: House, written: str) -> list[str]:
    with house.store.read() as session:
        return [one.patient.record.called for one in find_named(session, KEYS, Wanted.read(written), 50)]


def call(house: House, key: str, called: str) -> None:
    received = house.receive("hello", key)
    with house.store.write() as session:
        record = CareRecord(called=called, created_at=house.clock.now())
        session.add(record)
        session.flush()
        patient = session.scalars(select(Patient).where(Patient.channel_key == key)).one()
        patient.record_id = record.id
    assert received


@pytest.mark.parametrize(
    ("written", "finds"),
    [
        ("itch", True), ("itchy", True), ("ITCHY", True), ("itchiness", False), ("ítchy", True), ("crown itchy", True),
        ('"itchy all over"', True), ('"over itchy"', False), ('"itchy all ov', True), ("itchy knee", False),
        ("café", True), ("cafe", True), ("39", True), ("the", False), ("", False), ("?!", False),
    ],
)  # fmt: skip
def test_words_are_found_by_their_beginning_and_phrases_in_order(house: House, written: str, finds: bool):
    text = "So itchy all over my crown since the café, 39.2!" if written != "the" else "So itchy all over"
    house.receive(text)
    assert found(house, written) == ([text] if finds else [])


def test_the_newest_come_first_and_no_more_than_asked_for(house: House):
    for number in range(4):
        house.receive(f"redness {number}", key=f"p{number}")
    assert found(house, "redness") == [f"redness {number}" for number in (3, 2, 1, 0)]
    with house.store.read() as session:
        assert len(find_messages(session, KEYS, Wanted.read("redness"), 2)) == 2


def test_what_the_assistant_says_is_not_searched_and_what_staff_say_is(house: House):
    house.send("peculiar")
    assert found(house, "peculiar") == []
    conversation = house.receive("hello").conversation_id
    staff = house.staff()
    house.services.desk.take_over(staff, conversation)
    newest = house.messages(conversation)[0].id
    house.services.desk.reply(staff, conversation, "peculiar of you", key="k", last_seen=newest)
    assert found(house, "peculiar") == ["peculiar of you"]


def test_other_words_in_a_message_replace_those_in_the_index(house: House):
    received = house.receive("redness")
    with house.store.write() as session:
        session.get_one(Message, received.message_id).text = "swelling"
    assert (found(house, "redness"), found(house, "swelling")) == ([], ["swelling"])


def test_a_change_of_anything_else_leaves_the_index_alone(house: House):
    received = house.receive("redness")
    with house.store.write() as session:
        session.execute(delete(MessageWord))
        session.get_one(Message, received.message_id).attempts = 3
    assert found(house, "redness") == []


def test_what_is_rolled_back_is_not_indexed(house: House):
    received = house.receive("redness")

    def fail() -> None:
        with house.store.write() as session:
            session.get_one(Message, received.message_id).text = "swelling"
            session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert (found(house, "redness"), found(house, "swelling")) == (["redness"], [])


def test_names_are_found_from_their_first_letter_and_by_any_word(house: House):
    call(house, "a", "Mia Å.")
    call(house, "b", "Mirko")
    assert sorted(named(house, "mi")) == ["Mia Å.", "Mirko"]
    assert named(house, "MIA") == named(house, "a mia") == ["Mia Å."]
    assert named(house, "mia b") == named(house, "") == []


def test_deleting_a_message_or_a_record_takes_its_words_out_of_the_index(house: House):
    received = house.receive("redness")
    call(house, "a", "Mia")
    with house.store.write() as session:
        session.get_one(Patient, 2).record_id = None
        session.flush()
        session.execute(delete(CareRecord))
        session.execute(delete(Message).where(Message.id == received.message_id))
    with house.store.read() as session:
        assert session.scalar(select(func.count()).select_from(NameWord)) == 0
        assert not session.scalars(select(MessageWord).where(MessageWord.message_id == received.message_id)).all()


def test_the_index_says_nothing_without_the_key():
    other = KeyRing.read(OTHER)
    assert not message_hashes(KEYS, "itchy all over") & message_hashes(other, "itchy all over")
    assert not message_hashes(KEYS, "mia") & name_hashes(KEYS, "mia")


def test_while_keys_are_exchanged_both_indexes_are_read_and_then_the_new_one(house: House):
    house.receive("redness one")
    both = Store(house.store.url, KeyRing.read(f"{OTHER} {KEY}"))
    both.migrate()
    assert found(house, "redness", both) == ["redness one"]
    both.exchange_key()
    both.close()
    alone = Store(house.store.url, KeyRing.read(OTHER))
    assert found(house, "redness", alone) == ["redness one"]
    alone.close()


def test_a_database_from_before_the_index_is_indexed_at_the_start(house: House):
    house.receive("redness")
    call(house, "a", "Mia")
    with house.store.write() as session:
        session.execute(delete(MessageWord))
        session.execute(delete(NameWord))
    house.store.migrate()
    assert found(house, "redness") == ["redness"]
    assert named(house, "mia") == ["Mia"]


@given(st.text(max_size=40), st.integers(0, 10), st.integers(1, 8))
def test_every_beginning_of_every_word_is_found(text: str, at: int, length: int):
    words = words_of(text)
    if not words:
        assert message_hashes(KEYS, text) == set()
        return
    beginning = words[at % len(words)][:length]
    if len(beginning) >= 4 or beginning in words:
        assert set(message_lookup(KEYS, beginning)) & message_hashes(KEYS, text)
    assert holds(text, [beginning], phrase=False)
    assert holds(text, words, phrase=True)
