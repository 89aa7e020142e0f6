"""The rows of a table → its events: a row an event, or more rows that add speakers."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from pydantic import ValidationError

from ...errors import BadInputError
from ...events import Event, make_slug
from ...explain import MOST_MISTAKES
from ..columns import find_value, fold_words
from ..read import Announced, mistakes_of
from .cells import read_when
from .dates import ORDERS, days_of, find_figures
from .event import read_fields
from .findings import Findings
from .grid import Cell, Row
from .moments import read_moment
from .people import read_performers_of
from .table import SPEAKER_FIELDS, WHEN, Table
from .when import read_schedule

MOST_SPEAKERS = 500  # rows of an event
_DEFAULTS: tuple[object, ...] = ("scheduled", "record")  # left unset, so that a new import keeps an earlier value


@dataclass(frozen=True, kw_only=True)
class _Group:
    """The rows of an event, and the day of a line above them, where their own cells have none."""

    rows: tuple[Row, ...]
    day: date | None = None
    said: str = ""
    left_out: tuple[str, ...] = ()


def read_rows(table: Table, file: str, problems: list[BadInputError]) -> Iterator[Announced]:
    """Read the events of a table. Mistakes are added to `problems`; it stops after more than are told."""
    grouping = _Grouping(table, file, problems)
    for row in table.rows:
        grouping.add(row)
    grouping.end()
    told = set[int]()
    for group in grouping.groups.values():
        if len(problems) > MOST_MISTAKES:
            return
        found = Findings(table=table, row=group.rows[0], file=file)
        _check_cells(found, group)
        if len(group.rows) > MOST_SPEAKERS:
            found.refuse_row(
                f"expected at most {MOST_SPEAKERS} rows of speakers for an event, found {len(group.rows):,}"
            )
        if not found.problems:
            read_fields(found)
            read_schedule(found, group.day, group.said)
            read_performers_of(found, group.rows)
            _note_columns(found, group, told)
        if not found.problems and (event := _build(found)):
            line = group.rows[0].number
            yield Announced(
                event=event, id_given="id" in found.fields, file=file, line=line, sources=tuple(found.sources)
            )
        problems.extend(found.problems)


class _Grouping:
    """Puts together the rows of each event, from the top of a table to its end."""

    def __init__(self, table: Table, file: str, problems: list[BadInputError]) -> None:
        self.groups: dict[tuple[str, ...], _Group] = {}
        self._table, self._file, self._problems = table, file, problems
        self._own = [each.index for each in table.columns if each.field and each.field not in SPEAKER_FIELDS]
        self._speakers = [each.index for each in table.columns if each.field in SPEAKER_FIELDS]
        self._last: tuple[str, ...] = ()
        self._day, self._said = _day_above(table)
        self._left_out: tuple[str, ...] = ()

    def add(self, row: Row) -> None:
        """Add a row: an event, more speakers, a day for the rows below it, or a line that is none of these."""
        key = tuple(row.cell(index).text or row.cell(index).fault for index in self._own)
        speakers = any(row.cell(index).text or row.cell(index).fault for index in self._speakers)
        filled = [cell.text or cell.fault for cell in row.cells if cell.text or cell.fault]
        day = _only_day(filled[0]) if len(filled) == 1 else None
        if day is not None:
            self._day, self._said = day, f"of row {row.number}" if self._table.named("date") else ""
        elif (not any(key) and not speakers) or self._is_total(row, filled) or _is_remark(filled):
            self._leave_out(row, filled)
        elif not any(key) and not self._last:
            found = Findings(table=self._table, row=row, file=self._file)
            found.refuse_row("a speaker without an event above; expected the cells of an event in this row")
            self._problems.extend(found.problems)
        else:
            self._add_to_group(row, key, speakers)

    def end(self) -> None:
        """Add the lines below the last event to it."""
        for row in self._table.below:
            self._leave_out(row, [cell.text for cell in row.cells if cell.text])
        if self._last:
            last = self.groups[self._last]
            self.groups[self._last] = replace(last, left_out=last.left_out + self._left_out)

    def _leave_out(self, row: Row, filled: list[str]) -> None:
        self._left_out += (f"row {row.number}: {'; '.join(filled)[:60]}",)

    def _is_total(self, row: Row, filled: list[str]) -> bool:
        """Check whether a row counts the others: it begins with such a word, and its cells of the time have sums."""
        first = fold_words(filled[0]).partition(" ")[0] if filled else ""
        if find_value("total", first) is None:
            return False
        cells = [cell for name in WHEN for cell in self._table.cells(row, name)]
        has_day = any(moment.days for moment in (self._table.moment(*cell) for cell in cells) if moment)
        may_be_day = any(
            sign.isalpha() or sign in "/-." for _, cell in cells for sign in cell.text
        )  # "3 April", "31/4"
        return not (has_day or may_be_day) and (
            not self._table.text(row, "start") or bool(self._table.text(row, "date"))
        )

    def _add_to_group(self, row: Row, key: tuple[str, ...], speakers: bool) -> None:
        continues = (
            self._last and speakers and all(not new or new == old for new, old in zip(key, self._last, strict=True))
        )
        key = self._last if continues else key
        known = self.groups.get(key)
        if known:
            self.groups[key] = replace(known, rows=(*known.rows, row))
        else:
            self.groups[key] = _Group(rows=(row,), day=self._day, said=self._said, left_out=self._left_out)
            self._left_out = ()
        self._last = key
        for column, cell in self._table.cells(row, "date"):  # a row below may leave it out
            moment = self._table.moment(column, cell)
            if moment and moment.days:
                self._day, self._said = moment.days[0], f"of row {row.number}"


def _is_remark(filled: list[str]) -> bool:
    """Check whether a row is a remark about the table: one cell alone, which begins with such a word."""
    first = filled[0].lstrip() if len(filled) == 1 else ""
    return first.startswith(("*", "†")) or find_value("remark", first.partition(":")[0][:40]) is not None


def _day_above(table: Table) -> tuple[date | None, str]:
    """Find the day of a table that has no column for it: the only one in the lines above it or the sheet's name."""
    lines = [(f"of row {row.number}", cell.text) for row in table.above for cell in row.cells if cell.text]
    if table.grid.sheet:
        lines.append(("of the sheet's name", table.grid.sheet))
    days = {day: place for place, text in lines if len(text) <= 200 for day in _days_in(text)}
    return next(iter(days.items())) if len(days) == 1 else (None, "")


