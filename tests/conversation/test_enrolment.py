"""Enrolment: who holds the clinic's link and agrees has the clinic's record in their chat; once, and nobody else."""

import hashlib
from datetime import UTC, timedelta

import pytest
from sqlalchemy import select

from bot.care.treatment import Treatment
from bot.conversation.choices import Choice
from bot.conversation.desk import DeskError
from bot.conversation.enrolment import LINK_LIFE, Identity, SessionNote
from bot.conversation.enrolment_token import Tokens, is_token_of, token_hash
from bot.conversation.inbound import Press
from bot.conversation.receive import conversation_of
from bot.conversation.record import correct, days_since, facts, personal_of, row_in_force, rows_of, treatment_of
from bot.store.tables import Author, CareRecord, Consent, Enrolment, Handling, Message, Patient, Role, TreatmentRow
from tests.house import URGENT

HOUR = timedelta(hours=1)


@pytest.fixture
def nurse(house):
    return house.staff()


def note(house, hours: float = 3, **given) -> SessionNote:
    return SessionNote("Mia", house.clock.now() - hours * HOUR, 1.0, "crown", "pen", "Dr Ito", **given)


def enrol(house, nurse, hours: float = 3, record_id: int | None = None, **given):
    return house.services.enrolling.create(nurse, note(house, hours, **given), record_id)


def open_link(house, token: str, key: str = "mia", channel: str = "web") -> Message:
    """The patient opens the link. Out: what the chat says to it."""
    now = house.clock.now()
    with house.store.write() as session:
        conversation = conversation_of(session, channel, key, now)
        [(text, buttons)] = house.services.enrolling.open(session, now, conversation, token)
    return house.send(text, key, channel, buttons=buttons)


def press(house, shown: Message, title: str, key: str = "mia", channel: str = "web") -> str:
    """The patient presses a button. Out: what the bot says to it."""
    before = len(house.replies(shown.conversation_id))
    index = [button["title"] for button in shown.buttons].index(title)
    received = house.receive("", key, channel, press=Press(shown.id, index))
    assert house.message(received.message_id).handling is Handling.HANDLED
    return "\n".join(house.replies(shown.conversation_id)[before:])


def agree(house, token: str, key: str = "mia", channel: str = "web") -> str:
    return press(house, open_link(house, token, key, channel), "I agree", key, channel)


def known_of(house, key: str = "mia"):
    with house.store.read() as session:
        patient = session.scalars(select(Patient).where(Patient.channel_key == key)).one()
        return (
            treatment_of(session, patient.id),
            personal_of(session, patient, house.services.clinic),
            patient.record_id,
        )


def said(house, key: str) -> str:
    return house.services.wording.get(key).text[:25]


def test_a_token_fits_telegram_and_is_told_from_others(house):
    tokens, ends = Tokens("k" * 32), house.clock.now().replace(microsecond=0)
    token = tokens.make(2**31, ends)
    assert len(token) <= 64
    assert set(token) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")
    facts_of = tokens.read(token)
    assert (facts_of.enrolment_id, facts_of.expires_at) == (2**31, ends)
    assert tokens.make(2**31, ends) != token
    assert Tokens("other" * 8).read(token) is None
    for wrong in ("", "hello", token[:-1], token + "A", "A" * 55, token[::-1], token.replace(token[8], "ä")):
        assert tokens.read(wrong) is None
    assert is_token_of(token, token_hash(token))


def test_agreeing_ties_the_chat_and_keeps_the_consent_with_its_version(house, nurse):
    made = enrol(house, nurse, personal={"minox_after_h": 72.0})
    shown = open_link(house, made.token)
    assert "999" in shown.text
    assert "staff can read" in shown.text
    treatment, _, record_id = known_of(house)
    assert (treatment, record_id) == (None, None)
    reply = press(house, shown, "I agree")
    assert "09:00 today" in reply
    treatment, personal, record_id = known_of(house)
    assert (treatment.ended_at, treatment.certainty, treatment.depth_mm) == (
        house.clock.now() - 3 * HOUR,
        "recorded",
        1.0,
    )
    assert personal == {"minox_after_h": 72.0}
    with house.store.read() as session:
        consent = session.scalars(select(Consent)).one()
        assert (consent.agreed, consent.version, consent.message_id, consent.at) == (
            True,
            house.services.wording.get("utter_consent").version,
            shown.id,
            house.clock.now(),
        )
        assert consent.version
    assert {"enrolment_created", "enrolment_opened", "consent_given"} <= {row.action for row in house.audit()}


