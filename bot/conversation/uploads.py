"""Keeps patients' files sealed in the uploads folder, without what a picture says of place, time and device."""

from io import BytesIO
from threading import BoundedSemaphore

import pillow_heif
from PIL import Image

from bot.conversation.inbound import Upload
from bot.conversation.sniffing import content_type, is_picture
from bot.store.files import SealedFiles

pillow_heif.register_heif_opener()

ORIENTATION = 0x0112  # EXIF's tag: which side is up; all that is kept of a picture's metadata
SIDES = range(2, 9)  # those of its values that turn a picture
KEPT_AS = {"JPEG": "JPEG", "PNG": "PNG", "WEBP": "WEBP", "GIF": "GIF"}  # all else becomes JPEG, which browsers show
QUALITY = 92
# A file of a few bytes that claims a hundred million pixels is no photo, and is not unpacked; nor is what would take
# all the memory, alone or beside others.
PLAIN_PIXELS, PIXELS_A_BYTE, MOST_PIXELS = 1_000_000, 2000, 110_000_000
_unpacking = BoundedSemaphore(2)


def keep(files: SealedFiles, content: bytes | bytearray) -> Upload:
    """Keep one file. Raises OSError, leaving nothing behind, when it cannot be written.

    A picture loses its metadata; one that cannot be read as a picture is kept as it came, for nothing may be lost.
    """
    kept = bytes(content)
    if is_picture(content_type(kept[:16])):
        kept = without_metadata(kept)
    return Upload(files.keep(kept), content_type(kept[:16]), len(kept))


def without_metadata(picture: bytes) -> bytes:
    """The picture with its pixels and orientation alone: no place, time, device, comment or thumbnail."""
    try:
        with Image.open(BytesIO(picture)) as image:
            if image.width * image.height > min(MOST_PIXELS, PLAIN_PIXELS + PIXELS_A_BYTE * len(picture)):
                return picture
            with _unpacking:
                return _written(image)
    except Exception:
        # What a damaged picture leads the libraries into has no list (struct.error, EOFError, ...).
        return picture


def _written(image: Image.Image) -> bytes:
    kind = KEPT_AS.get(image.format or "", "JPEG")
    exif, side = Image.Exif(), image.getexif().get(ORIENTATION)
    upright = side not in SIDES
    if not upright:
        exif[ORIENTATION] = side
    given = {"exif": b"" if upright else exif.tobytes(), "icc_profile": image.info.get("icc_profile")}
    if kind == "JPEG":
        # With its own tables a JPEG loses next to nothing by being written again.
        given["quality"] = "keep" if image.format == "JPEG" else QUALITY
    if kind == "GIF":
        given = {"comment": b"", "save_all": True}
    if kind == "WEBP":
        given |= {"lossless": False, "quality": QUALITY, "xmp": b"", "save_all": getattr(image, "is_animated", False)}
    image.load()
    image.info = {}
    out = BytesIO()
    (image if kind != "JPEG" or image.format == "JPEG" else image.convert("RGB")).save(out, kind, **given)
    return out.getvalue()
