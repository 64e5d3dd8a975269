"""What stands on the disk: nothing anybody wrote, and nothing that opens without its key."""

from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Text, select, type_coerce

from bot.store.database import MIGRATIONS, Store
from bot.store.keys import KeyRing, SealingError
from bot.store.sealed import PREFIX, open_text, prefix_of, seal_text
from bot.store.sealing import BATCH, sealed_columns
from bot.store.tables import Base, CareRecord, Case, Message, Note, SealingKey, TreatmentRow
from tests.house import KEY, KEYS, URGENT, House

MARKER = "Zwetschgenkuchen"
OTHER = "ab" * 32
PLAIN = (
    "INSERT INTO patients (id, channel, channel_key, created_at, personal)"
    " VALUES (1, 'web', 'ana', '2026-11-17 12:00:00', '{}')",
    "INSERT INTO conversations (id, patient_id, owner, created_at) VALUES ('one', 1, 'bot', '2026-11-17 12:00:00')",
)


def holding(folder: Path, marker: str) -> list[str]:
    """The files under a folder that hold these words, in UTF-8 or UTF-16."""
    written = [marker.encode(), marker.encode("utf-16-le")]
    found = [path for path in folder.rglob("*") if path.is_file()]
    assert found
    return [path.name for path in found if any(one in path.read_bytes() for one in written)]


def config_for(store: Store) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


@pytest.mark.sqlite
def test_no_file_of_the_database_holds_what_was_written(house: House, tmp_path: Path):
    received = house.receive(f"{URGENT} {MARKER}")
    verdict = {"tier": "urgent", "signs": [{"id": "x", "tier": "urgent", "evidence": MARKER}], "lowered": []}
    staff = house.staff()
    with house.store.write() as session:
        message = session.get_one(Message, received.message_id)
        message.verdict, message.payload = verdict, MARKER
        message.buttons = [{"title": MARKER, "payload": MARKER}]
        case = session.scalars(select(Case)).one()
        case.signs, case.closing_note = [{"evidence": MARKER, "tier": "urgent"}], MARKER
        now = house.clock.now()
        session.add(
            Note(conversation_id=received.conversation_id, staff_id=staff.id, key="k", text=MARKER, created_at=now)
        )
        session.add(CareRecord(called=MARKER, created_at=now))
        session.add(
            TreatmentRow(patient_id=1, ended_at=now, certainty="said", told_by="patient", created_at=now, area=MARKER,
                         device=MARKER, done_by=MARKER)
        )  # fmt: skip
    upload = house.services.files.keep(MARKER.encode() * 3)
    assert (tmp_path / "aftercare.db-wal").stat().st_size > 0  # the log is looked through as well
    assert holding(tmp_path, MARKER) == []
    back = house.message(received.message_id)
    assert (back.verdict, back.payload, back.buttons[0]["title"]) == (verdict, MARKER, MARKER)
    assert MARKER in back.text
    assert house.services.files.read(upload).decode() == MARKER * 3


def test_the_same_words_are_sealed_differently_each_time():
    first, second = seal_text(KEYS, MARKER), seal_text(KEYS, MARKER)
    assert first != second
    assert open_text(KEYS, first) == open_text(KEYS, second) == MARKER


@pytest.mark.parametrize("at", [len(prefix_of(KEYS)) + 2, -3])
def test_what_was_changed_on_the_disk_does_not_open(at: int):
    sealed = list(seal_text(KEYS, MARKER))
    sealed[at] = "A" if sealed[at] != "A" else "B"
    with pytest.raises(SealingError, match="changed"):
        open_text(KEYS, "".join(sealed))


def test_a_key_that_is_not_there_is_named_with_the_mend():
    with pytest.raises(SealingError, match=f"{KEYS.newest.id.hex()} is missing: put it back"):
        open_text(KeyRing.read(OTHER), seal_text(KEYS, MARKER))


@pytest.mark.parametrize("wrong", ["", "ab" * 31, "not hex at all", f"{KEY},short"])
def test_a_wrong_key_is_refused_with_the_mend(wrong: str):
    with pytest.raises(SealingError, match="openssl rand -hex 32"):
        KeyRing.read(wrong)


