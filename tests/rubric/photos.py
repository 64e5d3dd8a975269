"""Photos as phones take them."""

import io
from typing import Any

from PIL import Image, ImageDraw


def photo(**more: Any) -> bytes:
    """A JPEG of noise."""
    out = io.BytesIO()
    Image.effect_noise((400, 300), 90).convert("RGB").save(out, "JPEG", **more)
    return out.getvalue()


def drawn() -> bytes:
    """A drawing of where a hand parts the hair, as a nurse may send it: for pictures."""
    image = Image.new("RGB", (640, 460), "#f3dcc8")
    pen = ImageDraw.Draw(image)
    for step in range(26):
        pen.arc((20 + step * 5, 30 + step * 6, 620 - step * 5, 620 - step * 2), 180, 360, "#6b3f2a", 5)
    pen.ellipse((250, 190, 390, 300), outline="#b3261e", width=6)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()


def located() -> bytes:
    """A JPEG that says where it was taken."""
    exif = Image.Exif()
    exif[0x010F] = "Maker of phones"
    exif.get_ifd(0x8825).update({1: "N", 2: (51.0, 30.0, 0.0), 3: "W", 4: (0.0, 7.0, 0.0)})
    return photo(exif=exif)
