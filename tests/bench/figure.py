"""A measured figure with its budget or limit."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One line of the table: what was measured, the value, and its limit if there is one."""

    what: str
    measured: float
    unit: str
    budget: float | None
    at_least: bool  # whether the budget is a minimum rather than a maximum
    peer: str = ""  # what others took beside it

    @property
    def kept(self) -> bool:
        """Return whether the value is within its budget."""
        if self.budget is None:
            return True
        return self.measured >= self.budget if self.at_least else self.measured <= self.budget

    def to_json(self) -> dict[str, Any]:
        """Convert to JSON."""
        return asdict(self) | {"kept": self.kept}

    def cells(self) -> tuple[str, ...]:
        """Return the cells of the line."""
        if self.budget is None:
            return (self.what, _number(self.measured), self.unit, "", "", self.peer)
        bound = "≥" if self.at_least else "≤"
        return (
            self.what,
            _number(self.measured),
            self.unit,
            f"{bound} {_number(self.budget)}",
            "kept" if self.kept else "NOT KEPT",
            self.peer,
        )


def table_of(figures: Sequence[Figure]) -> str:
    """Render figures as one table."""
    head = ("what", "measured", "unit", "budget", "", "peer")
    rows = [head, *(figure.cells() for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def _number(value: float) -> str:
    return f"{value:,.3f}".rstrip("0").rstrip(".")
