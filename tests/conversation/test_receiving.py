"""The one way in: stored, screened and with its case in one transaction, before it is acknowledged."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import event

from bot.conversation.inbound import Press, Upload, clean
from bot.conversation.receive import Received
from bot.store.tables import Author, CaseState, Conversation, Handling, Kind
from bot.triage.tier import Tier
from tests.house import EMERGENCY, HARMLESS, URGENT, House


def test_a_message_is_stored_with_its_verdict(house: House):
    received = house.receive(HARMLESS)
    message = house.message(received.message_id)
    assert (message.text, message.author, message.kind) == (HARMLESS, Author.PATIENT, Kind.TEXT)
    assert message.handling is Handling.RECEIVED
    assert message.verdict == {
        "tier": "none",
        "signs": [],
        "lowered": message.verdict["lowered"],
        "told": [],
        "day": None,
        "known": {"risk_factors": [], "signs": []},
    }
    assert not received.duplicate
    assert house.cases() == []


def test_a_risk_that_was_told_of_counts_for_what_is_written_later(house: House):
    told = house.receive("i'm on methotrexate, is that a problem?")
    house.clock.advance(timedelta(days=3))
    fever = house.receive("temp is 38.2")
    with house.store.read() as session:
        assert session.get_one(Conversation, told.conversation_id).patient.risks == ["immunosuppression"]
    assert fever.tier is Tier.EMERGENCY
    assert [case.tier for case in house.cases()] == [Tier.EMERGENCY]
    sign = house.cases()[0].signs[0]
    assert (sign["id"], sign["raised_by"]) == ("fever", ["immunosuppression"])
    assert house.message(fever.message_id).verdict["known"]["risk_factors"] == ["immunosuppression"]
    assert house.receive("temp is 38.2", key="another").tier is Tier.URGENT


def test_what_is_told_later_raises_the_open_case(house: House):
    house.receive("there is a blister on my forehead", key="p")
    later = house.receive("one on the eyelid too", key="p")
    assert later.tier is Tier.EMERGENCY
    assert [case.tier for case in house.cases()] == [Tier.EMERGENCY]
    assert house.receive("one on the eyelid too", key="another").tier < Tier.EMERGENCY


def test_what_was_written_shortly_before_is_read_along_and_no_longer_after_an_hour(house: House):
    house.receive("there's blood on my pillow")
    assert house.receive("clopidogrel").tier is Tier.URGENT
    house.receive("there's blood on my pillow", key="another")
    house.clock.advance(timedelta(hours=2))
    assert house.receive("clopidogrel", key="another").tier < Tier.URGENT


def test_a_redelivery_changes_nothing(house: House):
    first = house.receive(URGENT, external_id="one")
    before = (house.messages(), house.cases(), house.events(), house.audit())
    again = house.receive("something else", external_id="one")
    assert again == Received(first.message_id, first.conversation_id, True, Tier.URGENT)
    after = (house.messages(), house.cases(), house.events(), house.audit())
    assert [[row.id for row in rows] for rows in after] == [[row.id for row in rows] for rows in before]
    assert house.message(first.message_id).text == URGENT


def test_the_same_id_on_another_channel_is_another_message(house: House):
    house.receive("hello", external_id="one", channel="web")
    assert not house.receive("hello", external_id="one", channel="telegram").duplicate


def test_twenty_deliveries_of_one_message_at_once_store_it_once(house: House):
    start, results = threading.Barrier(20), []

    def deliver() -> None:
        start.wait()
        results.append(house.receive(URGENT, external_id="one"))

    threads = [threading.Thread(target=deliver) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 20
    assert sorted(result.duplicate for result in results) == [False] + [True] * 19
    assert {result.message_id for result in results} == {house.messages()[0].id}
    assert (len(house.messages()), len(house.cases())) == (1, 1)


def test_a_case_that_cannot_be_written_leaves_no_message(house: House):
    """So the channel does not acknowledge it, and the redelivery brings message and case together."""
    engine = house.store.engine

    @event.listens_for(engine, "before_cursor_execute")
    def disk_full(_connection, _cursor, statement, _parameters, _context, _many):
        if statement.startswith("INSERT INTO cases"):
            raise OSError("no space left on device")

    with pytest.raises(OSError, match="no space"):
        house.receive(URGENT, external_id="one")
    event.remove(engine, "before_cursor_execute", disk_full)
    assert (house.messages(), house.cases(), house.events()) == ([], [], [])
    assert not house.receive(URGENT, external_id="one").duplicate
    assert len(house.cases()) == 1


@pytest.mark.parametrize(("text", "tier"), [(URGENT, Tier.URGENT), (EMERGENCY, Tier.EMERGENCY)])
def test_a_red_flag_has_its_case_before_rasa_is_asked(house: House, rasa, text: str, tier: Tier):
    received = house.receive(text)
    case = house.case(received.conversation_id)
    assert received.tier is tier
    assert (case.tier, case.state, case.reason) == (tier, CaseState.OPEN, "red_flag")
    assert {sign["message_id"] for sign in case.signs} == {received.message_id}
    assert all(sign["source"] and sign["evidence"] in text for sign in case.signs)
    assert rasa.heard == []


def test_a_word_that_stands_alone_counts_at_once_where_a_clinician_owns(house: House):
    """There nobody asks the classifier."""
    first = house.receive(HARMLESS)
    house.services.desk.take_over(house.staff(), first.conversation_id)
    house.receive("i went blind")
    assert house.case(first.conversation_id).tier == Tier.EMERGENCY


def test_a_new_sign_raises_the_open_case(house: House):
    first = house.receive(URGENT)
    due = house.case(first.conversation_id).due_at
    second = house.receive(EMERGENCY)
    case = house.case(first.conversation_id)
    assert case.tier == Tier.EMERGENCY
    assert case.due_at < due
    assert {sign["message_id"] for sign in case.signs} == {first.message_id, second.message_id}
    assert len(house.cases()) == 1


def test_reassurance_after_a_red_flag_lowers_nothing(house: House):
    first = house.receive(EMERGENCY)
    house.receive("it's fine now thanks, all good")
    assert house.case(first.conversation_id).tier == Tier.EMERGENCY


def test_a_message_waits_for_the_clinician_who_owns_the_conversation(house: House):
    first = house.receive(HARMLESS)
    house.services.desk.take_over(house.staff(), first.conversation_id)
    second = house.receive("are you there")
    assert house.message(second.message_id).handling is Handling.HELD
    assert house.replies() == []


def test_an_urgent_sign_while_owned_raises_the_case_in_silence(house: House):
    first = house.receive(HARMLESS)
    house.services.desk.take_over(house.staff(), first.conversation_id)
    house.receive(URGENT)
    assert house.case(first.conversation_id).tier == Tier.URGENT
    assert house.replies() == []


def test_an_emergency_while_owned_still_gets_the_number_to_call(house: House):
    first = house.receive(HARMLESS)
    house.services.desk.take_over(house.staff(), first.conversation_id)
    second = house.receive(EMERGENCY)
    assert any(house.shared.clinic.contacts.emergency_number in text for text in house.replies())
    assert house.message(second.message_id).handling is Handling.HELD


def test_a_press_counts_with_the_words_and_payload_of_its_button(house: House):
    first = house.receive(HARMLESS)
    buttons = [{"title": "Yes", "payload": "/affirm"}, {"title": "No", "payload": "/deny"}]
    asked = house.send("Is it spreading?", channel="web", buttons=buttons)
    pressed = house.receive("", press=Press(asked.id, 1))
    message = house.message(pressed.message_id)
    assert (message.kind, message.text, message.payload) == (Kind.BUTTON, "No", "/deny")
    assert message.conversation_id == first.conversation_id


@pytest.mark.parametrize("index", [-1, 2, 99])
def test_a_press_of_no_button_is_plain_text(house: House, index: int):
    asked = house.send("Yes?", channel="web", buttons=[{"title": "Yes", "payload": "/affirm"}] * 2)
    message = house.message(house.receive("Yes", press=Press(asked.id, index)).message_id)
    assert (message.kind, message.text, message.payload) == (Kind.TEXT, "Yes", None)


def test_nobody_presses_the_buttons_of_another_conversation(house: House):
    asked = house.send("Yes?", key="ben", channel="web", buttons=[{"title": "Secret", "payload": "/privacy_request"}])
    message = house.message(house.receive("hm", key="ana", press=Press(asked.id, 0)).message_id)
    assert (message.kind, message.text, message.payload) == (Kind.TEXT, "hm", None)
    missing = house.message(house.receive("hm", key="ana", press=Press(999, 0)).message_id)
    assert missing.payload is None


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  hello\x00\x07 there\u202e ", "hello there"),
        ("line\nand\ttab", "line\nand\ttab"),
        ("a\u200bb\u2066c", "abc"),
        ("👩\u200d⚕\ufe0f", "👩\u200d⚕\ufe0f"),
        ("\x1b[31mred", "[31mred"),
        ("can't\u00a0breathe\u2028at\u202fall", "can't breathe at all"),
        ("one\r\ntwo\rthree", "one\ntwo three"),
        ("\x00\x01", ""),
    ],
)
def test_control_characters_are_stripped_and_line_breaks_stay(house: House, typed: str, kept: str):
    assert clean(typed) == kept
    assert house.message(house.receive(typed).message_id).text == kept


def test_invisible_letters_do_not_hide_a_sign(house: House):
    assert house.receive("green p\u200bus com\u00ading out of my scalp").tier >= Tier.URGENT


@pytest.mark.parametrize("space", ["\u00a0", "\u202f", "\u3000", "\u2009", "\u2028"])
def test_a_pasted_space_does_not_hide_a_sign(house: House, space: str):
    assert house.receive("I can't breathe and my throat is swelling".replace(" ", space)).tier is Tier.EMERGENCY


def test_the_files_of_a_duplicate_are_removed_and_those_of_the_first_stay(house: House):
    folder = house.services.settings.uploads
    for name in ("first", "second"):
        (folder / name).write_bytes(b"photo")
    house.receive("look", external_id="one", kind=Kind.PHOTO, uploads=(Upload("first", "image/png", 5),))
    house.receive("look", external_id="one", kind=Kind.PHOTO, uploads=(Upload("second", "image/png", 5),))
    assert [path.name for path in folder.iterdir()] == ["first"]


def test_one_patient_has_one_conversation_and_two_channels_are_two_patients(house: House):
    first, second = house.receive("hello"), house.receive("hello again")
    other = house.receive("hello", channel="telegram")
    assert first.conversation_id == second.conversation_id != other.conversation_id


def test_a_message_lifts_the_mark_of_a_patient_who_had_blocked_us(house: House):
    received = house.receive("hello")
    with house.store.write() as session:
        session.get_one(Conversation, received.conversation_id).patient.blocked_at = house.clock.now()
    house.receive("back again")
    with house.store.read() as session:
        assert session.get_one(Conversation, received.conversation_id).patient.blocked_at is None
