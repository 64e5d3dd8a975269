"""One patient's token with another's ids, tokens that end, other sites, and files that are not what they say."""

import dataclasses
from datetime import timedelta

import pytest
from pydantic import ValidationError
from sqlalchemy import select

from bot.app import create_app
from bot.channels.web.tokens import BOTH, EXCHANGED, UNUSED
from bot.settings import Settings
from bot.store.tables import Message, WebToken

from .conftest import ORIGIN, Place


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def another(place: Place) -> dict[str, str]:
    return place.client().post("/api/v1/conversations").json()


def opens(place: Place, token: str) -> bool:
    return place.client().get("/api/v1/messages?before=9999", headers=bearer(token)).status_code == 200


def test_another_patient_s_token_sees_and_changes_nothing_of_this_one(place: Place):
    other, client = another(place), place.client()
    newest = int(place.ids["message_id"]) + 1
    read = client.get(f"/api/v1/messages?before={newest}", headers=bearer(other["token"]))
    assert read.json() == {"messages": [], "more": False}
    press = {"client_message_id": "press-0001", "button": {"message_id": int(place.ids["message_id"]), "index": 0}}
    pressed = client.post("/api/v1/messages", json=press, headers=bearer(other["token"]))
    assert pressed.json()["error"]["code"] == "button_unknown"
    # The same client id as the other patient's photo: a message of one's own, not theirs again.
    same = client.post(
        "/api/v1/messages", json={"client_message_id": "photo-0001", "text": "mine"}, headers=bearer(other["token"])
    )
    assert same.json()["message_id"] != int(place.ids["message_id"])
    client.post("/api/v1/deletion", headers=bearer(other["token"]))
    with place.house.services.store.read() as session:
        theirs = select(Message).where(Message.conversation_id == place.ids["conversation_id"])
        assert [message.id for message in session.scalars(theirs)] == [int(place.ids["message_id"])]


@pytest.mark.parametrize("wrong", ["", "x", "é", "a" * 5000, "' OR 1=1 --"])
def test_a_token_that_is_not_one_opens_nothing(place: Place, wrong: str):
    answer = place.client().get("/api/v1/messages?before=9", headers={"Authorization": f"Bearer {wrong}".encode()})
    assert answer.status_code == 401


def test_the_conversation_s_id_is_no_token(place: Place):
    assert not opens(place, place.ids["conversation_id"])


def test_tokens_are_kept_as_hashes(place: Place):
    with place.house.services.store.read() as session:
        assert place.token not in {row.token_hash for row in session.scalars(select(WebToken))}


def test_a_token_ends_when_it_is_not_used_and_lasts_while_it_is(place: Place):
    for _ in range(3):
        place.house.clock.advance(UNUSED - timedelta(days=1))
        assert opens(place, place.token)
    place.house.clock.advance(UNUSED)
    assert not opens(place, place.token)


def test_after_a_month_the_browser_gets_another_token_and_keeps_its_conversation(place: Place):
    client = place.client()
    again = client.post("/api/v1/conversations", headers=bearer(place.token)).json()
    assert again == {"token": place.token, "conversation_id": place.ids["conversation_id"]}
    place.house.clock.advance(EXCHANGED)
    new = client.post("/api/v1/conversations", headers=bearer(place.token)).json()
    assert new["conversation_id"] == place.ids["conversation_id"]
    assert new["token"] != place.token
    assert opens(place, place.token)  # another tab may still hold it
    place.house.clock.advance(BOTH)
    assert not opens(place, place.token)
    assert opens(place, new["token"])


def test_one_token_and_one_address_may_send_so_much_and_no_more(place: Place):
    def send(token: str, number: int, address: str) -> int:
        body = {"client_message_id": f"message-{number:06}", "text": "hello"}
        return place.client(address).post("/api/v1/messages", json=body, headers=bearer(token)).status_code

    codes = [send(place.token, number, f"10.0.1.{number}") for number in range(40)]
    assert 429 in codes
    assert codes[0] == 202
    assert send(another(place)["token"], 1, "10.0.2.1") == 202


