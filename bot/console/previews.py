"""Pictures as the console shows them: painted anew by our own code, so that no byte a patient sent is ever rendered."""

from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

LONGEST = 1600  # pixels of the longer side
QUALITY = 85
MOST_PIXELS = 100_000_000


def preview(picture: bytes) -> bytes | None:
    """A picture as a JPEG of at most 1600 pixels, upright, on white; None where it cannot be read as one."""
    try:
        with Image.open(BytesIO(picture)) as image:
            if image.width * image.height > MOST_PIXELS:
                return None
            image.draft("RGB", (LONGEST, LONGEST))  # a JPEG is unpacked no larger than needed
            return _painted(ImageOps.exif_transpose(image))
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
