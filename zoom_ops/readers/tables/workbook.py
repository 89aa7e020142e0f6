"""XLSX → its sheets as grids. Formulas are read as the values that were stored; macros are never looked at."""

import io
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import IO, Any
from xml.etree.ElementTree import ParseError

import openpyxl
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse
from openpyxl.utils.cell import column_index_from_string, coordinate_from_string, range_boundaries
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from ...errors import BadInputError
from ...events import clean_text
from ..bounds import go_on
from .grid import EMPTY, LONGEST_CELL, MOST_CELLS, MOST_COLUMNS, MOST_ROWS, Cell, Grid, Row, Size, Value, problem

MOST_UNPACKED = 100_000_000
MOST_PARTS = 1_000  # files in the archive
MOST_SHEETS = 50
LAST_ROW = 50_000  # with the empty ones
MOST_TAGS = 2_000_000  # of sheets and their strings: a cell has four to six
MOST_OTHER_TAGS = 100_000  # of what is read besides; the library makes an object of each
MOST_IN_A_ROW = 100_000  # elements
LONGEST_TEXT = 1_000_000  # bytes between two tags
HIGHEST_RATIO = 150  # of a file in the archive that is larger than a megabyte
warnings.filterwarnings("ignore", module="openpyxl")  # of what a sheet has besides values
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_CELLS = ("xl/worksheets/", "xl/sharedStrings.xml")
_OTHERS = ("xl/styles.xml", "xl/workbook.xml")
_PIECE = 65_536  # bytes
_BROKEN = (  # what a damaged archive raises, in the library and below it
    *(zipfile.BadZipFile, zlib.error, ParseError, DefusedXmlException, ArithmeticError, AttributeError, EOFError),
    *(LookupError, OSError, RuntimeError, TypeError, ValueError),
)


@dataclass
class _Marks:
    """What the library does not tell of a sheet."""

    hidden_rows: set[int] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)  # first column and row, last column and row
    without_value: set[tuple[int, int]] = field(default_factory=set)  # formulas, by row and column
    last_row: int = 0
    last_column: int = 0
    filled_rows: set[int] = field(default_factory=set)
    cells: int = 0

    @property
    def places(self) -> int:
        """How many cells its rows have, up to the last column."""
        return len(self.filled_rows) * self.last_column


def read_workbook(content: bytes, file: str) -> tuple[Grid, ...]:
    """Read the sheets of an XLSX file. Raise BadInputError with the place of what cannot be read."""
    try:
        _check_archive(content, file)
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        if len(book.worksheets) > MOST_SHEETS:
            raise BadInputError(f"expected at most {MOST_SHEETS} sheets, found {len(book.worksheets)}", file=file)
        size = Size()
        return tuple(_read_sheet(book, sheet, file, size) for sheet in book.worksheets)
    except _BROKEN as error:
        unsafe = any(isinstance(each, DefusedXmlException) for each in (error, error.__cause__))
        reason = "it declares entities" if unsafe else "its parts do not fit together"
        message = f"this XLSX file cannot be read: {reason}; open it in a spreadsheet and save it again"
        raise BadInputError(message, file=file) from error


def _check_archive(content: bytes, file: str) -> None:
    """Raise BadInputError for an archive that unpacks to too much, before anything is unpacked as a whole."""
    archive = zipfile.ZipFile(io.BytesIO(content))
    parts = archive.infolist()
    if len(parts) > MOST_PARTS:
        raise BadInputError(f"expected an XLSX file of at most {MOST_PARTS:,} parts, found {len(parts):,}", file=file)
    if sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise BadInputError(f"expected at most {MOST_UNPACKED // 1_000_000} MB when it is unpacked", file=file)
    for part in parts:
        if part.file_size > 1_000_000 and part.file_size > HIGHEST_RATIO * max(part.compress_size, 1):
            message = f"{part.filename[:60]} unpacks to {HIGHEST_RATIO} times its size or more, as no table does"
            raise BadInputError(message, file=file)
        if part.flag_bits & 1:
            raise BadInputError("this file has a password; save it without one", file=file)
    tags = {part.filename: _count_tags(archive, part, file) for part in parts if part.filename.endswith(".xml")}
    of_cells = sum(number for name, number in tags.items() if name.startswith(_CELLS))
    if of_cells > MOST_TAGS or any(tags.get(name, 0) > MOST_OTHER_TAGS for name in _OTHERS):
        raise BadInputError("the sheets or styles have more parts than a table needs; save it as CSV", file=file)


def _count_tags(archive: zipfile.ZipFile, part: zipfile.ZipInfo, file: str) -> int:
    """Count where a tag begins, without the part in memory."""
    tags = text = 0
    with archive.open(part) as source:
        while piece := source.read(_PIECE):
            go_on(file)
            tags += piece.count(b"<")
            text = len(piece) - piece.rfind(b"<") if b"<" in piece else text + len(piece)
            if text > LONGEST_TEXT:
                raise BadInputError(f"{part.filename[:60]} holds a text that is longer than any cell", file=file)
    return tags