def test_other_sites_may_ask_only_where_the_clinic_says_so(place: Place):
    client = place.client()
    for path in ("/api/v1/widget", "/widget/aftercare-widget.js"):
        answer = client.get(path, headers={"Origin": ORIGIN})
        assert answer.headers["access-control-allow-origin"] == ORIGIN
        assert "origin" in answer.headers["vary"].lower()
        assert "access-control-allow-credentials" not in answer.headers
        for foreign in ("https://evil.example", "null", f"{ORIGIN}.evil.example", "http://www.clinic.example"):
            answer = client.get(path, headers={"Origin": foreign})
            assert "access-control-allow-origin" not in answer.headers, foreign
            assert "origin" in answer.headers["vary"].lower()
    asked = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    assert client.options("/api/v1/messages", headers=asked).status_code == 400
    assert "access-control-allow-origin" not in client.get("/console/sign-in", headers={"Origin": ORIGIN}).headers


@pytest.mark.parametrize("wrong", ["*", "https://*.clinic.example", "clinic.example", "https://a.example/chat"])
def test_an_origin_that_is_none_stops_the_start(wrong: str):
    with pytest.raises(ValidationError, match="is no origin"):
        Settings(_env_file=None, widget_origins=wrong)


def test_behind_https_browsers_are_told_to_stay_there(place: Place):
    settings = place.house.services.settings.model_copy(update={"public_url": "https://care.clinic.example"})
    place.app = create_app(dataclasses.replace(place.house.services, settings=settings))
    for path in ("/", "/healthz", "/console/sign-in", "/api/v1/widget", "/widget/aftercare-widget.js"):
        assert place.client().get(path).headers["strict-transport-security"] == "max-age=31536000"


def test_a_file_is_never_rendered_and_is_for_staff_alone(place: Place):
    path = f"/console/attachments/{place.ids['attachment_id']}"
    answer = place.signed_in("reviewer")[0].get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/octet-stream")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"] or "none" in answer.headers["content-security-policy"]
    assert place.client().get(path, headers=bearer(place.token)).status_code == 303
    uploads = place.house.services.settings.uploads
    assert all(b"PNG" not in file.read_bytes() and "evil" not in file.name for file in uploads.iterdir())
    for stored in uploads.iterdir():
        for guess in (f"/uploads/{stored.name}", f"/widget/{stored.name}", f"/widget/../{stored.name}"):
            assert place.client().get(guess).status_code == 404


def test_what_is_no_picture_is_only_ever_a_download(place: Place):
    for content, kind in ((b"<svg onload=alert(1)>", "image/svg+xml"), (b"%PDF-1.7", "application/pdf")):
        message = place.house.photo("telegram-7", content, kind)
        answer = place.signed_in("admin")[0].get(f"/console/attachments/{_file_of(place, message.id)}")
        assert answer.headers["content-disposition"].startswith("attachment"), kind
        assert answer.headers["x-content-type-options"] == "nosniff"


def _file_of(place: Place, message_id: int) -> int:
    with place.house.services.store.read() as session:
        return session.get_one(Message, message_id).attachments[0].id


@pytest.mark.parametrize("content", [b"", b"<html><script>alert(1)</script>", b"MZ\x90", b"%PDF-1.7", b"GIF89a"])
def test_only_photos_are_taken_from_the_web(place: Place, content: bytes):
    answer = place.client().post(
        "/api/v1/attachments",
        files={"file": ("photo.jpg", content, "image/jpeg")},
        data={"client_message_id": "photo-0009"},
        headers=bearer(place.token),
    )
    assert answer.status_code == 415


def test_what_is_too_large_is_refused(place: Place):
    answer = place.client().post(
        "/api/v1/attachments",
        files={"file": ("photo.jpg", b"\xff\xd8\xff" + b"0" * (10 * 1024 * 1024), "image/jpeg")},
        data={"client_message_id": "photo-0009"},
        headers=bearer(place.token),
    )
    assert answer.status_code == 413
