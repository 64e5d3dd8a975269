"""A copy of everything for the patient, for people and for machines."""

import json
import stat
import zipfile
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest

from bot.care.treatment import Treatment
from bot.conversation.record import correct
from bot.privacy.collecting import collect
from bot.privacy.exporting import ExportError, export, write, zipped
from bot.privacy.person import find_person
from bot.store.tables import Conversation
from tests.house import HARMLESS, House
from tests.privacy.person import BORN, KEY, NAME, NOTE, NUMBER, WORDS, Known


def test_everything_is_in_the_copy_with_what_was_decided(house: House, known: Known):
    bundle = export(house.services, known.conversation_id, "staff:1")
    told = json.loads(bundle["data.json"])
    [chat], [consent], [session] = told["chats"], told["consents"], told["sessions"]
    photo, words = [one for one in chat["messages"] if one["from"] == "patient"]
    assert (told["called"], told["patient_number"], told["birth_date"]) == (NAME, NUMBER, BORN)
    assert (chat["channel"], chat["address"]) == ("telegram", KEY)
    assert WORDS in words["text"]
    assert words["urgency"] == "urgent"
    assert words["signs"]
    assert all(sign["words"] for sign in words["signs"])
    assert chat["cases"][0]["urgency"] == "urgent"
    assert [note["text"] for note in chat["notes_of_staff"]] == [NOTE]
    assert (session["area"], session["certainty"]) == (NOTE, "recorded")
    assert (consent["text_version"], consent["agreed"], consent["message"]) == ("3", True, photo["number"])
    assert bundle[photo["files"][0]].endswith(WORDS.encode())
    page = bundle["read-me-first.html"].decode()
    for wanted in (NAME, NUMBER, BORN, WORDS, NOTE, "version 3", house.services.clinic.privacy.contact):
        assert wanted in page


def test_what_the_patient_wrote_is_text_in_the_page_and_not_markup(house: House):
    conversation = house.receive("<script>alert(1)</script>").conversation_id
    page = export(house.services, conversation, "command")["read-me-first.html"].decode()
    assert "&lt;script&gt;" in page
    assert "<script" not in page


def test_a_copy_is_audited_without_text(house: House, known: Known):
    export(house.services, known.conversation_id, "staff:7")
    line = house.audit()[-1]
    assert (line.action, line.actor, line.conversation_id) == ("patient_exported", "staff:7", known.conversation_id)
    assert line.detail == {}


def test_a_file_that_is_gone_does_not_stop_the_rest(house: House, known: Known):
    house.services.files.drop(known.stored_name)
    bundle = export(house.services, known.conversation_id, "command")
    assert set(bundle) == {"data.json", "read-me-first.html"}
    assert json.loads(bundle["data.json"])["chats"][0]["messages"][0]["files"]


def test_it_is_written_for_us_alone_and_never_over_anything(house: House, known: Known, tmp_path: Path):
    bundle, folder = export(house.services, known.conversation_id, "command"), tmp_path / "out" / "mia"
    write(bundle, folder)
    written = [path for path in folder.rglob("*") if path.is_file()]
    assert {path.relative_to(folder).as_posix() for path in written} == set(bundle)
    assert {stat.S_IMODE(path.stat().st_mode) for path in written} == {0o600}
    with pytest.raises(ExportError, match="not empty"):
        write(bundle, folder)
    with pytest.raises(ExportError, match="cannot be written"):
        write(bundle, written[0])


def test_the_archive_holds_the_same(house: House, known: Known):
    bundle = export(house.services, known.conversation_id, "command")
    archive = zipfile.ZipFile(BytesIO(zipped(bundle)))
    assert {name: archive.read(name) for name in archive.namelist()} == bundle


def test_nobody_elses_sessions_are_in_the_copy_of_a_chat_without_a_record(house: House):
    mine, theirs = (house.receive(HARMLESS, key).conversation_id for key in ("mia", "ben"))
    now = house.clock.now()
    with house.store.write() as session:
        for thread, days in ((mine, 2), (theirs, 5)):
            conversation = session.get_one(Conversation, thread)
            correct(session, now, conversation.patient, Treatment(now - timedelta(days=days), "said"), "patient")
    with house.store.read() as session:
        told = collect(session, house.services.clinic, find_person(session, mine), now)
    assert [one["ended_at"] for one in told["sessions"]] == [(now - timedelta(days=2)).isoformat()]
