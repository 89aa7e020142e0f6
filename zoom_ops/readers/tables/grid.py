"""A table as it stands in a file: rows of cells, each with the place that a spreadsheet shows."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from ...errors import BadInputError

MOST_BYTES = 20_000_000
MOST_ROWS = 10_000
MOST_COLUMNS = 200
MOST_CELLS = 200_000  # of all tables of a file, with something in them
MOST_PLACES = 400_000  # of these tables, with those that are empty
LONGEST_CELL = 100_000  # characters; a spreadsheet has at most 32,767

Value = datetime | date | time | timedelta | int | float


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """A cell: its text, and its value where the file gives more than text. `fault` says why it cannot be read.

    `has_time` is whether a date shows a time of day, `shows_half` whether a time shows that 2:30 is at night.
    """

    text: str = ""
    value: Value | None = None
    has_time: bool = True
    shows_half: bool = False
    is_struck: bool = False
    fault: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A row, by the number that a spreadsheet shows. `cells` has no gaps."""

    number: int
    cells: tuple[Cell, ...]
    is_hidden: bool = False

    def cell(self, index: int) -> Cell:
        """Return a cell; an empty one where the row is shorter."""
        return self.cells[index] if index < len(self.cells) else EMPTY

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands in the row."""
        return not any(cell.text or cell.fault for cell in self.cells)


@dataclass(frozen=True, kw_only=True)
class Grid:
    """A table, or a sheet of a file with several."""

    sheet: str | None
    rows: tuple[Row, ...]
    is_hidden: bool = False
    first_day_1904: bool = False

    def place(self, row: int, header: str | None = None) -> str:
        """Name a place for people: "row 3, column Title", with the sheet where there are several."""
        name = self.sheet
        if header:
            return f"sheet {name}, row {row}, column {header}" if name else f"row {row}, column {header}"
        return f"sheet {name}, row {row}" if name else f"row {row}"


EMPTY = Cell()


@dataclass
class Size:
    """How much the tables of a file hold that were read so far."""

    cells: int = 0
    places: int = 0

    @property
    def is_too_much(self) -> bool:
        """Whether they hold more than is read."""
        return self.cells > MOST_CELLS or self.places > MOST_PLACES


def problem(message: str, file: str, row: int) -> BadInputError:
    """Build the error of a place in a table. Its message names the place, as the lines of the file are others."""
    error = BadInputError(message, file=file)
    error.line = row
    return error


def check_size(content: bytes, file: str) -> None:
    """Raise BadInputError if a file is too large to be read."""
    if len(content) > MOST_BYTES:
        raise BadInputError(f"expected at most {MOST_BYTES // 1_000_000} MB; split the table", file=file)