def test_words_for_a_button_are_the_button(house, nurse):
    open_link(house, enrol(house, nurse).token)
    house.receive("i agree.", "mia")
    assert known_of(house)[0] is not None


def test_a_red_flag_in_place_of_an_answer_is_screened(house, nurse):
    open_link(house, enrol(house, nurse).token)
    received = house.receive(URGENT, "mia")
    assert received.tier
    assert known_of(house)[0] is None


def test_declining_leaves_the_chat_without_the_record_and_the_link_usable(house, nurse):
    made = enrol(house, nurse)
    shown = open_link(house, made.token)
    assert press(house, shown, "No thanks").startswith(said(house, "utter_consent_declined"))
    assert known_of(house)[2] is None
    assert house.receive("when can i wash my hair", "mia").message_id
    assert agree(house, made.token).startswith(said(house, "utter_enrolled")[:10])
    with house.store.read() as session:
        assert [row.agreed for row in session.scalars(select(Consent).order_by(Consent.id))] == [False, True]


def test_a_link_works_once(house, nurse):
    made = enrol(house, nurse)
    late = open_link(house, made.token, "eve")
    agree(house, made.token)
    assert said(house, "utter_link_used") in press(house, late, "I agree", "eve")
    assert known_of(house, "eve")[2] is None
    assert said(house, "utter_link_used") in open_link(house, made.token, "eve").text
    assert said(house, "utter_link_here") in open_link(house, made.token).text


def test_a_link_runs_out_also_between_opening_and_agreeing(house, nurse):
    made = enrol(house, nurse)
    shown = open_link(house, made.token)
    house.clock.advance(LINK_LIFE + HOUR)
    assert said(house, "utter_link_expired") in press(house, shown, "I agree")
    assert said(house, "utter_link_expired") in open_link(house, made.token).text
    assert known_of(house)[2] is None


def test_a_new_link_ends_the_old_one(house, nurse):
    old = enrol(house, nurse)
    new = house.services.enrolling.renew(nurse, old.enrolment_id)
    assert said(house, "utter_link_expired") in open_link(house, old.token).text
    agree(house, new.token)
    with pytest.raises(DeskError):
        house.services.enrolling.renew(nurse, new.enrolment_id)


@pytest.mark.parametrize("token", ["Zm9vYmFyYmF6cXV4cXV1eA", "A" * 55, "", "<script>"])
def test_a_foreign_token_is_explained(house, nurse, token):
    shown = open_link(house, token)
    assert said(house, "utter_link_foreign") in shown.text
    assert house.services.clinic.contacts.phone in shown.text


def test_a_genuine_token_of_a_house_that_was_restored_from_before_is_foreign(house, nurse):
    made = enrol(house, nurse)
    with house.store.write() as session:
        session.get_one(Enrolment, made.enrolment_id).token_hash = "0" * 64
    assert said(house, "utter_link_foreign") in open_link(house, made.token).text


def test_the_clinic_knows_the_hour_but_a_later_day_that_the_patient_named_stays(house, nurse):
    house.receive("hello", "mia")
    early, late = enrol(house, nurse, 3), enrol(house, nurse, 24 * 9)
    with house.store.write() as session:
        session.add(row(1, house.clock.now() - 1 * HOUR, "said", house))
    agree(house, early.token)
    assert known_of(house)[0].certainty == "recorded"
    with house.store.write() as session:
        session.add(row(1, house.clock.now() - 1 * HOUR, "said", house))
    agree(house, late.token)
    treatment, _, record_id = known_of(house)
    assert (treatment.certainty, record_id is not None) == ("said", True)


