"""Fitting of a text into a box: line breaks, font size."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .typefaces import measure

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
            return Fitted(lines=_even_out(pieces, lines, width / size), size=size)
    rest = "".join(pieces)[sum(map(len, lines[: most - 1])) :]
    return Fitted(lines=(*_strip(lines[: most - 1]), _cut(rest.strip(), width / size)), size=size)


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


def _even_out(pieces: Sequence[str], lines: tuple[str, ...], width: float) -> tuple[str, ...]:
    """Return lines of about equal length, if that needs no more lines."""
    for tenths in (5, 6, 7, 8, 9):
        evened = tuple(_break(pieces, width * tenths / 10))
        if len(evened) == len(lines):
            return _strip(evened)
    return _strip(lines)


def _strip(lines: Sequence[str]) -> tuple[str, ...]:
    return tuple(line.strip() for line in lines)


def _cut(text: str, width: float) -> str:
    """Cut a text at the end of the line, and append an ellipsis."""
    return text if measure(text) <= width else _begin(text, width - measure("…")).rstrip(" ,;:–") + "…"


def _begin(text: str, width: float) -> str:
    """Return the longest beginning of a text that fits into a line, at least one character."""
    fitting = 1
    while fitting < len(text) and measure(text[: fitting + 1]) <= width:
        fitting += 1
    return text[:fitting]
