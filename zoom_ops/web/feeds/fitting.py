"""Fitting of a text into a box: width in the font of the pictures, line breaks, font size.

The font ships with the package, so that a picture looks the same on every machine; tests/setup/fonts.py builds it. A
text in a script that the font lacks is left out, as it would appear as boxes.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import uharfbuzz as harfbuzz

FAMILY = "Pages Sans"
FONT = Path(__file__).with_name("fonts") / "PagesSans.ttf"
LEADING = 1.25  # the distance of two lines, in font sizes
_CJK = "\u2e80-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef"
_OPENING, _CLOSING = "「『（《〈【“‘", "、。，．：；！？」』）》〉】”’…"
_BREAK = re.compile(  # after spaces and dashes, and between two Chinese or Japanese characters
    rf"(?<=\s)(?=\S)|(?<=[–/-])(?=\w)"
    rf"|(?<=[{_CJK}])(?<![{_OPENING}])(?![{_CLOSING}\s])|(?<![{_OPENING}\s])(?![{_CLOSING}])(?=[{_CJK}])"
)


@dataclass(frozen=True, kw_only=True)
class Fitted:
    """A text in lines, with the font size in which they fit."""

    lines: tuple[str, ...]
    size: int


def fit(text: str, width: float, height: float, sizes: Sequence[int]) -> Fitted:
    """Fit a text into a box, in the first size of `sizes` that fits; in the last size it may be cut."""
    pieces = [piece for piece in _BREAK.split(text) if piece]
    for size in sizes:
        most, lines = int(height / (size * LEADING)), tuple(_break(pieces, width / size))
        if len(lines) <= most:
            # lines of about equal length, if that needs no more lines
            narrower = (tuple(_break(pieces, width / size * tenths / 10)) for tenths in (5, 6, 7, 8, 9))
            return Fitted(lines=_strip(next((some for some in narrower if len(some) == len(lines)), lines)), size=size)
    last = "".join(pieces)[sum(map(len, lines[: most - 1])) :].strip()
    if measure(last) > width / size:
        last = _begin(last, width / size - measure("…")).rstrip(" ,;:–") + "…"
    return Fitted(lines=(*_strip(lines[: most - 1]), last), size=size)


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
    return harfbuzz.Font(harfbuzz.Face(harfbuzz.Blob.from_file_path(str(FONT))))


def _break(pieces: Sequence[str], width: float) -> Iterator[str]:
    """Yield full lines; a piece wider than a line continues on the next line."""
    line, used = "", 0.0
    for piece in pieces:
        if line and used + measure(piece.rstrip()) > width:
            yield line
            line, used = "", 0.0
        while measure(piece.rstrip()) > width:
            head = _begin(piece, width)
            yield head
            piece = piece[len(head) :]
        line, used = line + piece, used + measure(piece)
    if line:
        yield line


def _strip(lines: Sequence[str]) -> tuple[str, ...]:
    return tuple(line.strip() for line in lines)


def _begin(text: str, width: float) -> str:
    """Return the longest beginning of a text that fits into a line, at least one character."""
    fitting = 1
    while fitting < len(text) and measure(text[: fitting + 1]) <= width:
        fitting += 1
    return text[:fitting]