def _read_sheet(book: Any, sheet: Any, file: str, size: Size) -> Grid:
    name = clean_text(sheet.title)
    with book._archive.open(sheet._worksheet_path) as source:  # the library's reader of cells names neither
        marks = _read_marks(source, name, file, size)
    merged = _merged_cells(marks)
    rows: dict[int, Row] = {}
    sheet.reset_dimensions()
    last = {"max_row": marks.last_row, "max_col": marks.last_column}
    for number, cells in enumerate(sheet.iter_rows(**last) if marks.last_row else (), 1):
        if number not in marks.filled_rows:
            continue
        go_on(file)
        read = [_read_cell(cell, (number, column) in marks.without_value) for column, cell in enumerate(cells, 1)]
        if any(len(cell.text) > LONGEST_CELL for cell in read):
            message = f"sheet {name}, row {number}: expected cells of at most {LONGEST_CELL:,} characters"
            raise problem(message, file, number)
        rows[number] = Row(number=number, cells=tuple(read), is_hidden=number in marks.hidden_rows)
    filled = [_fill(row, merged, rows) for row in rows.values()]
    return Grid(
        sheet=name if len(book.worksheets) > 1 else None,
        rows=tuple(row for row in filled if not row.is_empty),
        is_hidden=sheet.sheet_state != "visible",
        first_day_1904=book.epoch == CALENDAR_MAC_1904,
    )


def _read_marks(source: IO[bytes], name: str, file: str, size: Size) -> _Marks:
    """Count the cells of a sheet, and note what is hidden, merged, or a formula that was never calculated.

    `size`: of the sheets before; this one is added.
    """
    marks, begun = _Marks(), 0
    for event, element in iterparse(source, events=("start", "end")):
        begun += event == "start"
        if begun > MOST_IN_A_ROW:
            message = f"sheet {name}, row {marks.last_row + 1}: expected at most {MOST_COLUMNS} columns"
            raise problem(message, file, marks.last_row + 1)
        if event == "start":
            continue
        if element.tag == f"{_MAIN}row":
            begun = 0
            go_on(file)
            _mark_row(element, marks)
            with_it = Size(cells=size.cells + marks.cells, places=size.places + marks.places)
            if (
                len(marks.filled_rows) > MOST_ROWS
                or marks.last_row > LAST_ROW
                or with_it.is_too_much
                or marks.last_column > MOST_COLUMNS
            ):
                message = (
                    f"sheet {name}, row {marks.last_row}: expected at most {MOST_ROWS:,} rows, none below row "
                    f"{LAST_ROW:,}, {MOST_COLUMNS} columns, {MOST_CELLS:,} cells"
                )
                raise problem(message, file, marks.last_row)
            element.clear()
        elif element.tag == f"{_MAIN}mergeCell":
            first_column, first_row, last_column, last_row = range_boundaries(element.get("ref", "A1:A1"))
            if first_column and first_row and last_column and last_row:  # whole rows and columns have none
                marks.merged.append((first_column, first_row, last_column, last_row))
            element.clear()
    size.cells += marks.cells
    size.places += marks.places
    return marks


def _mark_row(element: Any, marks: _Marks) -> None:
    number = int(element.get("r") or marks.last_row + 1)
    if element.get("hidden") in ("1", "true"):
        marks.hidden_rows.add(number)
    filled = 0
    for place, cell in enumerate(element, 1):
        written = cell.get("r")
        column = column_index_from_string(coordinate_from_string(written)[0]) if written else place
        value, formula = cell.find(f"{_MAIN}v"), cell.find(f"{_MAIN}f")
        has_value = (value is not None and value.text) or cell.find(f"{_MAIN}is") is not None
        if formula is not None and not has_value and cell.get("t") != "str":  # "str": the empty text is a value
            marks.without_value.add((number, column))
        if has_value or formula is not None:
            filled += 1
            marks.last_column = max(marks.last_column, column)
    if filled:
        marks.last_row = number
        marks.filled_rows.add(number)
    marks.cells += filled


def _read_cell(cell: Any, is_formula_without_value: bool) -> Cell:
    value = cell.value
    if is_formula_without_value:
        return Cell(fault="a formula without a stored value; open the file in a spreadsheet and save it")
    if value is None:
        return EMPTY
    if cell.data_type == "e":
        return Cell(fault=f"{value}, the error of a formula; correct it or write the value")
    struck = bool(cell.font and cell.font.strike)
    typed: Value | None = None
    text = clean_text(str(value))
    has_time, shown_as = True, str(cell.number_format).lower()
    if isinstance(value, bool):
        text = "yes" if value else "no"
    elif isinstance(value, datetime):
        typed, has_time = value, "h" in shown_as or value.time() != time()
        text = f"{value:%Y-%m-%d %H:%M}" if has_time else f"{value:%Y-%m-%d}"
    elif isinstance(value, date | time | timedelta | int | float):
        typed = value
        text = f"{value:%H:%M}" if isinstance(value, time) else _number(value)
    shows_half = "am/pm" in shown_as or "hh" in shown_as
    return Cell(text=text, value=typed, has_time=has_time, shows_half=shows_half, is_struck=struck)


def _number(value: Value) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _merged_cells(marks: _Marks) -> dict[tuple[int, int], tuple[int, int]]:
    """Map each cell of a column that is merged downwards to the first cell, which has the value."""
    cells: dict[tuple[int, int], tuple[int, int]] = {}
    for first_column, first_row, last_column, last_row in marks.merged:
        if first_column == last_column and last_row - first_row <= MOST_ROWS and len(cells) < MOST_CELLS:
            cells.update({(row, first_column): (first_row, first_column) for row in range(first_row + 1, last_row + 1)})
    return cells


def _fill(row: Row, merged: dict[tuple[int, int], tuple[int, int]], rows: Mapping[int, Row]) -> Row:
    def filled() -> Iterator[Cell]:
        for column, cell in enumerate(row.cells, 1):
            first = merged.get((row.number, column))
            yield rows[first[0]].cell(column - 1) if first and first[0] in rows and not row.is_empty else cell

    return Row(number=row.number, cells=tuple(filled()), is_hidden=row.is_hidden)
