"""What the reading of one event finds: its fields, where they stand, its doubts and its mistakes."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from ...errors import BadInputError
from ...events import ReviewNote
from ..columns import Column
from ..read import LONGEST_QUOTE, Source
from .grid import Cell, Row, problem
from .table import Table


@dataclass
class Findings:
    """The findings of an event, which begins in a row of a table."""

    table: Table
    row: Row
    file: str
    fields: dict[str, Any] = field(default_factory=dict)
    sources: list[Source] = field(default_factory=list)
    notes: list[ReviewNote] = field(default_factory=list)
    problems: list[BadInputError] = field(default_factory=list)
    compared: set[int] = field(default_factory=set)  # the columns that say for another zone what is taken
    refused: set[str | None] = field(default_factory=set)  # the fields of the mistakes

    def read(self, name: str, column: Column, cell: Cell, row: Row | None = None) -> None:
        """Record that a cell says a field of the event."""
        place = self.table.grid.place((row or self.row).number, column.header)
        text = cell.text[:LONGEST_QUOTE]
        if self.sources and (last := self.sources[-1]).place == place and last.text == text:
            place, text = last.place, last.text  # held once: a cell may name a hundred people
        source = Source(field=name, place=place, text=text, column=column.header)
        if source not in self.sources:
            self.sources.append(source)

    def doubt(self, name: str, reason: str, *cells: tuple[Column, Cell], choices: Iterable[str] = ()) -> None:
        """Add a note that a field is uncertain, with the cells that say it and the values that it may have."""
        text = "; ".join(f"{column.header}: {cell.text}" for column, cell in cells)[:LONGEST_QUOTE]
        different = tuple(dict.fromkeys(choices))
        note = ReviewNote(
            field=name,
            line=self.row.number,
            text=text,
            reason=reason,
            choices=different if len(different) > 1 else (),
        )
        if note not in self.notes:
            self.notes.append(note)

    def refuse(self, column: Column, cell: Cell, expected: str, row: Row | None = None) -> None:
        """Add a mistake: the cell, and what was expected in it."""
        number = (row or self.row).number
        place = self.table.grid.place(number, column.header)
        shown = cell.fault or (f"'{cell.text[:60]}' is {expected}" if cell.text else f"this is empty; {expected}")
        self.problems.append(problem(f"{place}: {shown}", self.file, number))
        self.refused.add(column.field)

    def refuse_row(self, message: str) -> None:
        """Add a mistake of the whole row."""
        number = self.row.number
        self.problems.append(problem(f"{self.table.grid.place(number)}: {message}", self.file, number))
