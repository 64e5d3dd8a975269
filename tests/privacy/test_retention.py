"""What is kept too long goes, once a day, by one bot; nothing of an open case does."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.care.clinic_sections import Privacy
from bot.conversation.uploads import keep
from bot.privacy.retention import GIVEN_UP, Retention
from bot.store.tables import (
    Attachment,
    Audit,
    CaseState,
    Consent,
    Conversation,
    Enrolment,
    Event,
    Kind,
    Message,
    MessageWord,
    Note,
    Outcome,
    Patient,
    RetentionRun,
    SignInLink,
    StaffSession,
)
from tests.house import HARMLESS, URGENT, House
from tests.privacy.person import Known, count, make

NOTHING = dict.fromkeys(key for key in Privacy.model_fields if key.endswith(("_days", "_hours")))


@pytest.fixture
def keeping(house: House) -> Callable[..., Retention]:
    """Retention with these figures and no others."""

    def of(**figures: float | None) -> Retention:
        privacy = house.services.clinic.privacy.model_copy(update={**NOTHING, **figures})
        clinic = house.services.clinic.model_copy(update={"privacy": privacy})
        return replace(Retention.of(house.services), clinic=clinic)

    return of


def close_case(house: House) -> None:
    with house.store.write() as session:
        case = session.merge(house.cases()[0])
        case.state, case.outcome, case.closed_at = CaseState.CLOSED, Outcome.SEEN, house.clock.now()


def photo(house: House, key: str) -> str:
    upload = keep(house.services.files, b"\xff\xd8\xff photo")
    house.receive("look", key, kind=Kind.PHOTO, uploads=(upload,))
    return upload.stored_name


def test_chats_go_with_their_files_events_and_words_and_young_ones_stay(
    house: House, keeping: Callable[..., Retention]
):
    photo(house, "old")
    old = house.receive(HARMLESS, "old").conversation_id
    house.clock.advance(timedelta(days=31))
    young = house.receive(HARMLESS, "young").conversation_id
    removed = keeping(chat_days=30).clear("bot")
    assert house.messages(old) == []
    assert len(house.messages(young)) == 1
    assert {event.conversation_id for event in house.events()} == {young}
    assert list(house.services.settings.uploads.iterdir()) == []
    assert (removed["messages"], removed["attachments"], removed["files"], removed["patients"]) == (2, 1, 1, 1)
    with house.store.read() as session:
        assert [one.id for one in session.scalars(select(Conversation))] == [young]
        indexed = set(session.scalars(select(MessageWord.message_id)))
    assert indexed == {house.messages(young)[0].id}


def test_a_patient_with_an_open_case_keeps_everything(house: House, keeping: Callable[..., Retention]):
    known = make(house)
    house.clock.advance(timedelta(days=3000))
    assert not keeping(chat_days=7, photo_days=7, case_days=30, event_days=7).clear("bot")
    assert len(house.messages(known.conversation_id)) == 2
    assert house.services.files.read(known.stored_name)
    close_case(house)
    house.clock.advance(timedelta(days=31))
    removed = keeping(chat_days=7, photo_days=7, case_days=30, event_days=7).clear("bot")
    assert (removed["cases"], removed["notes"], removed["attachments"]) == (1, 1, 1)
    assert count(house, Event) == count(house, Note) == count(house, Attachment) == 0
    assert count(house, Patient) == 1  # of whom the clinic has a record


def test_an_open_case_keeps_the_other_chats_of_the_same_person(house: House, keeping: Callable[..., Retention]):
    known = make(house)
    web = house.receive(HARMLESS, "web-key").conversation_id
    with house.store.write() as session:
        session.get_one(Conversation, web).patient.record_id = known.record_id
    stranger = house.receive(HARMLESS, "stranger").conversation_id
    house.clock.advance(timedelta(days=3000))
    keeping(chat_days=7, photo_days=7, case_days=30, event_days=7).clear("bot")
    assert house.messages(web)
    assert not house.messages(stranger)


def test_messages_that_are_kept_are_still_shown_once_the_log_is_cut(house: House, keeping: Callable[..., Retention]):
    thread = house.receive(HARMLESS).conversation_id
    house.clock.advance(timedelta(days=60))
    keeping(event_days=30).clear("bot")
    with house.store.read() as session:
        kinds = {one.kind for one in session.scalars(select(Event).where(Event.conversation_id == thread))}
    assert kinds == {"message"}


def test_a_patient_whom_a_clinician_has_keeps_everything(house: House, keeping: Callable[..., Retention]):
    received = house.receive(HARMLESS)
    house.services.desk.take_over(house.staff(), received.conversation_id)
    close_case(house)
    house.clock.advance(timedelta(days=3000))
    assert not keeping(chat_days=7, case_days=30).clear("bot")["messages"]
    assert house.messages(received.conversation_id)


def test_what_shows_the_consent_stays_with_its_link(house: House, keeping: Callable[..., Retention]):
    make(house)
    close_case(house)
    house.clock.advance(timedelta(days=3000))
    keeping(chat_days=7, link_days=7).clear("bot")
    with house.store.read() as session:
        [consent] = session.scalars(select(Consent))
        assert [one.id for one in session.scalars(select(Message))] == [consent.message_id]
        assert [one.id for one in session.scalars(select(Enrolment))] == [consent.enrolment_id]


def test_photos_may_go_before_what_was_written(house: House, keeping: Callable[..., Retention]):
    name = photo(house, "ana")
    house.clock.advance(timedelta(days=8))
    assert keeping(photo_days=7).clear("bot") == {"attachments": 1, "files": 1}
    assert [message.text for message in house.messages()] == ["look"]
    with pytest.raises(FileNotFoundError):
        house.services.files.read(name)


def test_sign_ins_and_links_go_after_they_ran_out(house: House, keeping: Callable[..., Retention]):
    staff, now = house.staff(), house.clock.now()
    with house.store.write() as session:
        for at, name in ((now, "old"), (now + timedelta(days=20), "new")):
            session.add(SignInLink(token_hash=name, staff_id=staff.id, expires_at=at))
            times = {"created_at": now, "expires_at": at, "seen_at": now}
            session.add(StaffSession(token_hash=name, staff_id=staff.id, csrf="c", **times))
    house.clock.advance(timedelta(days=30, seconds=1))
    assert keeping(sign_in_days=30).clear("bot") == {"staff_sessions": 1, "sign_in_links": 1}


def test_the_audit_is_cut_and_what_was_cut_is_written_into_it(house: House, keeping: Callable[..., Retention]):
    house.receive(URGENT)
    house.clock.advance(timedelta(days=366))
    keeping(audit_days=365).clear("staff:1")
    [line] = house.audit()
    assert (line.action, line.actor, line.detail) == ("retention_run", "staff:1", {"removed": {"audit": 1}})


def test_null_keeps_everything(house: House, known: Known, keeping: Callable[..., Retention]):
    house.clock.advance(timedelta(days=9999))
    close_case(house)
    before = (count(house, Message), count(house, Event), count(house, Audit))
    assert not keeping().clear("bot")
    assert (count(house, Message), count(house, Event), count(house, Audit) - 1) == before


def test_one_of_several_bots_does_the_day_s_work_and_says_what_it_was(house: House, keeping: Callable[..., Retention]):
    photo(house, "ana")
    house.clock.advance(timedelta(days=8))
    first, second = keeping(photo_days=7), keeping(photo_days=7)
    assert first.of_today() == {"attachments": 1, "files": 1}
    assert second.of_today() is None
    with house.store.read() as session:
        [run] = session.scalars(select(RetentionRun))
    assert (run.day, run.removed) == (house.clock.now().date(), {"attachments": 1, "files": 1})
    assert run.finished_at
    house.clock.advance(timedelta(days=1))
    assert second.of_today() is not None


def test_a_run_whose_bot_died_is_taken_up_by_another(house: House, keeping: Callable[..., Retention]):
    with house.store.write() as session:
        session.add(RetentionRun(day=house.clock.now().date(), started_at=house.clock.now(), removed={}))
    assert keeping().of_today() is None
    house.clock.advance(GIVEN_UP)
    assert keeping().of_today() is not None


def test_a_file_of_no_message_goes_after_a_day(house: House, keeping: Callable[..., Retention]):
    import os

    files = house.services.files
    kept, stray, of_another_database = photo(house, "ana"), files.keep(b"stray"), files.keep(b"older than all of ours")
    house.clock.advance(timedelta(days=3))
    for name, days in ((kept, 2), (stray, 2), (of_another_database, 4)):
        old = (house.clock.now() - timedelta(days=days)).timestamp()
        os.utime(house.services.settings.uploads / name, (old, old))
    fresh = files.keep(b"on its way")
    assert keeping().clear("bot") == {"files": 1}
    left = sorted(path.name for path in house.services.settings.uploads.iterdir())
    assert left == sorted([kept, of_another_database, fresh])