def test_the_start_is_refused_while_the_key_of_the_database_is_missing(house: House):
    house.receive("hello")
    house.store.migrate()
    stranger = Store(house.store.url, KeyRing.read(OTHER))
    with pytest.raises(
        SealingError, match=r"sealed with the encryption key .* put it back into AFTERCARE_ENCRYPTION_KEYS"
    ):
        stranger.migrate()
    stranger.close()
    both = Store(house.store.url, KeyRing.read(f"{OTHER} {KEY}"))
    both.migrate()
    both.close()


def test_what_was_stored_before_there_was_sealing_is_sealed_once(tmp_path: Path):
    store = Store(f"sqlite:///{tmp_path / 'aftercare.db'}", KEYS)
    config = config_for(store)
    rows = BATCH + 3
    with store.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0007_reviews")
        for statement in PLAIN:
            connection.exec_driver_sql(statement)
        for number in range(rows):
            connection.exec_driver_sql(
                "INSERT INTO messages (conversation_id, channel, author, kind, text, buttons, payload, verdict, tier,"
                " topics, attempts, doubtful, created_at) VALUES ('one', 'web', 'patient', 'text', ?, ?, NULL, 'null',"
                " 0, '[]', 0, 0, '2026-11-17 12:00:00')",
                (f"{MARKER} {number}", f'[{{"title": "{MARKER}"}}]'),
            )
        connection.exec_driver_sql(
            "INSERT INTO care_records (id, called, created_at) VALUES (7, ?, '2026-11-17 12:00:00')", (MARKER,)
        )
    assert holding(tmp_path, MARKER)
    store.migrate()
    assert holding(tmp_path, MARKER) == []
    with store.read() as session:
        messages = session.scalars(select(Message).order_by(Message.id)).all()
        raw = session.scalars(select(type_coerce(Message.text, Text)).order_by(Message.id)).all()
        assert session.get_one(CareRecord, 7).called == MARKER
    assert [message.text for message in messages] == [f"{MARKER} {number}" for number in range(rows)]
    assert messages[0].buttons == [{"title": MARKER}]
    assert messages[0].verdict is None
    store.migrate()
    with store.read() as session:
        assert session.scalars(select(type_coerce(Message.text, Text)).order_by(Message.id)).all() == raw
    store.close()


def test_exchanging_the_key_makes_the_old_one_needless(house: House):
    received = house.receive(f"hello {MARKER}")
    house.store.migrate()
    old = house.services.files.keep(b"photo")
    both = Store(house.store.url, KeyRing.read(f"{OTHER} {KEY}"))
    both.migrate()
    assert both.exchange_key() == 1
    assert both.exchange_key() == 0
    both.close()
    alone = Store(house.store.url, KeyRing.read(OTHER))
    alone.migrate()
    with alone.read() as session:
        assert session.get_one(Message, received.message_id).text == f"hello {MARKER}"
        assert session.scalars(select(SealingKey.id)).all() == [KeyRing.read(OTHER).newest.id.hex()]
    alone.close()
    assert house.services.files.read(old) == b"photo"


def test_every_column_for_words_is_sealed():
    """A new text column is sealed, or stands here with the reason why it holds nobody's words."""
    sealed = {f"{table.name}.{name}" for table, names in sealed_columns() for name in names}
    assert sealed >= {
        "messages.text", "messages.buttons", "messages.payload", "messages.verdict", "cases.signs",
        "cases.closing_note", "care_records.called", "care_records.patient_number", "care_records.birth_date",
        "notes.text", "drafts.text", "treatments.area",
        "treatments.device", "treatments.done_by",
    }  # fmt: skip
    plain = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, Text) and column.type.length is None
    }
    assert plain <= sealed


def test_what_is_not_sealed_is_not_taken_for_words(house: House):
    received = house.receive("hello")
    with house.store.write() as session:
        session.connection().exec_driver_sql("UPDATE messages SET text = 'plain'")
    with pytest.raises(SealingError, match="not sealed"):
        house.message(received.message_id)


def test_a_sealed_value_says_which_key_it_needs():
    assert seal_text(KEYS, "x").startswith(f"{PREFIX}{KEYS.newest.id.hex()}:")
    assert KEYS.newest.id not in KEYS.newest.secret
