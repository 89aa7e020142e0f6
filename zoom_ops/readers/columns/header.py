"""The header of a table: its row, and what each of its columns says."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from .words import FIELDS, fold_header

LONGEST = 200  # characters of a header
ROWS_LOOKED_AT = 30  # above the header
_MAY_REPEAT = ("speaker", "moderator", "chair", "interpreter", "organizers", "link", "slides")
_BRACKET = re.compile(r"\s*[(\[（](?P<inside>[^()\[\]（）]*)[)\]）]\s*$")  # "Start (UTC)", "Date (DD/MM/YYYY)"
_ZONE = re.compile(r"\s+(?P<inside>[A-Z]{2,5})$")  # "Start CET"
_SEVERAL = re.compile(r"\s*[/|\n]\s*")  # "Titel / Title"


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of a table. `field` is None where it is not understood; `beside` is the field of another column.

    `group` tells "Speaker 1" from "Speaker 2". `qualifier` is what the header says in brackets, such as a zone.
    """

    index: int
    header: str
    field: str | None = None
    beside: str | None = None
    group: int = 0
    rank: int = 0
    qualifier: str = ""


def find_header(rows: Iterable[Sequence[str]]) -> int | None:
    """Find the row that names the columns: the one with the most known words. It has a title and a date or time."""
    best, most = None, 1
    for index, row in enumerate(rows):
        if index > ROWS_LOOKED_AT:
            break
        known = {column.field for column in map_columns(row) if column.field}
        if "name" in known and known & {"date", "start"} and len(known) > most:
            best, most = index, len(known)
    return best


def seems_table(text: str) -> bool:
    """Check whether a text without a file name is a table: a row of three known headers, and a row below it."""
    lines = [line for line in text[:20_000].splitlines() if line.strip()][:ROWS_LOOKED_AT]
    for separator in "\t;,|":
        rows = [[cell.strip(' "') for cell in line.split(separator)] for line in lines]
        header = find_header(rows[:-1])
        if header is None:
            continue
        known = {column.field for column in map_columns(rows[header]) if column.field}
        if len(known) >= 3 and len(rows[header + 1]) > len(rows[header]) // 2:
            return True
    return False


def map_columns(cells: Sequence[str]) -> tuple[Column, ...]:
    """Tell what each column of a header says."""
    columns = [_match(index, cell) for index, cell in enumerate(cells) if cell.strip()]
    columns = _resolve_names(columns)
    first: dict[tuple[str | None, int], Column] = {}
    for column in sorted(columns, key=lambda column: column.rank):
        first.setdefault((column.field, column.group), column)
    return tuple(
        column
        if column.field in _MAY_REPEAT or first[column.field, column.group] is column
        else replace(column, field=None, beside=column.field)
        for column in columns
    )


def _match(index: int, header: str) -> Column:
    column = Column(index=index, header=" ".join(header[:LONGEST].split()))
    if len(header) > LONGEST:
        return column
    bracket = _BRACKET.search(header)
    bare = header[: bracket.start()] if bracket else header
    for text, qualifier in ((header, ""), (bare, bracket["inside"] if bracket else "")):
        if found := _find(text):
            return replace(column, field=found[0], rank=found[1], group=found[2], qualifier=qualifier.strip())
    zone = _ZONE.search(bare)
    if zone and (found := _find(bare[: zone.start()])) and found[0] in ("start", "end", "date"):
        return replace(column, field=found[0], rank=found[1], qualifier=zone["inside"])
    return column


def _find(text: str) -> tuple[str, int, int] | None:
    """Find the field of a header, its rank and the number of the speaker."""
    if whole := FIELDS.get(fold_header(text)):
        return (*whole, 0)
    parts = [FIELDS.get(fold_header(part)) for part in _SEVERAL.split(text)]
    fields = {part[0] for part in parts if part}
    if len(fields) == 1 and len(parts) > 1:
        return (*next(part for part in parts if part), 0)
    if fields == {"date", "start"}:  # "Datum / Uhrzeit"
        return "start", 0, 0
    words = fold_header(text).split()
    numbers = [word for word in words if word.isascii() and word.isdigit() and len(word) < 3]
    numbered = FIELDS.get(" ".join(word for word in words if word not in numbers)) if len(numbers) == 1 else None
    if numbered and numbered[0].startswith(("speaker", "moderator")):
        return (*numbered, int(numbers[0]))
    return None


def _resolve_names(columns: list[Column]) -> list[Column]:
    """Decide what "Name" means, and drop what belongs to speakers from a table that names none."""
    fields = {column.field for column in columns}
    if "speaker_first_name" in fields:
        meant = "speaker_last_name" if "speaker_last_name" not in fields else None
    elif "name" not in fields:
        meant = "name"
    else:
        meant = None if any(column.field == "speaker" and not column.group for column in columns) else "speaker"
    columns = [replace(column, field=meant) if column.field == "any_name" else column for column in columns]
    named = {"speaker", "speaker_first_name", "speaker_last_name"} & {column.field for column in columns}
    if named:
        return columns
    return [replace(each, field=None) if (each.field or "").startswith("speaker_") else each for each in columns]
