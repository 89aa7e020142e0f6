"""The font of the pictures: coverage of characters, width of texts.

The font ships with the package, so that a picture looks the same on every machine; tests/setup/fonts.py builds it. A
text in a script that the font lacks is left out, as it would appear as boxes.
"""

from functools import cache, lru_cache
from pathlib import Path

import uharfbuzz as harfbuzz

FAMILY = "Pages Sans"
FILE = Path(__file__).with_name("fonts") / "PagesSans.ttf"


def keep_legible(text: str) -> str:
    """Remove the characters that the font lacks. Return an empty text if a letter is among them."""
    missing = {sign for sign in text if not _font().get_nominal_glyph(ord(sign))}
    if any(sign.isalpha() for sign in missing):
        return ""
    return " ".join("".join(sign for sign in text if sign not in missing).split())


@lru_cache(maxsize=4096)
def measure(text: str) -> float:
    """Return the width of a text, in font sizes."""
    buffer = harfbuzz.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    harfbuzz.shape(_font(), buffer)
    return float(sum(glyph.x_advance for glyph in buffer.glyph_positions) / _font().face.upem)


@cache
def _font() -> harfbuzz.Font:
    return harfbuzz.Font(harfbuzz.Face(harfbuzz.Blob.from_file_path(str(FILE))))
