"""A picture keeps what it shows, and loses what it says of place, time and device."""

import struct
from io import BytesIO

import pillow_heif
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from sqlalchemy.exc import OperationalError

from bot.conversation.inbound import Inbound
from bot.conversation.sniffing import content_type
from bot.conversation.uploads import keep, without_metadata
from bot.store.tables import Kind
from tests.house import House

SECRET = "Zwetschgenkuchen"
MAKE, ORIENTATION, GPS = 0x010F, 0x0112, 0x8825


def taken(kind: str, side: int = 6) -> bytes:
    """A picture as a telephone writes it: with device, place and a side that is up."""
    image = Image.new("RGB", (40, 20), (200, 30, 30))
    image.putpixel((0, 0), (10, 200, 10))
    exif = Image.Exif()
    exif[MAKE], exif[ORIENTATION] = SECRET, side
    exif.get_ifd(GPS)[1] = SECRET
    out, more = BytesIO(), {}
    if kind == "PNG":
        info = PngInfo()
        info.add_text("Comment", SECRET)
        more = {"pnginfo": info}
    if kind in ("JPEG", "GIF"):
        more = {"comment": SECRET.encode()}
    if kind == "HEIF":
        pillow_heif.register_heif_opener()
    image.save(out, kind, **({} if kind == "GIF" else {"exif": exif.tobytes()}), **more)
    return out.getvalue()


@pytest.mark.parametrize(
    ("kind", "becomes"),
    [
        ("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp"), ("GIF", "image/gif"),
        ("HEIF", "image/jpeg"), ("AVIF", "image/jpeg"),
    ],
)  # fmt: skip
def test_metadata_goes_and_the_picture_stays(kind: str, becomes: str):
    before = taken(kind)
    assert SECRET.encode() in before
    after = without_metadata(before)
    assert SECRET.encode() not in after
    assert content_type(after[:16]) == becomes
    shown = Image.open(BytesIO(after))
    assert shown.convert("RGB").getpixel((shown.width - 5, shown.height - 5))[0] > 150
    assert set(shown.getexif()) <= {ORIENTATION}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_which_side_is_up_stays(kind: str):
    assert Image.open(BytesIO(without_metadata(taken(kind, side=8)))).getexif()[ORIENTATION] == 8


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (1, b"\6\0\0\0"),
        (2, b"6\0\0\0"),
        (4, b"\0\1\x11\x70"),
        (7, b"\0\0\0\6"),
        (8, b"\xff\xff\0\0"),
        (11, b"@\xc0\0\0"),
    ],
    ids=["byte", "ascii", "too big", "undefined", "below nought", "float"],
)
def test_an_odd_tag_for_the_side_that_is_up_loses_no_picture(kind: int, value: bytes):
    told = struct.pack(">HHHI", 1, 0x0112, kind, 1 if kind != 7 else 4) + value + bytes(4)
    out = BytesIO()
    Image.new("RGB", (32, 24), "pink").save(out, "JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08" + told)
    with Image.open(BytesIO(without_metadata(out.getvalue()))) as kept:
        assert kept.size == (32, 24)


def test_a_picture_in_motion_still_moves():
    out, frames = BytesIO(), [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue", "green")]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], comment=SECRET.encode())
    after = without_metadata(out.getvalue())
    assert Image.open(BytesIO(after)).n_frames == 3
    assert SECRET.encode() not in after


@pytest.mark.parametrize("content", [b"\xff\xd8\xff broken", b"\x89PNG\r\n\x1a\n", taken("JPEG")[:200]])
def test_a_picture_that_cannot_be_read_is_kept_as_it_came(house: House, content: bytes):
    upload = keep(house.services.files, content)
    assert house.services.files.read(upload.stored_name) == content
    assert upload.size == len(content)


def test_what_is_no_picture_is_kept_as_it_came(house: House):
    upload = keep(house.services.files, b"%PDF-1.7 and so on")
    assert (house.services.files.read(upload.stored_name), upload.content_type) == (
        b"%PDF-1.7 and so on",
        "application/pdf",
    )


def test_a_file_whose_message_cannot_be_stored_does_not_stay_behind(house: House, monkeypatch: pytest.MonkeyPatch):
    upload = keep(house.services.files, taken("JPEG"))
    inbound = Inbound("web", "ana", "one", house.clock.now(), "look", Kind.PHOTO, uploads=(upload,))

    def down(*_: object) -> None:
        raise OperationalError("", {}, Exception("the database is down"))

    monkeypatch.setattr(house.services.reception, "_take", down)
    with pytest.raises(OperationalError):
        house.services.reception.receive(inbound)
    assert list(house.services.settings.uploads.iterdir()) == []
