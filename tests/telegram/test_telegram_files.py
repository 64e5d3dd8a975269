"""Photos and files: fetched, kept under random names by what they are, or honestly refused."""

from io import BytesIO

import pytest
from PIL import Image

from bot.channels.telegram import files, phrases
from bot.store.tables import Kind
from tests.telegram.samples import JPEG, PDF

BIG = 21 * 1024 * 1024


def said(house, key):
    """The first words of a response."""
    return house.services.wording.get(key).text[:25]


async def test_a_photo_is_stored_and_readable(house, double):
    ana = double.patient(1)
    ana.sends_photo(JPEG)
    await double.until(lambda: ana.texts)
    [row] = house.attachments()
    path = house.services.settings.uploads / row.stored_name
    assert house.services.files.read(row.stored_name) == JPEG
    assert JPEG not in path.read_bytes()
    assert (row.content_type, row.size) == ("image/jpeg", len(JPEG))
    assert path.stat().st_mode & 0o077 == 0
    assert house.from_patient()[0].kind is Kind.PHOTO


async def test_a_caption_is_the_text(house, double):
    ana = double.patient(1)
    ana.sends_photo(JPEG, caption="is this pus?")
    await double.until(lambda: ana.texts[:1] == ["heard: is this pus?"])
    assert house.from_patient()[0].text == "is this pus?"


async def test_a_file_is_what_its_bytes_say(house, double):
    ana = double.patient(1)
    ana.sends_document(JPEG, name="scan.pdf", mime="application/pdf")
    ana.sends_photo(b"MZ an executable")
    ana.sends_document(PDF, name="a.jpg", mime="image/jpeg")
    ana.sends_voice()
    await double.until(lambda: len(ana.texts) == 4)
    assert [row.content_type for row in house.attachments()] == [
        "image/jpeg",
        "application/octet-stream",
        "application/pdf",
        "audio/ogg",
    ]
    kinds = [message.kind for message in house.from_patient()]
    assert kinds == [Kind.PHOTO, Kind.DOCUMENT, Kind.DOCUMENT, Kind.VOICE]


async def test_an_oversize_file_is_explained_and_its_caption_still_answered(house, double):
    ana = double.patient(1)
    ana.sends_document(b"", name="film.mp4", mime="video/mp4", size=BIG)
    await double.until(lambda: len(ana.texts) == 1)
    assert ana.texts[0].startswith(said(house, phrases.FILE_TOO_BIG))
    ana.sends_document(b"", name="film.mp4", mime="video/mp4", size=BIG, caption="it bleeds")
    await double.until(lambda: ana.texts[2:] == ["heard: it bleeds"])
    assert ana.texts[1] == ana.texts[0]
    assert not double.calls("getFile")
    assert not house.attachments()


async def test_a_file_that_cannot_be_fetched_is_explained(house, double):
    double.fail("getFile", 502, times=files.ATTEMPTS)
    ana = double.patient(1)
    ana.sends_photo(JPEG)
    await double.until(lambda: ana.texts)
    assert ana.texts[0].startswith(said(house, phrases.FILE_FAILED))


async def test_a_short_outage_costs_no_photo(house, double):
    double.fail("file", 502)
    ana = double.patient(1)
    ana.sends_photo(JPEG)
    await double.until(house.attachments)


async def test_an_album_is_one_message_with_its_caption_and_all_its_photos(house, double):
    ana = double.patient(1)
    for number in range(4):
        ana.sends_photo(JPEG + bytes([number]), album="777", caption=None if number else "from every side")
    ana.sends("done")
    await double.until(lambda: ana.texts[-1:] == ["heard: done"])
    album, done = house.from_patient()
    assert (album.text, album.kind, done.text) == ("from every side", Kind.PHOTO, "done")
    assert {row.message_id for row in house.attachments()} == {album.id}
    assert len(house.attachments()) == 4
    assert ana.texts[0] == "heard: from every side"
    assert len(ana.texts) == 3
    double.redeliver()
    await double.until(lambda: not double.unconfirmed)
    assert len(house.attachments()) == 4
    assert len(house.from_patient()) == 2


async def test_words_below_a_later_photo_of_an_album_are_answered(house, double):
    ana = double.patient(1)
    ana.sends_photo(JPEG, album="777")
    ana.sends_photo(JPEG + b"1", album="777", caption="it oozes here")
    ana.sends_photo(JPEG + b"2", album="777")
    await double.until(lambda: "heard: it oozes here" in ana.texts and len(house.attachments()) == 3)
    first, second = house.from_patient()
    assert (first.text, second.text) == ("", "it oozes here")
    assert [row.message_id for row in house.attachments()] == [first.id, second.id, first.id]


async def test_a_picture_sent_as_a_file_loses_where_it_was_taken(house, double):
    ana = double.patient(1)
    ana.sends_document(_picture_with_place(), name="IMG_0001.jpg", mime="image/jpeg")
    await double.until(house.attachments)
    [row] = house.attachments()
    kept = house.services.files.read(row.stored_name)
    with Image.open(BytesIO(kept)) as picture:
        assert picture.size == (8, 6)
        assert dict(picture.getexif()) == {}
    folder = house.services.settings.uploads
    assert [path.name for path in folder.iterdir()] == [row.stored_name]


def _picture_with_place() -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "Maker of phones"
    exif.get_ifd(0x8825)[1] = "N"
    out = BytesIO()
    Image.new("RGB", (8, 6), "pink").save(out, "JPEG", exif=exif)
    assert b"Maker of phones" in out.getvalue()
    return out.getvalue()


async def test_a_redelivered_photo_leaves_one_file(house, double):
    ana = double.patient(1)
    ana.sends_photo(JPEG)
    ana.sends_photo(JPEG, album="1")
    ana.sends_photo(JPEG, album="1")
    await double.until(lambda: len(house.attachments()) == 3 and not double.unconfirmed)
    double.redeliver()
    await double.until(lambda: not double.unconfirmed)
    assert len(list(house.services.settings.uploads.iterdir())) == 3
    assert len(house.attachments()) == 3


@pytest.fixture(autouse=True)
def _soon(monkeypatch):
    monkeypatch.setattr(files, "DEADLINE", 3.0)
    monkeypatch.setattr(files, "FIRST_WAIT", 0.01)
