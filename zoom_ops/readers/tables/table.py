"""A table: the columns of a grid by what they say, and what its columns settle for all rows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from ..columns import Column, Header, are_headers, find_header, map_columns
from .dates import ORDERS, find_figures, names_order, settle_order
from .grid import Cell, Grid, Row
from .moments import Moment, read_moment

WHEN = {"date": "date", "end_date": "date", "start": "time", "end": "time"}
SPEAKER_FIELDS = (
    *("speaker", "moderator", "chair", "interpreter", "speaker_first_name", "speaker_last_name", "speaker_honorific"),
    *("speaker_role", "speaker_organization", "speaker_email", "speaker_kind"),
)


@dataclass(frozen=True, kw_only=True)
class Table:
    """The rows below a header. `above` are the lines over it; `orders` are those that its dates allow.

    `below` are the lines of a table under it that holds no events.
    """

    grid: Grid
    header: int
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    above: tuple[Row, ...]
    below: tuple[Row, ...] = ()
    orders: tuple[str, ...] = ORDERS
    is_24_hours: bool = False
    is_mixed: bool = False  # some dates are dates, and others text

    def named(self, name: str) -> tuple[Column, ...]:
        """List the columns of a field, in the order of the table."""
        return self._named.get(name, ())

    @cached_property  # each row asks for each field
    def _named(self) -> Mapping[str, tuple[Column, ...]]:
        fields = {column.field for column in self.columns if column.field}
        return {name: tuple(column for column in self.columns if column.field == name) for name in fields}

    def cells(self, row: Row, name: str) -> Iterator[tuple[Column, Cell]]:
        """Yield what a row says of a field."""
        for column in self.named(name):
            cell = row.cell(column.index)
            if cell.text:
                yield column, cell

    def text(self, row: Row, name: str) -> str:
        """Return the text that a row has for a field; empty if it has none."""
        return next((cell.text for _, cell in self.cells(row, name)), "")

    def moment(self, column: Column, cell: Cell) -> Moment | None:
        """Read a cell of a column of dates or times."""
        kind = "date" if WHEN[column.field or "start"] == "date" else "time"
        return read_moment(cell, self.orders, kind=kind, from_1904=self.grid.first_day_1904)  # type: ignore[arg-type]


def find_tables(grid: Grid) -> tuple[Table, ...]:
    """Find the tables of a grid, each below a header of its own; none if no row names its columns."""
    found = find_header([[cell.text for cell in row.cells] for row in grid.rows[:40]])
    if found is None:
        return ()
    tables: list[Table] = []
    earlier = (each for each in _headers(grid.rows[: found.first], 0) if each.is_whole)  # with fewer columns
    header: Header | None = next(earlier, found)
    above = grid.rows[: header.first] if header else ()
    while header is not None:
        begins = header.last + 1
        following = next(_headers(grid.rows, begins), None)
        rows = grid.rows[begins : following.first if following else None]
        if header.is_whole:
            tables.append(_build(grid, header, rows, above))
        else:
            tables[-1] = replace(tables[-1], below=(*tables[-1].below, grid.rows[header.last], *rows))
        header, above = following, ()
    return tuple(tables)


def _headers(rows: Sequence[Row], begins: int) -> Iterator[Header]:
    """Yield the headers of further tables, of events or of something else: other rows of nothing but known words.

    One that says when something is, and names no title, is none: its rows may be events of the table above.
    """
    written = [cell.text for cell in rows[begins - 1].cells if cell.text] if begins else []
    for index in range(begins, len(rows)):
        texts = [cell.text for cell in rows[index].cells]
        filled = [text for text in texts if text]
        if len(filled) < 2 or filled == written or any(map(_has_digit, filled)):
            continue
        if are_headers(filled):
            header = Header(first=index, last=index, columns=map_columns(texts))
            if header.is_whole or not any(column.field in WHEN for column in header.columns):
                yield header


def _has_digit(text: str) -> bool:
    return any(map(str.isdigit, text))


def _build(grid: Grid, header: Header, rows: Sequence[Row], above: Sequence[Row]) -> Table:
    columns = tuple(_checked(column, header.columns, rows) for column in header.columns)
    dated = [column for column in columns if column.field in WHEN]
    pattern = next((column.qualifier for column in dated if names_order(column.qualifier)), "")
    last = grid.rows[header.last]
    table = Table(
        grid=grid,
        header=last.number,
        columns=columns,
        rows=tuple(row for row in rows if not _repeats(row, last)),
        above=tuple(above),
        orders=settle_order((row.cell(column.index).text for row in rows for column in dated), pattern),
    )
    timed = [column for column in dated if column.field in ("start", "end")]
    times = (table.moment(column, row.cell(column.index)) for row in table.rows for column in timed)
    cells = [row.cell(column.index) for row in table.rows for column in dated]
    is_mixed = any(isinstance(cell.value, date) for cell in cells) and any(find_figures(cell.text) for cell in cells)
    return replace(table, is_24_hours=any(moment.is_24_hours for moment in times if moment), is_mixed=is_mixed)


def _repeats(row: Row, header: Row) -> bool:
    """Check whether a row repeats the header, as on each page of a long table."""
    return [cell.text for cell in row.cells if cell.text] == [cell.text for cell in header.cells if cell.text]


def _checked(column: Column, columns: Sequence[Column], rows: Sequence[Row]) -> Column:
    """Correct what the header says of a column by its cells: ids that only count, days that are weekdays."""
    texts = [text for row in rows if (text := row.cell(column.index).text)]
    if column.field == "id" and any(text.isdigit() and len(text) < 6 for text in texts):
        return Column(index=column.index, header=column.header)  # another table counts from 1, too
    is_day = "date" in (column.field, column.beside)
    if is_day and texts and all(_is_weekday(text) for text in texts) and any(c.field == "start" for c in columns):
        return Column(index=column.index, header=column.header, field="weekday")
    return column


def _is_weekday(text: str) -> bool:
    moment = read_moment(Cell(text=text), ORDERS, kind="date")
    return moment is not None and bool(moment.weekdays) and not moment.days and moment.start is None