def test_agreeing_touches_nobody_elses_session(house, nurse):
    house.receive("hello", "ben")
    house.receive("hello", "mia")
    with house.store.write() as session:
        patients = {one.channel_key: one.id for one in session.scalars(select(Patient))}
        session.add(row(patients["mia"], house.clock.now() - 4 * HOUR, "said", house))
        session.add(row(patients["ben"], house.clock.now() - 120 * HOUR, "said", house))
    before = known_of(house, "ben")
    agree(house, enrol(house, nurse, 3).token)
    assert known_of(house, "ben") == before
    assert known_of(house)[0].ended_at == house.clock.now() - 3 * HOUR


def test_what_was_reported_gives_way_to_the_longer_wait_of_a_deeper_session(house, nurse):
    house.receive("hello", "mia")
    with house.store.write() as session:
        session.scalars(select(Patient)).one().personal = {"minox_after_h": 36.0, "wash_h": 72.0}
        deep = row(1, house.clock.now() - 3 * HOUR, "said", house)
        deep.depth_mm = 1.5
        session.add(deep)
    assert known_of(house)[1] == {"wash_h": 72.0}


@pytest.mark.parametrize(("certainty", "days"), [("said", 36 / 24), ("vague", 59 / 24)])
def test_the_screen_counts_a_vague_day_from_its_beginning(house, certainty: str, days: float):
    ended = house.clock.now() - 37 * HOUR  # Sunday at 23:00
    assert days_since(Treatment(ended, certainty), ended + 36 * HOUR, UTC) == days


def test_a_vague_word_gives_way_to_the_record(house, nurse):
    house.receive("hello", "mia")
    with house.store.write() as session:
        session.add(row(1, house.clock.now() - 1 * HOUR, "vague", house))
    agree(house, enrol(house, nurse, 72).token)
    assert known_of(house)[0].ended_at == house.clock.now() - 72 * HOUR


def test_a_second_session_adds_to_the_record_and_the_newest_ended_counts(house, nurse):
    agree(house, enrol(house, nurse, 24 * 30).token)
    record_id = known_of(house)[2]
    enrol(house, nurse, 2, record_id)
    assert known_of(house)[0].ended_at == house.clock.now() - 2 * HOUR  # at once: the chat is tied already
    enrol(house, nurse, 24 * 60, record_id)
    assert known_of(house)[0].ended_at == house.clock.now() - 2 * HOUR
    with house.store.read() as session:
        assert len(session.scalars(rows_of(1)).all()) == 3


def test_a_person_entered_twice_becomes_one_record(house, nurse):
    agree(house, enrol(house, nurse, 24 * 30).token)
    first = known_of(house)[2]
    agree(house, enrol(house, nurse, 2).token)
    treatment, _, record_id = known_of(house)
    assert record_id != first
    assert treatment.ended_at == house.clock.now() - 2 * HOUR
    with house.store.read() as session:
        assert session.scalars(select(CareRecord.id)).all() == [record_id]
        assert {one.record_id for one in session.scalars(select(TreatmentRow))} == {record_id}
        assert {one.record_id for one in session.scalars(select(Enrolment))} == {record_id}


def test_two_people_on_one_phone_stay_two(house, nurse):
    agree(house, enrol(house, nurse, 24 * 3, identity=Identity("A-1")).token)
    mine = known_of(house)
    shown = open_link(house, enrol(house, nurse, 2, identity=Identity("B-2")).token)
    assert shown.text.startswith(said(house, "utter_link_another"))
    assert not shown.buttons
    assert known_of(house) == mine
    assert house.case(shown.conversation_id).reason == "link_of_another"
    with house.store.read() as session:
        assert set(session.scalars(select(CareRecord.patient_number))) == {"A-1", "B-2"}


def test_two_chats_of_one_record_know_the_same(house, nurse):
    agree(house, enrol(house, nurse, 24 * 30).token)
    second = enrol(house, nurse, 2, known_of(house)[2])
    agree(house, second.token, "mia-phone", "telegram")
    assert known_of(house)[0] == known_of(house, "mia-phone")[0]


def test_metadata_for_rasa_is_read_off_the_record(house, nurse):
    agree(house, enrol(house, nurse, personal={"minox_after_h": 72.0}).token)
    with house.store.read() as session:
        now = house.clock.now()
        given = facts(session, conversation_of(session, "web", "mia", now), now, house.services.clinic)
    assert given["treatment"]["certainty"] == "recorded"
    assert given["personal"] == {"minox_after_h": 72.0}


