"""Work is taken by one process, and by nobody twice: on SQLite, and on PostgreSQL where there is one."""

from collections.abc import Iterator
from pathlib import Path
from threading import Barrier, Thread

import pytest
from sqlalchemy import select, update

from bot.store.claims import claim
from bot.store.database import Store
from bot.store.tables import Conversation, Event, Owner, Patient
from tests.databases import Files, migrated, postgresql
from tests.house import KEYS, TUESDAY_NOON


@pytest.fixture(params=["sqlite", "postgresql"])
def stores(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Store, Store]]:
    """One database, opened as by two processes, with thirty patients in it."""
    place = Files() if request.param == "sqlite" else postgresql()
    url = migrated(place, tmp_path, KEYS)
    pair = Store(url, KEYS), Store(url, KEYS)
    with pair[0].write() as session:
        session.add_all(
            Patient(channel="web", channel_key=str(number), created_at=TUESDAY_NOON, personal={})
            for number in range(30)
        )
    yield pair
    for store in pair:
        store.close()
    place.close()


def take(store: Store, most: int | None = None) -> list[int]:
    with store.claims() as session:
        return claim(session, Patient, Patient.blocked_at.is_(None), most=most, blocked_at=TUESDAY_NOON)


def test_what_is_taken_is_ours_oldest_first_and_no_more_than_asked_for(stores: tuple[Store, Store]):
    assert take(stores[0], 3) == [1, 2, 3]
    assert take(stores[1], 2) == [4, 5]
    assert len(take(stores[0])) == 25
    assert take(stores[1]) == []


def test_two_that_reach_at_once_never_get_the_same(stores: tuple[Store, Store]):
    start, taken = Barrier(8), []

    def reach(store: Store) -> None:
        start.wait()
        while got := take(store, 1):
            taken.extend(got)

    threads = [Thread(target=reach, args=(stores[number % 2],)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # Whoever finds every free row held goes away; on PostgreSQL what they left is there for the next.
    taken.extend(take(stores[0]))
    assert sorted(taken) == list(range(1, 31))


@pytest.mark.parametrize("stores", ["postgresql"], indirect=True)  # on SQLite whoever claims waits for the writer
def test_a_row_that_a_writer_holds_is_passed_over_rather_than_waited_for(stores: tuple[Store, Store]):
    with stores[0].write() as session:
        session.execute(update(Patient).where(Patient.id == 1).values(zone="Europe/London"))
        assert take(stores[1], 2) == [2, 3]
    assert take(stores[1], 1) == [1]


def test_who_reads_on_from_the_last_id_they_saw_misses_nothing(stores: tuple[Store, Store]):
    start, missed, over = Barrier(5), [], []

    def write(store: Store) -> None:
        start.wait()
        for number in range(40):
            with store.write() as session:
                session.add(Event(conversation_id="one", kind="message", data={}, at=TUESDAY_NOON))
                session.flush()
                if number % 5 == 0:  # some hold their id for longer than others
                    session.execute(select(Patient)).all()

    def read() -> None:
        start.wait()
        seen: list[int] = []
        while True:
            last = bool(over)
            with stores[0].read() as session:
                newest = seen[-1] if seen else 0
                seen += session.scalars(select(Event.id).where(Event.id > newest).order_by(Event.id))
            if last:
                missed.extend(set(range(1, 161)) - set(seen))
                return

    with stores[0].write() as session:
        session.add(Conversation(id="one", patient_id=1, owner=Owner.BOT, created_at=TUESDAY_NOON))
    reader = Thread(target=read)
    writers = [Thread(target=write, args=(stores[number % 2],)) for number in range(4)]
    for thread in (reader, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    over.append(True)
    reader.join()
    assert missed == []
