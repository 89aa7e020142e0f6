"""A card as a picture: its layout as SVG, its image as PNG. The process that draws it ends with it."""

import json
import sys
import unicodedata
from dataclasses import asdict
from xml.etree.ElementTree import Element, SubElement, tostring

from resvg_py import svg_to_bytes

from ...system.apart import limit_process
from .cards import HEIGHT, WIDTH, Card
from .fitting import FAMILY, FONT, LEADING, Fitted, fit, keep_legible

_MARGIN, _FOOT = 80, 116
_TITLE_SIZES = (88, 76, 68, 60, 52, 46, 40, 36)
_TO_RIGHT_TO_LEFT, _AND_BACK = "\u202b", "\u202c"
_GROUND, _FOOT_GROUND = "#0a4d8c", "#073a6b"  # as in palette.css
_INK, _SOFT_INK, _WARNING = "#ffffff", "#b3d6f9", "#f1cd7a"
_MEMORY, _PROCESSOR_S = 500_000_000, 1  # bytes of addresses, seconds: a picture takes a tenth of a second


def make_legible(card: Card) -> Card:
    """Return a card without what the font lacks: a text in another script is left out whole."""
    return Card(**{name: keep_legible(text) for name, text in asdict(card).items()})


def draw(card: Card) -> bytes:
    """Draw a card as PNG."""
    return bytes(svg_to_bytes(svg_string=lay_out(make_legible(card)), skip_system_fonts=True, font_files=[str(FONT)]))


def lay_out(card: Card) -> str:
    """Draw the card as SVG."""
    svg = Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "width": str(WIDTH), "height": str(HEIGHT)})
    for y, height, colour in ((0, HEIGHT, _GROUND), (HEIGHT - _FOOT, _FOOT, _FOOT_GROUND)):
        SubElement(svg, "rect", {"y": str(y), "width": str(WIDTH), "height": str(height), "fill": colour})
    mirrored = _runs_from_right(card.name or card.organisation)
    side = {"x": str(WIDTH - _MARGIN), "text-anchor": "end"} if mirrored else {"x": str(_MARGIN)}
    name = fit(card.name, WIDTH - 2 * _MARGIN, 290, _TITLE_SIZES)
    when = _one_line(" · ".join(filter(None, (card.status, card.when))))
    for text, baseline, ink in (
        (_one_line(card.series), 102, _SOFT_INK),
        (name, 122 + name.size, _INK),
        (when, HEIGHT - _FOOT - 36, _WARNING if card.status else _SOFT_INK),
        (_one_line(card.organisation), HEIGHT - _FOOT / 2 + 12, _INK),
    ):
        look = {"font-family": FAMILY, "font-size": str(text.size), "fill": ink}
        for number, line in enumerate(text.lines):
            place = {"y": f"{baseline + number * text.size * LEADING:.1f}"}
            # the renderer takes the direction of a line only from marks in it
            directed = f"{_TO_RIGHT_TO_LEFT}{line}{_AND_BACK}" if _runs_from_right(line) else line
            SubElement(svg, "text", look | side | place).text = directed
    return tostring(svg, encoding="unicode")


def _one_line(text: str) -> Fitted:
    return fit(text, WIDTH - 2 * _MARGIN, 34 * LEADING, (34,))


def _runs_from_right(text: str) -> bool:
    """Return whether the first letter of a text is written from right to left."""
    strong = (unicodedata.bidirectional(sign) for sign in text)
    return next((kind for kind in strong if kind in ("L", "R", "AL")), "L") != "L"


if __name__ == "__main__":
    limit_process(memory=_MEMORY, processor_s=_PROCESSOR_S)
    sys.stdout.buffer.write(draw(Card(**json.load(sys.stdin))))
