"""The migrations lead from nothing to exactly the tables that the code uses."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text

from bot.conversation.record import row_in_force
from bot.store.database import Store
from bot.store.tables import Base, CareRecord, Conversation, Patient
from tests.house import KEYS
from tests.store.first_schema import over


def test_migrating_from_empty_gives_the_tables_of_the_models(tmp_path: Path):
    store = Store(f"sqlite:///{tmp_path / 'new' / 'aftercare.db'}", KEYS)
    store.migrate()
    with store.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
        names = set(inspect(connection).get_table_names())
        found = {
            name: {index["name"]: bool(index["unique"]) for index in inspect(connection).get_indexes(name)}
            for name in names
        }
    assert names == {*Base.metadata.tables, "alembic_version"}
    assert found["cases"]["ix_cases_one_open"]
    assert {"ix_messages_waiting", "ix_messages_outbox"} <= set(found["messages"])
    store.close()


def test_conversations_from_before_the_symptom_check_have_none_and_it_can_be_taken_back(tmp_path: Path):
    store = Store(f"sqlite:///{tmp_path / 'aftercare.db'}", KEYS)
    with store.engine.begin() as connection:
        command.upgrade(over(connection), "0001")
        connection.exec_driver_sql(
            "INSERT INTO patients (id, channel, channel_key, created_at, personal)"
            " VALUES (1, 'web', 'ana', '2026-11-17 12:00:00', '{}')"
        )
        connection.exec_driver_sql(
            "INSERT INTO conversations (id, patient_id, owner, created_at)"
            " VALUES ('one', 1, 'bot', '2026-11-17 12:00:00')"
        )
    store.migrate()
    with store.read() as session:
        kept = session.get_one(Conversation, "one")
        assert (kept.check_step, kept.check_at, kept.check_due_at) == (None, None, None)
    with store.engine.begin() as connection:
        config = over(connection)
        command.downgrade(config, "0001")
        columns = {column["name"] for column in inspect(connection).get_columns("conversations")}
        assert not {"check_step", "check_at", "check_due_at"} & columns
        assert connection.exec_driver_sql("SELECT count(*) FROM conversations").scalar() == 1
    store.close()


def test_migrating_again_keeps_what_is_there(house):
    received = house.receive("hello")
    house.store.migrate()
    assert house.message(received.message_id).text == "hello"


def test_sessions_from_before_enrolment_keep_counting_and_it_can_be_taken_back(tmp_path: Path):
    store = Store(f"sqlite:///{tmp_path / 'aftercare.db'}", KEYS)
    with store.engine.begin() as connection:
        command.upgrade(over(connection), "0002")
        connection.exec_driver_sql(
            "INSERT INTO patients (id, channel, channel_key, created_at, personal)"
            " VALUES (1, 'web', 'ana', '2026-11-17 12:00:00', '{}')"
        )
        connection.exec_driver_sql(
            "INSERT INTO treatments (patient_id, ended_at, certainty, told_by, created_at)"
            " VALUES (1, '2026-11-17 09:00:00', 'said', 'patient', '2026-11-17 12:00:00')"
        )
    store.migrate()
    with store.read() as session:
        kept = row_in_force(session, 1)
        assert kept is not None
        assert (kept.certainty, kept.personal, kept.set_aside, kept.record_id) == ("said", {}, False, None)
    with store.write() as session:
        session.add(CareRecord(id=7, called="Mia", created_at=kept.created_at))
        session.flush()
        session.get_one(Patient, 1).record_id = 7
    with store.engine.begin() as connection:
        config = over(connection)
        command.downgrade(config, "0002")
        assert "record_id" not in {column["name"] for column in inspect(connection).get_columns("patients")}
        assert connection.exec_driver_sql("SELECT count(*) FROM treatments").scalar() == 1
        command.upgrade(config, "head")
    store.close()


def test_a_session_that_another_patients_record_took_along_goes_back(tmp_path: Path):
    store = Store(f"sqlite:///{tmp_path / 'aftercare.db'}", KEYS)
    with store.engine.begin() as connection:
        command.upgrade(over(connection), "0014_wished_away")
        connection.exec_driver_sql(
            "INSERT INTO care_records (id, called, created_at) VALUES (7, '', '2026-11-17 12:00:00')"
        )
        for patient, record in ((1, 7), (2, None)):
            connection.execute(
                text(
                    "INSERT INTO patients (id, channel, channel_key, created_at, personal, record_id)"
                    " VALUES (:patient, 'web', :key, '2026-11-17 12:00:00', '{}', :record)"
                ),
                {"patient": patient, "key": f"key{patient}", "record": record},
            )
            connection.execute(
                text(
                    "INSERT INTO treatments (patient_id, record_id, ended_at, certainty, told_by, created_at, personal,"
                    " set_aside) VALUES (:patient, 7, '2026-11-15 09:00:00', 'said', 'patient', '2026-11-17 12:00:00',"
                    " '{}', 0)"
                ),
                {"patient": patient},
            )
    store.migrate()
    with store.read() as session:
        mine, theirs = row_in_force(session, 1), row_in_force(session, 2)
    assert mine is not None
    assert theirs is not None
    assert (mine.patient_id, mine.record_id) == (1, 7)
    assert (theirs.patient_id, theirs.record_id) == (2, None)
    store.close()
