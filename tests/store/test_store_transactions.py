"""What the database promises: transactions, writers that queue, instants in UTC, and errors without patients' words."""

import threading
import time
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError, StatementError

from bot.store.database import Store
from bot.store.tables import Base, Case, CaseState, Message, Patient
from bot.store.types import UtcDateTime
from tests.house import KEYS, TUESDAY_NOON, House


def patient(key: str, at: datetime = TUESDAY_NOON) -> Patient:
    return Patient(channel="web", channel_key=key, created_at=at, personal={})


def keys(store: Store) -> list[str]:
    with store.read() as session:
        return list(session.scalars(select(Patient.channel_key).order_by(Patient.id)))


def test_a_naive_time_is_refused_before_it_reaches_a_row(house: House):
    with pytest.raises(StatementError, match="naive"), house.store.write() as session:
        session.add(patient("ana", datetime(2026, 11, 17, 12, 0)))
    assert keys(house.store) == []


def test_a_time_of_any_zone_comes_back_as_the_same_instant_in_utc(house: House):
    there = datetime(2026, 11, 17, 12, 0, tzinfo=timezone(timedelta(hours=5, minutes=45)))
    with house.store.write() as session:
        session.add(patient("ana", there))
    with house.store.read() as session:
        back = session.scalars(select(Patient.created_at)).one()
    assert back == there
    assert back.utcoffset() == timedelta(0)


def test_every_instant_of_every_table_is_kept_by_our_type():
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if "DATETIME" in str(column.type).upper() or column.name.endswith(("_at", "_until")):
                assert isinstance(column.type, UtcDateTime), f"{table.name}.{column.name}"


def test_a_write_that_raises_leaves_nothing_behind(house: House):
    def write_and_fail() -> None:
        with house.store.write() as session:
            session.add(patient("ana"))
            session.flush()
            raise RuntimeError("as asked")

    with pytest.raises(RuntimeError):
        write_and_fail()
    assert keys(house.store) == []
    with house.store.write() as session:
        session.add(patient("ben"))
    assert keys(house.store) == ["ben"]


@pytest.mark.parametrize(
    ("pragma", "value"), [("journal_mode", "wal"), ("foreign_keys", 1), ("busy_timeout", 30000), ("synchronous", 1)]
)
@pytest.mark.sqlite
def test_every_connection_is_opened_as_we_rely_on(house: House, pragma: str, value: object):
    with house.store.engine.connect() as connection:
        assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value


def test_two_writers_at_once_queue_rather_than_fail(house: House):
    failures: list[BaseException] = []

    def count(store: Store) -> None:
        try:
            for _ in range(10):
                with store.write() as session:  # reads first and writes later: in plain WAL one of the two would fail
                    ana = session.scalars(select(Patient)).one()
                    time.sleep(0.002)
                    ana.personal = {"count": ana.personal["count"] + 1}
        except BaseException as failure:
            failures.append(failure)

    with house.store.write() as session:
        session.add(Patient(channel="web", channel_key="ana", created_at=TUESDAY_NOON, personal={"count": 0}))
    stores = [house.store, Store(house.store.url, house.store.keys)]
    threads = [threading.Thread(target=count, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    stores[1].close()
    assert not failures
    with house.store.read() as session:
        assert session.scalars(select(Patient)).one().personal == {"count": 20}


def test_a_reader_sees_what_was_committed_while_a_writer_is_busy(house: House):
    with house.store.write() as session:
        session.add(patient("ana"))
    with house.store.write() as session:
        session.add(patient("ben"))
        session.flush()
        assert keys(house.store) == ["ana"]


def test_the_words_of_a_patient_never_stand_in_a_database_error(house: House):
    received = house.receive("my secret worry", external_id="one")
    with pytest.raises(IntegrityError) as caught, house.store.write() as session:
        session.execute(update(Message).where(Message.id == received.message_id).values(text="my secret", author=None))
    assert "secret" not in str(caught.value)
    assert "hidden" in str(caught.value)


def test_a_second_open_case_of_a_conversation_is_refused_by_the_database(house: House):
    received = house.receive("hello")

    def case(state: CaseState) -> Case:
        return Case(
            conversation_id=received.conversation_id, tier=1, state=state, reason="concern", signs=[],
            opened_at=TUESDAY_NOON, due_at=TUESDAY_NOON,
        )  # fmt: skip

    with house.store.write() as session:
        session.add_all([case(CaseState.CLOSED), case(CaseState.CLOSED), case(CaseState.OPEN)])
    with pytest.raises(IntegrityError), house.store.write() as session:
        session.add(case(CaseState.WITH_CLINICIAN))


def test_the_folder_of_the_database_is_made(tmp_path: Path):
    store = Store(f"sqlite:///{tmp_path / 'a' / 'b' / 'aftercare.db'}", KEYS)
    store.migrate()
    with store.write() as session:
        session.add(patient("ana", datetime.now(UTC)))
    assert keys(store) == ["ana"]
    store.close()
