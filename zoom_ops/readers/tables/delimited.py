"""CSV → a grid. Its rows are numbered as a spreadsheet numbers them, whatever lines they take."""

import csv
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import islice

from ...announcements import refuse
from ...errors import BadInputError
from ...events import clean_text
from ..columns import find_header
from .charset import decode_table
from .grid import EMPTY, LONGEST_CELL, MOST_CELLS, MOST_COLUMNS, MOST_ROWS, Cell, Grid, Row, Size, problem

SEPARATORS = ",;\t|"
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_FIRST_LINE = re.compile(r'"?sep=(?P<sign>[,;\t|])"?\r?\n', re.IGNORECASE)  # Excel's own sign of the separator

_MOST_SEPARATORS = 5 * MOST_CELLS  # texts in quotes hold some, too
_ERROR = re.compile(
    r"#(?:REF!|N/A|NAME\?|VALUE!|DIV/0!|NUM!|NULL!|SPILL!|CALC!)|#{3,}"
)  # the last: too narrow a column


def read_delimited(content: bytes, file: str) -> Grid:
    """Read a CSV file. Raise BadInputError with the row of each mistake."""
    text = decode_table(content, file)
    named = _FIRST_LINE.match(text)
    separator = named["sign"] if named else _find_separator(text)
    if text.count(separator) > _MOST_SEPARATORS:
        raise BadInputError(f"expected at most {MOST_CELLS:,} cells; split the table", file=file)
    first = 2 if named else 1
    rows: list[Row] = []
    size = Size()
    problems: list[BadInputError] = []
    for number, cells in enumerate(_records(text, separator, file, first, named.end() if named else 0), first):
        texts = [clean_text(cell) for cell in cells[: MOST_COLUMNS + 1]]
        if not any(texts):
            continue
        problems.extend(_faults(texts, len(cells), number, file))
        rows.append(Row(number=number, cells=tuple(_cell(cell) for cell in texts)))
        size.cells += sum(map(bool, texts))
        size.places += len(texts)
        if len(rows) > MOST_ROWS or size.is_too_much:
            message = f"row {number}: expected at most {MOST_ROWS:,} rows and {MOST_CELLS:,} cells; split the table"
            raise problem(message, file, number)
    refuse(problems)
    return Grid(sheet=None, rows=tuple(rows))


def _cell(text: str) -> Cell:
    if not text:
        return EMPTY
    if _ERROR.fullmatch(text):
        return Cell(fault=f"{text}, the error of a spreadsheet; correct it or write the value")
    return Cell(text=text)


def _find_separator(text: str) -> str:
    """Find the separator that shows the most known headers, else the most columns."""

    def columns_known(sign: str) -> tuple[int, int]:
        reader = csv.reader(_iter_lines(text[:200_000]), delimiter=sign)
        rows: list[list[str]] = []
        with suppress(csv.Error):  # it is another separator, or the reading of the rows says what is wrong
            rows.extend(islice(reader, 40))
        header = find_header(rows)
        if header is None:
            return 0, max(map(len, rows), default=0)
        return sum(column.field is not None for column in header.columns), len(rows[header.last])

    return max(SEPARATORS, key=columns_known)


def _iter_lines(text: str, begin: int = 0) -> Iterator[str]:
    """Yield the lines with their ends, as a file does that holds four bytes for each character."""
    return (match[0] for match in _LINE.finditer(text, begin))


def _records(text: str, separator: str, file: str, first: int, begin: int) -> Iterator[list[str]]:
    reader, number = csv.reader(_iter_lines(text, begin), delimiter=separator, strict=True), first
    try:
        for number, record in enumerate(reader, first + 1):  # noqa: B007 - the number of a row that cannot be read
            yield record
    except csv.Error as error:
        advice = "close each quotation mark, and write one inside a cell twice"
        if "limit" in str(error):
            advice = f"expected at most {LONGEST_CELL:,} characters in a cell; is a quotation mark not closed?"
        raise problem(f"row {number}: this is no row of a CSV file ({error}); {advice}", file, number) from error


def _faults(cells: Sequence[str], columns: int, number: int, file: str) -> Iterator[BadInputError]:
    if columns > MOST_COLUMNS:
        yield problem(f"row {number}: expected at most {MOST_COLUMNS} columns, found {columns}", file, number)
    longest = max(map(len, cells))
    if longest > LONGEST_CELL:
        yield problem(f"row {number}: expected cells of at most {LONGEST_CELL:,} characters", file, number)
