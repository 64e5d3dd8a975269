"""The second fact: where the clinic noted a birth date, a link is worth nothing to whoever does not know it."""

from datetime import date, timedelta

import pytest

from bot.conversation.enrolment import Identity, SessionNote
from bot.conversation.receive import conversation_of
from bot.conversation.second_fact import MOST_WRONG
from bot.store.tables import Author, Enrolment, Handling, Message, Owner, Patient
from tests.house import URGENT, House

BORN = date(1986, 4, 3)


def enrol(house: House, born: date | None = BORN):
    note = SessionNote("Mia", house.clock.now() - timedelta(hours=3), identity=Identity("4711", born))
    return house.services.enrolling.create(house.staff(), note)


def opens(house: House, token: str, key: str = "mia", channel: str = "web") -> Message:
    now = house.clock.now()
    with house.store.write() as session:
        conversation = conversation_of(session, channel, key, now)
        [(text, buttons)] = house.services.enrolling.open(session, now, conversation, token)
    return house.send(text, key, channel, buttons=buttons)


def writes(house: House, text: str, key: str = "mia", channel: str = "web") -> tuple[Message, list[Message]]:
    """The patient's message, and what was said to it at once."""
    received = house.receive(text, key, channel)
    after = [one for one in house.messages(received.conversation_id, Author.BOT) if one.id > received.message_id]
    return house.message(received.message_id), after


def says(house: House, key: str) -> str:
    return house.services.wording.get(key).text[:25]


def record_of(house: House, key: str = "mia") -> int | None:
    with house.store.read() as session:
        return session.query(Patient).filter_by(channel_key=key).one().record_id


@pytest.mark.parametrize("channel", ["web", "telegram"])
@pytest.mark.parametrize("given", ["3 April 1986", "03.04.86", "I was born on 3 april 1986"])
def test_the_right_birth_date_leads_to_the_consent_text(house: House, channel: str, given: str):
    asked = opens(house, enrol(house).token, channel=channel)
    assert says(house, "utter_link_prove")[:20] in asked.text
    for kept in ("Mia", "1986", "4711", "session ended"):
        assert kept not in asked.text.replace("for example 3 April 1986", "")
    message, [consent] = writes(house, given, channel=channel)
    assert message.handling is Handling.HANDLED
    assert [button["title"] for button in consent.buttons] == ["I agree", "No thanks"]
    writes(house, "I agree", channel=channel)
    assert record_of(house) is not None


def test_without_a_birth_date_the_consent_text_comes_at_once(house: House):
    assert [one["title"] for one in opens(house, enrol(house, None).token).buttons] == ["I agree", "No thanks"]


def test_three_wrong_ones_end_the_link_for_everybody_and_the_staff_are_told(house: House):
    made = enrol(house)
    opens(house, made.token, "eve")
    for number in range(MOST_WRONG):
        assert house.case(house.messages()[0].conversation_id) is None
        key = "utter_link_wrong" if number + 1 < MOST_WRONG else "utter_link_ended"
        message, [said] = writes(house, f"{number + 4} April 1986", "eve")
        assert says(house, key) in said.text
    case = house.case(message.conversation_id)
    assert (case.reason, case.tier) == ("link_ended", 1)
    assert says(house, "utter_link_expired") in opens(house, made.token).text
    _, after = writes(house, "3 April 1986", "eve")
    assert after == []  # the link is over: a date is a message like any other
    assert record_of(house, "eve") is None
    assert "1986" not in str([line.detail for line in house.audit()])
    assert house.services.enrolling.renew(house.staff(), made.enrolment_id).token


def test_tries_count_for_the_link_and_not_for_the_chat(house: House):
    made = enrol(house)
    for key in ("eve", "bob", "eva"):
        opens(house, made.token, key)
        writes(house, "1 May 1990", key)
    with house.store.read() as session:
        row = session.get_one(Enrolment, made.enrolment_id)
        assert (row.wrong_dates, row.withdrawn_at) == (MOST_WRONG, house.clock.now())


def test_what_is_no_date_is_a_message_like_any_other(house: House):
    made = enrol(house)
    opens(house, made.token)
    for text in ("when can i wash my hair", "my session was on 12 November 2026", URGENT):
        message, after = writes(house, text)
        assert message.handling is Handling.RECEIVED, text
        assert after == []
    _, [said] = writes(house, "31.31.1986")
    assert says(house, "utter_link_unreadable") in said.text
    writes(house, "3/4/1986")
    with house.store.read() as session:
        assert session.get_one(Enrolment, made.enrolment_id).wrong_dates == 0


def test_a_date_that_nobody_asked_for_is_no_answer(house: House):
    message, after = writes(house, "3 April 1986")
    assert (message.handling, after) == (Handling.RECEIVED, [])


def test_not_now_leaves_the_link_as_it_is(house: House):
    made = enrol(house)
    opens(house, made.token)
    _, [said] = writes(house, "Not now")
    assert says(house, "utter_consent_declined") in said.text
    assert record_of(house) is None
    opens(house, made.token)
    _, [consent] = writes(house, "3 April 1986")
    assert consent.buttons


def test_it_is_asked_while_a_clinician_has_the_conversation(house: House):
    asked = opens(house, enrol(house).token)
    house.services.desk.take_over(house.staff(), asked.conversation_id)
    assert house.conversation(asked.conversation_id).owner is Owner.CLINICIAN
    message, [consent] = writes(house, "3 April 1986")
    assert message.handling is Handling.HANDLED
    assert consent.buttons


def test_staff_correct_a_birth_date_and_the_link_goes_on(house: House):
    made = enrol(house, date(1986, 3, 4))
    opens(house, made.token)
    writes(house, "13 April 1986")
    house.services.enrolling.identify(house.staff(), made.enrolment_id, Identity("", date(1986, 4, 13)))
    _, [consent] = writes(house, "13 April 1986")
    assert consent.buttons
