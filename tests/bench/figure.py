"""A figure that was measured, beside the budget or limit that it is held against."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One line of the table: what was measured, how much, and what it may be, if anything was promised."""

    what: str
    measured: float
    unit: str
    budget: float | None
    at_least: bool  # whether the budget is a floor rather than a ceiling

    @property
    def kept(self) -> bool:
        """Tell whether it is within its budget."""
        if self.budget is None:
            return True
        return self.measured >= self.budget if self.at_least else self.measured <= self.budget

    def to_json(self) -> dict[str, Any]:
        """Write it as JSON."""
        return asdict(self) | {"kept": self.kept}

    def cells(self) -> tuple[str, ...]:
        """Write it as the cells of a line."""
        if self.budget is None:
            return (self.what, _number(self.measured), self.unit, "", "")
        bound = "≥" if self.at_least else "≤"
        return (self.what, _number(self.measured), self.unit, f"{bound} {_number(self.budget)}", _verdict(self.kept))


def table_of(figures: Sequence[Figure]) -> str:
    """Write figures as one table."""
    head = ("what", "measured", "unit", "budget", "")
    rows = [head, *(figure.cells() for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)


def _verdict(kept: bool) -> str:
    return "kept" if kept else "NOT KEPT"


def _number(value: float) -> str:
    return f"{value:,.3f}".rstrip("0").rstrip(".")
