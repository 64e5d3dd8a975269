"""Pictures as the console shows them: painted anew by our own code, so that no byte a patient sent is ever rendered."""

from io import BytesIO
from threading import BoundedSemaphore

from PIL import Image, ImageOps, UnidentifiedImageError

LONGEST = 1600  # pixels of the longer side
QUALITY = 85
MOST_PIXELS = 100_000_000
MOST_UNPACKED = 30_000_000  # of what is no JPEG, and so is unpacked whole: some 250 MB
_painting = BoundedSemaphore(1)  # a page asks for several at once


def preview(picture: bytes) -> bytes | None:
    """A picture as a JPEG of at most 1600 pixels, upright, on white; None where it cannot be read as one."""
    try:
        with Image.open(BytesIO(picture)) as image:
            if image.width * image.height > (MOST_PIXELS if image.format == "JPEG" else MOST_UNPACKED):
                return None
            image.draft("RGB", (LONGEST, LONGEST))  # a JPEG is unpacked no larger than needed
            with _painting:
                image.thumbnail((2 * LONGEST, 2 * LONGEST))
                ImageOps.exif_transpose(image, in_place=True)
                return _painted(image)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError):
        return None


def _painted(image: Image.Image) -> bytes:
    image.thumbnail((LONGEST, LONGEST))
    coloured = image.convert("RGBA")
    plain = Image.new("RGB", coloured.size, "white")
    plain.paste(coloured, mask=coloured.getchannel("A"))
    out = BytesIO()
    plain.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()
