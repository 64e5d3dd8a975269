"""The audit log only grows, whoever asks the database."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DatabaseError

from bot.store.audit_guard import opened
from bot.store.database import Store
from bot.store.tables import Audit, AuditOpening
from tests.databases import Files, postgresql
from tests.house import KEYS, TUESDAY_NOON

LATER = TUESDAY_NOON + timedelta(days=400)


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    place = Files() if request.param == "sqlite" else postgresql()
    store = Store(place.new(tmp_path), KEYS)
    store.migrate()
    with store.write() as session:
        session.add(Audit(at=TUESDAY_NOON, actor="staff:1", action="viewed", conversation_id="one", detail={"a": 1}))
        session.add(Audit(at=LATER, actor="staff:1", action="replied", conversation_id="two", case_id=3, detail={}))
    yield store
    store.close()
    place.close()


def lines(store: Store) -> list[tuple[str, str | None]]:
    with store.read() as session:
        return [(one.action, one.conversation_id) for one in session.scalars(select(Audit).order_by(Audit.id))]


@pytest.mark.parametrize(
    "statement",
    [
        delete(Audit),
        delete(Audit).where(Audit.action == "viewed"),
        update(Audit).values(actor="staff:2"),
        update(Audit).values(conversation_id="other"),
    ],
    ids=["delete", "delete one", "update", "rename"],
)
def test_a_line_is_neither_changed_nor_removed(store: Store, statement):
    with pytest.raises(DatabaseError, match="only grows"), store.write() as session:
        session.execute(statement)
    assert lines(store) == [("viewed", "one"), ("replied", "two")]


def test_lines_that_are_old_enough_may_go_and_younger_ones_stay(store: Store):
    with store.write() as session, opened(session, remove_before=LATER):
        session.execute(delete(Audit).where(Audit.at < LATER))
    assert lines(store) == [("replied", "two")]
    with (
        pytest.raises(DatabaseError, match="only grows"),
        store.write() as session,
        opened(session, remove_before=LATER),
    ):
        session.execute(delete(Audit))
    assert lines(store) == [("replied", "two")]


def test_a_conversation_may_be_renamed_and_nothing_else_changed_with_it(store: Store):
    with store.write() as session, opened(session, rename="two"):
        session.execute(update(Audit).where(Audit.conversation_id == "two").values(conversation_id="erased-1"))
    assert lines(store) == [("viewed", "one"), ("replied", "erased-1")]
    for change in ({"actor": "x"}, {"action": "x"}, {"detail": {"a": 2}}, {"case_id": 9}, {"at": LATER}):
        with pytest.raises(DatabaseError, match="only grows"), store.write() as session, opened(session, rename="one"):
            session.execute(update(Audit).where(Audit.conversation_id == "one").values(conversation_id="x", **change))
    assert lines(store) == [("viewed", "one"), ("replied", "erased-1")]


def test_an_opening_ends_with_its_block(store: Store):
    def remove_after_it() -> None:
        with store.write() as session:
            with opened(session, remove_before=LATER):
                pass
            session.execute(delete(Audit).where(Audit.at < LATER))

    with pytest.raises(DatabaseError, match="only grows"):
        remove_after_it()
    with store.read() as session:
        assert session.scalars(select(AuditOpening)).all() == []
