"""Sending: 202 means stored, screened and, if flagged, with its case; sending again is harmless."""

import stat

import pytest
from fastapi.testclient import TestClient

from bot.store.tables import Attachment, Handling, Kind, Patient
from bot.triage.tier import Tier
from tests.house import URGENT, House
from tests.web.conftest import PNG, Visitor, enter


def test_an_accepted_message_is_stored_and_has_its_case(house: House, visitor: Visitor):
    answer = visitor.say(URGENT)
    assert answer.status_code == 202
    message = house.message(answer.json()["message_id"])
    assert (message.text, message.handling, message.conversation_id) == (
        URGENT,
        Handling.RECEIVED,
        visitor.conversation_id,
    )
    assert house.case(visitor.conversation_id).tier == Tier.URGENT


def test_sending_again_changes_nothing(house: House, visitor: Visitor):
    first = visitor.say("hello", client_message_id="the-same-one")
    again = visitor.say("hello", client_message_id="the-same-one")
    assert (again.status_code, again.json()) == (202, first.json())
    assert len(house.messages()) == 1


def test_two_patients_may_use_the_same_message_id(house: House, client: TestClient):
    ana, ben = enter(client), enter(client)
    ids = {one.say("hello", client_message_id="the-same-one").json()["message_id"] for one in (ana, ben)}
    assert len(ids) == 2


@pytest.mark.sqlite
def test_of_a_token_only_its_hash_is_kept(house: House, visitor: Visitor):
    with house.store.read() as session:
        [key] = session.query(Patient.channel_key).one()
    assert visitor.token not in key
    assert len(visitor.token) >= 43
    assert visitor.token.encode() not in (house.services.settings.data_dir / "aftercare.db").read_bytes()


def test_a_photo_is_kept_under_a_name_of_ours_readable_by_us_alone(house: House, visitor: Visitor):
    answer = visitor.photo(PNG, "is this normal")
    message = house.message(answer.json()["message_id"])
    assert (message.kind, message.text) == (Kind.PHOTO, "is this normal")
    with house.store.read() as session:
        file = session.query(Attachment).one()
    path = house.services.settings.uploads / file.stored_name
    assert (file.content_type, file.size, house.services.files.read(file.stored_name)) == ("image/png", len(PNG), PNG)
    assert PNG not in path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "photo" not in file.stored_name


def test_a_photo_sent_again_is_kept_once(house: House, visitor: Visitor):
    assert visitor.photo().json() == visitor.photo().json()
    assert len(list(house.services.settings.uploads.iterdir())) == 1


def test_a_caption_is_screened(house: House, visitor: Visitor):
    visitor.photo(PNG, URGENT)
    assert house.case(visitor.conversation_id).tier == Tier.URGENT


@pytest.mark.parametrize(
    "head",
    [b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBP", b"\0\0\0\x18ftypheic"],
    ids=["jpeg", "png", "webp", "heic"],
)
def test_the_four_kinds_of_photo_are_taken_by_their_bytes(visitor: Visitor, head: bytes):
    assert visitor.photo(head + b"\0" * 32).status_code == 202


@pytest.mark.parametrize("head", [b"GIF89a", b"%PDF-1.7", b"<svg onload=alert(1)>", b"", b"MZ"])
def test_anything_else_is_refused_whatever_it_calls_itself(house: House, visitor: Visitor, head: bytes):
    assert visitor.photo(head).status_code == 415
    assert list(house.services.settings.uploads.iterdir()) == []


def test_what_the_widget_shows_first_is_the_clinic_s(house: House, client: TestClient):
    shown = client.get("/api/v1/widget").json()
    clinic = house.shared.clinic
    assert (shown["clinic"], shown["assistant"]) == (clinic.name, clinic.tone.bot_name)
    assert (shown["phone"], shown["emergency_number"]) == (clinic.contacts.phone, clinic.contacts.emergency_number)
    assert shown["open_now"] is True
    assert "automated" in (shown["greeting"] + shown["notice"]).lower()
    house.clock.put(house.clock.now().replace(hour=22))
    later = client.get("/api/v1/widget").json()
    assert later["open_now"] is False
    assert later["hours_text"] != shown["hours_text"]