def test_a_correction_keeps_what_it_does_not_say(house, nurse):
    agree(house, enrol(house, nurse, personal={"minox_after_h": 72.0}).token)
    now = house.clock.now()
    with house.store.write() as session:
        patient = conversation_of(session, "web", "mia", now).patient
        correct(session, now, patient, Treatment(now - HOUR, "said"), "patient")
    with house.store.read() as session:
        counting = row_in_force(session, 1)
    assert (counting.certainty, counting.depth_mm, counting.area, counting.told_by) == ("said", 1.0, "crown", "patient")
    assert known_of(house)[1] == {"minox_after_h": 72.0}


def test_what_the_patient_reports_counts_only_where_it_is_longer(house, nurse):
    agree(house, enrol(house, nurse, personal={"minox_after_h": 72.0}).token)
    for reported, expected in ((48.0, 72.0), (96.0, 96.0)):
        with house.store.write() as session:
            session.get_one(Patient, 1).personal = {"minox_after_h": reported}
        assert known_of(house)[1] == {"minox_after_h": expected}


def test_reviewers_enter_nothing(house):
    with pytest.raises(DeskError):
        enrol(house, house.staff(role=Role.REVIEWER))


@pytest.mark.sqlite
def test_neither_token_nor_name_stands_in_the_audit_or_the_database_beside_the_record(house, nurse):
    made = enrol(house, nurse)
    agree(house, made.token)
    kept = str([(one.action, one.detail) for one in house.audit()])
    assert made.token not in kept
    assert "Mia" not in kept
    with house.store.engine.connect() as connection:
        dump = "\n".join(str(line) for line in connection.connection.driver_connection.iterdump())
    assert made.token not in dump


def test_the_consent_text_changes_only_together_with_its_version(house):
    keys = sorted(key for key in house.services.wording if key.startswith("utter_consent") and "button" not in key)
    texts = "\n".join(house.services.wording.get(key).text for key in keys if key != "utter_consent_declined")
    known = {"1": "6908fa8eea683afb", "2": "9a51c2dd51888d54"}
    version = house.services.wording.get("utter_consent").version
    assert known.get(version) == hashlib.sha256(texts.encode()).hexdigest()[:16], "raise utter_consent's version"


@pytest.mark.parametrize("payload", ["/affirm", "", None, "aftercare:", "aftercare:steal:1", "mailto:x"])
def test_other_payloads_are_no_choices_of_ours(payload):
    assert Choice.read(payload) is None


def row(patient_id: int, ended_at, certainty: str, house) -> TreatmentRow:
    return TreatmentRow(
        patient_id=patient_id, ended_at=ended_at, certainty=certainty, told_by="patient", created_at=house.clock.now()
    )


def training_of(house, key: str = "mia"):
    with house.store.read() as session:
        return session.scalars(select(Patient).where(Patient.channel_key == key)).one().training_at


def newest(house, conversation_id: str) -> Message:
    return house.messages(conversation_id, Author.BOT)[-1]


def test_consent_to_training_is_asked_apart_is_no_without_an_answer_and_can_be_taken_back(house, nurse):
    shown = open_link(house, enrol(house, nurse).token)
    press(house, shown, "I agree")
    asked = newest(house, shown.conversation_id)
    assert asked.text.startswith("One more thing")
    assert training_of(house) is None
    assert "Thank you" in press(house, asked, "Yes, you may")
    assert training_of(house) == house.clock.now()
    assert "not used for teaching" in press(house, asked, "No, don't")
    assert training_of(house) is None
    actions = [row.action for row in house.audit() if row.action.startswith("training")]
    assert actions == ["training_agreed", "training_refused"]


def test_who_said_yes_to_training_is_not_asked_again(house, nurse):
    shown = open_link(house, enrol(house, nurse).token)
    press(house, shown, "I agree")
    press(house, newest(house, shown.conversation_id), "Yes, you may")
    assert "One more thing" not in agree(house, enrol(house, nurse).token)


def test_who_refuses_the_link_is_not_asked_about_training(house, nurse):
    assert "One more thing" not in press(house, open_link(house, enrol(house, nurse).token), "No thanks")
