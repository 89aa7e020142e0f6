"""Counts and times as one table."""

from collections.abc import Sequence
from dataclasses import dataclass

_HEAD = ("what", "counted", "wanted", "")


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of the table; a line without a `wanted` value is right."""

    what: str
    counted: str
    wanted: str = ""
    right: bool = True

    def cells(self) -> tuple[str, ...]:
        """Return the cells of the line."""
        verdict = "right" if self.right else "WRONG"
        return (self.what, self.counted, self.wanted, verdict if self.wanted else "")


def exactly(wanted: int, what: str, counted: int) -> Line:
    """Build a line that is right for exactly this number."""
    return Line(what=what, counted=str(counted), wanted=str(wanted), right=counted == wanted)


def some(what: str, counted: int) -> Line:
    """Build a line that is right for at least one: with none, the fault was not tried."""
    return Line(what=what, counted=str(counted), wanted="> 0", right=counted > 0)


def took(what: str, seconds: float) -> Line:
    """Build a line of a duration."""
    return Line(what=what, counted=f"{seconds:.1f} s")


def told(what: str, said: object) -> Line:
    """Build a line without a wanted value."""
    return Line(what=what, counted=str(said))


def table_of(lines: Sequence[Line]) -> str:
    """Render lines as one table."""
    rows = [_HEAD, *(line.cells() for line in lines)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )
