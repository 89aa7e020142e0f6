"""The header of a table: its row, and what each of its columns says."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from .words import FIELDS, fold_header

LONGEST = 200  # characters of a header
ROWS_LOOKED_AT = 30  # above the header
_MAY_REPEAT = ("speaker", "moderator", "chair", "interpreter", "organizers", "link", "slides")
_PAIRS: dict[tuple[str, ...], str] = {
    ("start", "date"): "date",
    ("start", "start"): "start",
    ("end", "date"): "end_date",
    ("end", "start"): "end",
}
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


@dataclass(frozen=True, kw_only=True)
class Header:
    """The header of a table: the place of its first and of its last row, and its columns."""

    first: int
    last: int
    columns: tuple[Column, ...]

    @property
    def known(self) -> set[tuple[str, int]]:
        """What its columns say."""
        return {(column.field, column.group) for column in self.columns if column.field}

    @property
    def is_whole(self) -> bool:
        """Whether it names a title, and a date or a time."""
        fields = {field for field, _ in self.known}
        return "name" in fields and bool(fields & {"date", "start"})


def find_header(rows: Iterable[Sequence[str]]) -> Header | None:
    """Find the header: the row with the most known words, which has a title and a date or time.

    It may have two rows, such as Speaker above Name and Organization. They count only if they say more than each alone.
    """
    best: Header | None = None
    above: Sequence[str] = ()
    for index, row in enumerate(islice(rows, ROWS_LOOKED_AT + 1)):
        alone = Header(first=index, last=index, columns=map_columns(row))
        both = _join(index, above, row) if index else None
        better = both if both and len(both.known) > len(alone.known) else alone
        most = len(best.known) if best else 1
        if better.is_whole and len(better.known) > most:
            best = better
        above = row
    return best


def _join(index: int, above: Sequence[str], below: Sequence[str]) -> Header | None:
    """Join two rows to one header. Each cell of the lower row is a known word, and not each is a column of its own."""
    lower = {place: cell for place, cell in enumerate(below) if cell.strip()}
    if not any(cell.strip() for cell in above) or not are_headers(lower.values()):
        return None
    texts, group = [], ""
    for place in range(max(len(above), len(below))):
        upper = above[place] if place < len(above) else ""
        group = upper if upper.strip() or place not in lower else group
        texts.append(_joined(group.strip(), lower.get(place, "").strip()))
    return Header(first=index - 1, last=index, columns=map_columns(texts))


def _joined(group: str, below: str) -> str:
    """Write the header of a column below the header of a group: Start Date, or only Date below When."""
    both = f"{group} {below}".strip()
    return both if not below or not group or _find(both) else below


def are_headers(texts: Iterable[str]) -> bool:
    """Check whether all texts are known words of headers."""
    return all(len(text) <= LONGEST and _find(text) is not None for text in texts)


def seems_table(text: str) -> bool:
    """Check whether a text without a file name is a table: a row of three known headers, and a row below it."""
    lines = [line for line in text[:20_000].splitlines() if line.strip()][:ROWS_LOOKED_AT]
    for separator in "\t;,|":
        rows = [[cell.strip(' "') for cell in line.split(separator)] for line in lines]
        header = find_header(rows[:-1])
        if header and len(header.known) >= 3 and len(rows[header.last + 1]) > len(rows[header.last]) // 2:
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
    for place in range(1, len(words)):  # "Beginn" above "Datum"
        halves = (FIELDS.get(" ".join(half)) for half in (words[:place], words[place:]))
        if field := _PAIRS.get(tuple(half[0] for half in halves if half)):
            return field, 0, 0
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