def _days_in(text: str) -> tuple[date, ...]:
    figures = find_figures(text)
    days = days_of(figures, ORDERS) if figures else ()
    return (*days, *(found.day for found in read_when(text).dates if not figures))


def _only_day(text: str) -> date | None:
    """Return the day of a line such as "Monday, 5 April 2027"; None if it says more, or may be another day."""
    moment = read_moment(Cell(text=text), ORDERS, kind="date")
    return moment.days[0] if moment and len(moment.days) == 1 and moment.start is None and not moment.doubts else None


def _check_cells(found: Findings, group: _Group) -> None:
    """Refuse the cells that cannot be read, such as a formula without a value."""
    for row in group.rows:
        for column in found.table.columns:
            if column.field and (cell := row.cell(column.index)).fault:
                found.refuse(column, cell, "", row)


def _note_columns(found: Findings, group: _Group, told: set[int]) -> None:
    """Note what was left out: columns that are not understood, and lines above the event that are none.

    Of the columns, a source names each once: `told` are those of the events before.
    """
    unknown, beside = [], []
    for column in found.table.columns:
        row = next((row for row in group.rows if row.cell(column.index).text), None)
        if row is None or column.field is not None or column.index in found.compared:
            continue
        if column.index not in told:
            found.read("", column, Cell(), row)  # without its text, which may be a secret
            told.add(column.index)
        if column.beside is None:
            unknown.append(column.header)
        else:
            beside.append(f"{column.header} (another column says the {column.beside})")
    if unknown or beside:
        found.doubt("table", f"columns that were left out: {', '.join((*unknown, *beside))}"[:250])
    if group.left_out:
        found.doubt("table", f"lines that were left out: {', '.join(group.left_out)}"[:250])


def _build(found: Findings) -> Event | None:
    fields = {name: value for name, value in found.fields.items() if value not in _DEFAULTS}
    fields.setdefault("id", make_slug(fields.get("series"), fields["name"]))
    try:
        return Event.model_validate({**fields, "needs_review": tuple(found.notes)})
    except ValidationError as error:
        for message in mistakes_of(error):
            found.refuse_row(message)
        return None
