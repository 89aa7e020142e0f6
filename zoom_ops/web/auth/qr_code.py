"""Draw an address as a QR code."""

from markupsafe import Markup

_QUIET_ZONE = 4  # modules around the code, which the standard (ISO/IEC 18004) asks for


def draw_qr_code(address: str) -> Markup:
    """Draw an address as a QR code: inline SVG without a size, black on white, whatever the colours of the page are."""
    import segno  # loaded when it is first used: few pages need it

    code = segno.make_qr(address, error="l")  # the fewest modules; segno corrects more errors where they have room
    drawn = code.svg_inline(border=_QUIET_ZONE, omitsize=True, dark="#000", light="#fff", svgclass=None, lineclass=None)
    return Markup(drawn)  # noqa: S704 - it is numbers only
