"""After erasing nothing of a person is left in any file, and everybody else has lost nothing."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.care.treatment import Treatment
from bot.conversation.record import correct, treatment_of
from bot.privacy.erasing import erase, erase_chat
from bot.privacy.person import PersonError, find_person
from bot.store.database import Store
from bot.store.tables import Base, Conversation, Message, Patient
from tests.house import HARMLESS, KEYS, URGENT, House
from tests.privacy.person import BORN, KEY, NAME, NOTE, NUMBER, WORDS, Known, count, make

STAYS = {"audit", "staff", "sealing_keys", "retention_runs", "alembic_version"}


def holding(folder: Path, marker: str) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file() and marker.encode() in path.read_bytes()]


def test_no_trace_is_left_in_any_file(house: House, known: Known, tmp_path: Path):
    assert holding(tmp_path, KEY)  # the address on Telegram stands unsealed, for it is looked up
    done = erase(house.services, known.conversation_id, "command")
    for trace in (KEY, NAME, NUMBER, BORN, WORDS, NOTE, known.conversation_id, known.stored_name):
        assert holding(tmp_path, trace) == []
    assert list(house.services.settings.uploads.iterdir()) == []
    for table in Base.metadata.sorted_tables:
        if table.name not in STAYS:
            with house.store.read() as session:
                assert session.execute(select(table)).all() == [], table.name
    assert done.removed["messages"] == 2
    assert done.removed["files"] == done.removed["consents"] == 1
    assert done.removed["message_words"] > 3


def test_the_audit_goes_on_without_saying_whom_it_was_about(house: House, known: Known):
    before = [(line.action, line.actor) for line in house.audit()]
    [name] = erase(house.services, known.conversation_id, "staff:1").audit_names
    after = house.audit()
    assert [(line.action, line.actor) for line in after[:-1]] == before
    assert after[-1].action == "patient_erased"
    assert {line.conversation_id for line in after} - {None} == {name}
    assert name.startswith("erased-")


def test_everybody_else_keeps_everything(house: House, known: Known, tmp_path: Path):
    other = make(house, "telegram-99-1234")
    stranger = house.receive(HARMLESS, "stranger").conversation_id
    before = [
        (one.conversation_id, one.text) for one in house.messages() if one.conversation_id != known.conversation_id
    ]
    erase(house.services, known.conversation_id, "command")
    assert [(one.conversation_id, one.text) for one in house.messages()] == before
    assert {one.conversation_id for one in house.cases()} == {other.conversation_id}
    assert house.services.files.read(other.stored_name).endswith(WORDS.encode())
    assert house.conversation(stranger)
    again = house.receive(URGENT, KEY, "telegram")
    assert again.conversation_id != known.conversation_id


def test_what_staff_corrected_in_a_deleted_chat_stays_in_the_record(house: House, known: Known):
    web = house.receive(WORDS, "web-key").conversation_id
    corrected = house.clock.now() - timedelta(days=2)
    with house.store.write() as session:
        session.scalars(select(Patient).where(Patient.channel == "web")).one().record_id = known.record_id
        chat = session.get_one(Conversation, known.conversation_id)
        correct(session, house.clock.now(), chat.patient, Treatment(corrected, "recorded"), "staff")
    erase_chat(house.services, known.conversation_id, "patient", lambda *_: True)
    with house.store.read() as session:
        known_now = treatment_of(session, session.get_one(Conversation, web).patient_id)
    assert known_now is not None
    assert known_now.ended_at == corrected


def test_a_chat_stays_where_it_may_not_go_any_more(house: House, known: Known):
    assert not erase_chat(house.services, known.conversation_id, "patient", lambda *_: False)
    assert len(house.messages(known.conversation_id)) == 2
    assert house.services.files.read(known.stored_name)


def test_all_chats_of_a_person_go_together(house: House, known: Known):
    web = house.receive(WORDS, "web-key").conversation_id
    with house.store.write() as session:
        session.scalars(select(Patient).where(Patient.channel == "web")).one().record_id = known.record_id
    erase(house.services, f"record:{known.record_id}", "command")
    assert house.messages(web) == []
    assert count(house, Conversation) == 0


@pytest.mark.parametrize("how", ["id", "beginning", "case", "record"])
def test_a_person_is_named_by_chat_case_or_record(house: House, known: Known, how: str):
    named = {
        "id": known.conversation_id,
        "beginning": known.conversation_id[:4],
        "case": f"case:{house.cases()[0].id}",
        "record": f"record:{known.record_id}",
    }[how]
    with house.store.read() as session:
        assert find_person(session, named).conversations == (known.conversation_id,)


@pytest.mark.parametrize("named", ["", "abc", "zzzzzz", "case:99", "record:99", "case:x", "%%%%", "____", "a' OR 1=1"])
def test_who_is_nobody_is_said_so_and_nothing_is_erased(house: House, known: Known, named: str):
    with pytest.raises(PersonError):
        erase(house.services, named, "command")
    assert count(house, Message) >= 2


def test_where_it_fails_in_between_it_can_be_done_again(house: House, known: Known, monkeypatch: pytest.MonkeyPatch):
    def fail(*_: object) -> None:
        raise OSError("the disk is gone")

    with monkeypatch.context() as broken:
        broken.setattr("bot.privacy.erasing._remove_rows", fail)
        with pytest.raises(OSError, match="disk"):
            erase(house.services, known.conversation_id, "command")
    assert count(house, Message) == 2
    assert {line.conversation_id for line in house.audit()} == {known.conversation_id}
    erase(house.services, known.conversation_id, "command")
    assert count(house, Message) == 0


def test_every_column_that_names_a_conversation_or_case_is_seen_to():
    """A table that points at them without a foreign key would be left behind: the audit alone does, and is renamed."""
    loose = [
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.name in ("conversation_id", "case_id", "patient_id", "message_id", "record_id")
        and not column.foreign_keys
    ]
    assert sorted(loose) == ["audit.case_id", "audit.conversation_id"]


def test_a_store_with_nobody_in_it_has_nobody_to_erase(tmp_path: Path):
    store = Store(f"sqlite:///{tmp_path / 'new.db'}", KEYS)
    store.migrate()
    with store.read() as session, pytest.raises(PersonError, match="no conversation"):
        find_person(session, "abcd")
    store.close()
