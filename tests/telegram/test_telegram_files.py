"""Photos and files: fetched, kept under random names by what they are, or honestly refused."""

import pytest

from bot.channels.telegram import files, phrases
from bot.store.tables import Handling, Kind
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
    assert path.read_bytes() == JPEG
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


async def test_an_album_gets_one_answer_and_all_its_photos_are_kept(house, double):
    ana = double.patient(1)
    for number in range(4):
        ana.sends_photo(JPEG + bytes([number]), album="777")
    ana.sends("done")
    await double.until(lambda: ana.texts[-1:] == ["heard: done"])
    assert len(ana.texts) == 2
    assert len(house.attachments()) == 4
    assert {message.handling for message in house.from_patient()} == {Handling.HANDLED}


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
