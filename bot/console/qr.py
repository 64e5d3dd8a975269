"""QR codes as inline SVG, dark on light with the quiet zone that cameras need, whatever the page's colours."""

import segno
from markupsafe import Markup


def qr(address: str) -> Markup:
    """The code of an address. It takes its size from the page."""
    code = segno.make(address, error="m", micro=False)
    svg = code.svg_inline(border=4, omitsize=True, light="#fff", dark="#000", svgclass="qr", lineclass=None)
    return Markup(svg)  # noqa: S704 - made of the library's own numbers
