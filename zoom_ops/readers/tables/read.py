"""A CSV or XLSX file → its events."""

from collections.abc import Sequence

from ...announcements import refuse
from ...errors import BadInputError
from ...events import ReviewNote
from ..bounds import hold
from ..columns import ROWS_LOOKED_AT, map_columns
from ..read import Announced
from .delimited import read_delimited
from .grid import Grid, check_size, problem
from .rows import read_rows
from .table import Table, find_tables
from .workbook import read_workbook

_EXAMPLE = "Title, Date, Start, End, Time zone, Speakers"


def read(content: bytes, file: str) -> tuple[Announced, ...]:
    """Read the events of a CSV or XLSX file. Raise BadInputError for the first mistake; the others are its notes."""
    tables, unread = _tables(content, file)
    problems: list[BadInputError] = []
    events: list[Announced] = []
    first: dict[str, Announced] = {}
    for each in (hold(event) for table in tables for event in read_rows(table, file, problems)):
        events.append(each)
        if (other := first.setdefault(each.event.id, each)) is not each:
            problems.append(_repeated(each, other, file))
    refuse(problems)
    if not events:
        raise BadInputError(f"no row below the headers (row {tables[0].header}) is an event", file=file)
    if unread:
        note = ReviewNote(field="table", reason=f"sheets that were not read: {', '.join(unread)}"[:250])
        events[0] = events[0].noted(note)
    return tuple(events)


def _tables(content: bytes, file: str) -> tuple[tuple[Table, ...], tuple[str, ...]]:
    """Find the tables of a file, and the sheets that are none or are hidden."""
    check_size(content, file)
    grids = read_workbook(content, file) if content.startswith(b"PK") else (read_delimited(content, file),)
    tables: list[Table] = []
    unread: list[str] = []
    for grid in grids:
        found = find_tables(grid)
        if not found or (grid.is_hidden and grid.sheet):
            reason = "it is hidden" if grid.is_hidden else "no row names a title and a date"
            unread.extend([f"{grid.sheet} ({reason})"] if grid.rows and not _explains(grid) else [])
        else:
            tables.extend(found)
    if not tables:
        raise BadInputError(_no_header(grids), file=file)
    return tuple(tables), tuple(unread)


def _explains(grid: Grid) -> bool:
    """Check whether a sheet only explains columns, as that of our template."""
    columns = map_columns([row.cell(0).text for row in grid.rows])
    return len(columns) == len(grid.rows) and all(column.field or column.beside for column in columns)


def _no_header(grids: Sequence[Grid]) -> str:
    if not any(grid.rows for grid in grids):
        return f"the table is empty; expected a row of headers such as: {_EXAMPLE}"
    first = next(cell.text for grid in grids for row in grid.rows for cell in row.cells if cell.text)
    expected = f"expected one with at least a title and a date, such as: {_EXAMPLE}"
    rows = [row for grid in grids for row in grid.rows[:ROWS_LOOKED_AT]]
    known = [[each for each in map_columns([cell.text for cell in row.cells]) if each.field] for row in rows]
    number, columns = max(zip((row.number for row in rows), known, strict=True), key=lambda each: len(each[1]))
    if len(columns) > 1:
        missing = "date" if any(each.field == "name" for each in columns) else "title"
        said = ", ".join(each.header[:30] for each in columns[:6])
        return f"row {number}: no column is known as the {missing}, beside {said}; name one {missing.capitalize()}"
    return f"no row names the columns; {expected}; the table begins with {first[:60]!r}"


def _repeated(each: Announced, other: Announced, file: str) -> BadInputError:
    """Refuse an event that would be one with another: they have the same id, or the same series and title."""
    name = each.event.name[:60]
    advice = "give both the same cells, or tell them apart by title or in a column ID"
    message = f"row {each.line}: {name!r} is also the event of row {other.line}, and other cells differ; {advice}"
    return problem(message, file, each.line)
