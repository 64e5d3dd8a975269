"""Files in the console: painted anew where they are shown, saved as they are, and added to replies."""

from io import BytesIO

import pytest
from PIL import Image

from bot.console.previews import LONGEST, preview
from bot.console.staged import GOOD_FOR
from bot.conversation.uploads import ORIENTATION
from bot.store.tables import Attachment, Audit, Author, Message

from .conftest import Browser, House, hour

GPS = 0x8825


def picture(kind: str = "JPEG", size: tuple[int, int] = (64, 48), exif: bool = False) -> bytes:
    """A picture; with EXIF one that lies on its side and says where it was taken."""
    out, given = BytesIO(), Image.Exif()
    if exif:
        given[ORIENTATION] = 6
        given.get_ifd(GPS)[1] = "N"
    Image.new("RGB", size, (170, 70, 60)).save(out, kind, exif=given)
    return out.getvalue()


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


@pytest.fixture
def message(house: House) -> Message:
    return house.patient("a", "there is pus coming out of a spot")


@pytest.fixture
def base(message: Message) -> str:
    return f"/console/conversations/{message.conversation_id}"


def add(browser: Browser, base: str, content: bytes, name: str = "photo.jpg"):
    headers = {"HX-Request": "true", "X-CSRF-Token": browser.csrf}
    return browser.client.post(f"{base}/files", files={"file": (name, content)}, headers=headers)


def reply(browser: Browser, base: str, message: Message, passes: str, key: str = "k", text: str = ""):
    return browser.script(f"{base}/reply", {"text": text, "key": key, "last_seen": message.id, "files": passes})


def sent_to(house: House, message: Message) -> list[Message]:
    return [one for one in house.messages(message.conversation_id) if one.author is Author.CLINICIAN]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
def test_a_picture_is_painted_anew_small_and_without_what_it_says(kind: str):
    shown = opened(preview(picture(kind, (3000, 2000), exif=kind != "GIF")))
    assert (shown.format, max(shown.size)) == ("JPEG", LONGEST)
    assert not shown.getexif()


def test_it_stands_upright():
    assert opened(preview(picture(size=(64, 48), exif=True))).size == (48, 64)


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"<svg onload=alert(1)>", picture()[:40], picture("PNG")[:60]])
def test_what_is_no_picture_has_no_preview(content: bytes):
    assert preview(content) is None


def test_the_page_shows_the_preview_and_the_original_is_only_ever_saved(house: House, ana: Browser):
    photo = house.photo("a", picture("PNG"), "image/png")
    page = ana.get(f"/console/conversations/{photo.conversation_id}").text
    assert 'src="/console/attachments/1/preview"' in page
    assert 'src="/console/attachments/1"' not in page
    shown, kept = ana.get("/console/attachments/1/preview"), ana.get("/console/attachments/1")
    assert (shown.headers["content-type"], shown.headers["content-disposition"]) == ("image/jpeg", "inline")
    assert kept.headers["content-type"] == "application/octet-stream"
    assert kept.headers["content-disposition"].startswith("attachment")
    assert kept.content == picture("PNG")
    for answer in (shown, kept):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-security-policy"].startswith("default-src 'none'; sandbox")
    for address in ("/console/attachments/1", "/console/attachments/1/preview"):
        assert house.outsider().get(address).status_code == 303
    with house.services.store.read() as session:
        told = [row.action for row in session.query(Audit).order_by(Audit.id)]
    assert told[-2:] == ["attachment_viewed", "attachment_saved"]


def test_what_cannot_be_painted_says_so_and_can_be_saved(house: House, ana: Browser):
    house.photo("a", b"\x89PNG....", "image/png")
    assert ana.get("/console/attachments/1/preview").status_code == 415
    assert ana.get("/console/attachments/1").content == b"\x89PNG...."


def test_a_reply_carries_files_without_metadata(house: House, ana: Browser, base: str, message: Message):
    ana.post(f"{base}/take-over")
    first, second = add(ana, base, picture(exif=True)).json(), add(ana, base, b"%PDF-1.7 sheet", "sheet.pdf").json()
    assert (first["is_picture"], second["is_picture"]) == (True, False)
    passes = f"{first['pass']} {second['pass']}"
    assert reply(ana, base, message, passes).status_code == 200
    assert reply(ana, base, message, passes).status_code == 200  # a retry
    [sent] = sent_to(house, message)
    with house.services.store.read() as session:
        rows = session.query(Attachment).filter_by(message_id=sent.id).order_by(Attachment.id).all()
        replied = session.query(Audit).filter_by(action="replied").one()
    assert [row.content_type for row in rows] == ["image/jpeg", "application/pdf"]
    kept = opened(house.services.files.read(rows[0].stored_name))
    assert set(kept.getexif()) == {ORIENTATION}
    assert replied.detail == {"message_id": sent.id, "files": 2}
    page = ana.get(base).text
    assert "with 2 files" in page
    assert f'src="/console/attachments/{rows[0].id}/preview"' in page


@pytest.mark.parametrize(
    ("content", "status", "words"),
    [
        (b"MZ\x90" + b"\0" * 60, 415, "photos (JPEG"),
        (b"<html>", 415, "photos (JPEG"),
        (b"\xff\xd8\xff\xe0 broken", 415, "cannot be read"),
        (b"\xff\xd8\xff" + b"0" * 10_000_000, 413, "over 10 MB"),
        (b"\xff\xd8\xff" + b"0" * 11_000_000, 413, "over 10 MB"),
    ],
    ids=["program", "page", "broken", "just too large", "far too large"],
)
def test_what_is_not_taken_says_why(ana: Browser, base: str, house: House, content: bytes, status: int, words: str):
    answer = add(ana, base, content)
    assert (answer.status_code, words in answer.json()["error"]) == (status, True)
    assert not list(house.services.settings.uploads.iterdir())


def test_a_file_is_for_this_reply_and_no_other(house: House, ana: Browser, ben: Browser, base: str, message: Message):
    ana.post(f"{base}/take-over")
    mine = add(ana, base, picture()).json()["pass"]
    other = house.patient("b", "there is pus")
    ana.post(f"/console/conversations/{other.conversation_id}/take-over")
    theirs = reply(ana, f"/console/conversations/{other.conversation_id}", other, mine)
    bens = add(ben, base, picture()).json()["pass"]
    for answer in (theirs, reply(ana, base, message, bens), reply(ana, base, message, "nonsense")):
        assert answer.status_code == 409
        assert "add it again" in answer.json()["error"]
    assert "takes 4 files" in reply(ana, base, message, " ".join([mine] * 5)).json()["error"]
    house.clock.advance(GOOD_FOR)
    assert reply(ana, base, message, mine, text="still here").status_code == 409
    assert sent_to(house, message) == sent_to(house, other) == []


def test_nobody_adds_files_who_cannot_reply(house: House, rae: Browser, ana: Browser, base: str):
    assert add(rae, base, picture()).status_code == 403
    assert add(ana, "/console/conversations/nowhere", picture()).status_code == 404
    assert ana.script(f"{base}/files", {"file": "words"}).status_code == 422
    house.clock.advance(hour(13))
    assert add(ana, base, picture()).status_code == 401
    assert not list(house.services.settings.uploads.iterdir())
