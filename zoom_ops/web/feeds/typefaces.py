"""The font that pictures are drawn with: whether it has a letter, and how wide a text becomes.

It ships with the package, so a picture looks the same wherever it is drawn; tests/setup/fonts.py makes it. What is in
a script that it has not is left out, rather than shown as boxes.
"""

from functools import cache, lru_cache
from pathlib import Path

import uharfbuzz as harfbuzz

FAMILY = "Pages Sans"
FILE = Path(__file__).with_name("fonts") / "PagesSans.ttf"


def keep_legible(text: str) -> str:
    """Take out the signs that the font has not; the whole text, if letters are among them."""
    lost = {sign for sign in text if not _font().get_nominal_glyph(ord(sign))}
    if any(sign.isalpha() for sign in lost):
        return ""
    return " ".join("".join(sign for sign in text if sign not in lost).split())


@lru_cache(maxsize=4096)
def measure(text: str) -> float:
    """Tell how wide a text is, in heights of the font."""
    buffer = harfbuzz.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    harfbuzz.shape(_font(), buffer)
    return float(sum(glyph.x_advance for glyph in buffer.glyph_positions) / _font().face.upem)


@cache
def _font() -> harfbuzz.Font:
    return harfbuzz.Font(harfbuzz.Face(harfbuzz.Blob.from_file_path(str(FILE))))
