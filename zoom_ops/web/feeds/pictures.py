"""Pictures as PNG, drawn one at a time, with a cache of the latest."""

from functools import lru_cache
from threading import Lock

from resvg_py import svg_to_bytes

from ...errors import TemporaryError
from .cards import Card, lay_out
from .typefaces import FILE

_KEPT = 200  # pictures, of some 20 kB each
_PATIENCE_S = 1  # seconds; many waiting requests must not take all threads from the pages
_drawing = Lock()


@lru_cache(maxsize=_KEPT)
def draw(card: Card) -> bytes:
    """Draw a card as PNG. Raise TemporaryError if the others take longer than 1 second."""
    if not _drawing.acquire(timeout=_PATIENCE_S):
        raise TemporaryError("Other pictures are being drawn.")
    try:
        return svg_to_bytes(svg_string=lay_out(card), skip_system_fonts=True, font_files=[str(FILE)])
    finally:
        _drawing.release()
