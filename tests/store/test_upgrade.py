"""From the first tables with a clinic's data in them, and from the newest before today's, to today's: all of it is read
through today's code."""

import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import select, text

from bot.channels.web.stream import events
from bot.privacy.exporting import export
from bot.store.database import MIGRATIONS, Store
from bot.store.revisions import known, newest, revision_of
from bot.store.sealed import PREFIX
from bot.store.search import Wanted, find_messages
from bot.store.tables import Attachment, CaseState, Outcome, Owner, Staff, StaffSession, WebToken
from tests.databases import Databases, Files, There, postgresql
from tests.house import HARMLESS, KEYS, House, Shared
from tests.store.first_schema import FIRST_WORDS, make_first

ANA, MIA = "a" * 24, "b" * 24
BEFORE = ScriptDirectory(str(MIGRATIONS)).get_revision(newest()).down_revision


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest) -> Iterator[Databases]:
    it = postgresql() if request.param == "postgresql" else Files()
    yield it
    it.close()


@pytest.fixture(params=["0001", BEFORE])
async def house(
    request: pytest.FixtureRequest, place: Databases, shared: Shared, rasa: Any, tmp_path: Path
) -> AsyncIterator[House]:
    """A house of today over a database of then."""
    url = place.new(tmp_path)
    make_first(url, request.param)
    store = Store(url, KEYS)
    with store.engine.connect() as connection:
        assert revision_of(connection) == request.param
    store.migrate()
    with store.engine.connect() as connection:
        assert revision_of(connection) == newest()
    store.close()
    built = House.build(Shared(shared.screen, shared.clinic, shared.wording, There(url), url), tmp_path, rasa.url)
    yield built
    await built.close()


async def test_a_clinic_of_then_goes_on_today(house: House):
    # Messages, with everything in them.
    first, answer, press, photo, failed, empty = house.messages()
    assert first.text == FIRST_WORDS
    assert (first.topics, first.verdict["tier"], first.intent, first.doubtful) == (["washing"], "none", None, False)
    assert answer.buttons == [{"title": "Yes", "payload": "/affirm"}]
    assert (press.payload, press.verdict) == ("/affirm", None)
    assert photo.verdict["signs"][0]["evidence"] == "yellow pus"
    assert (failed.text, failed.attempts) == ("Please come in at 3 pm. O'Neill", 12)
    assert empty.text == ""
    assert first.created_at.isoformat() == "2025-05-01T10:00:00+00:00"

    # Cases, people and their sessions.
    closed, running = house.cases()
    assert (closed.outcome, closed.closing_note) == (Outcome.ADVICE_GIVEN, "Rang her; all well — ça va")
    assert (running.state, running.signs[0]["id"]) == (CaseState.WITH_CLINICIAN, "pus")
    taken = house.conversation(MIA)
    assert (taken.owner, taken.owner_staff_id, taken.owner_since is None) == (Owner.CLINICIAN, 1, False)
    with house.store.read() as session:
        assert [person.name for person in session.scalars(select(Staff).order_by(Staff.id))] == [
            "Ana Silva", "Jörg Müller",
        ]  # fmt: skip
        assert session.scalars(select(StaffSession)).all() == []  # everybody signs in anew once
        assert session.scalars(select(Attachment)).one().stored_name == "0123456789abcdef" * 2
        assert session.scalars(select(WebToken)).one().token_hash == "aa11bb22"
        assert [message.id for message in find_messages(session, KEYS, Wanted.read("lavarme"), 9)] == [1]
        assert [message.id for message in find_messages(session, KEYS, Wanted.read("o'neill"), 9)] == [5]
        stored = session.scalars(text("SELECT text FROM messages ORDER BY id")).all()
    assert all(one.startswith(PREFIX) for one in stored)

    # The widget's stream from the beginning.
    stream, told = events(house.services, ANA, 0), []
    async for sent in stream:
        lines = [event.splitlines() for event in sent.decode().split("\r\n\r\n") if "event: message" in event]
        told += [json.loads(line[6:])["text"] for event in lines for line in event if line.startswith("data: ")]
        if len(told) == 3:
            break
    await stream.aclose()
    assert told == [FIRST_WORDS, answer.text, "Yes"]

    # A copy for the patient.
    bundle = export(house.services, "aaaa", "command")
    assert FIRST_WORDS in bundle["data.json"].decode()

    # And the chat goes on where it was.
    received = house.receive(HARMLESS, key="aa11bb22")
    assert received.conversation_id == ANA
    await house.services.worker.answer_waiting()
    assert house.replies(ANA)[-1] == f"heard: {HARMLESS}"
    assert house.messages()[-1].id == 8
    house.services.desk.take_over(house.staff("Ben Ito"), ANA)
    assert house.conversation(ANA).owner is Owner.CLINICIAN


def test_the_fixture_fills_every_table_of_the_first_version(tmp_path: Path):
    make_first(f"sqlite:///{tmp_path / 'first.db'}")
    store = Store(f"sqlite:///{tmp_path / 'first.db'}", KEYS)
    with store.engine.connect() as connection:
        tables = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars().all()
        counts = {name: connection.execute(text(f"SELECT count(*) FROM {name}")).scalar() for name in tables}  # noqa: S608
    assert len(counts) == 12
    assert [name for name, count in counts.items() if not count] == []
    store.close()


def test_the_versions_lead_from_the_first_to_today_s_without_a_fork():
    assert {"0001", BEFORE, newest()} <= known()
    assert len(ScriptDirectory(str(MIGRATIONS)).get_heads()) == 1
