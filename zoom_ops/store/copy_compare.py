"""Compare two databases row by row, in little memory."""

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Column, Connection, Table

from .copy_tables import Row, count_rows, is_words, iter_chunks, key_of, list_tables, load_rows, name_row


def iter_differences(source: Connection, target: Connection, tell: Callable[[int], None]) -> Iterator[str]:
    """Say which rows of the source are missing or other in the target, and which tables hold more there.

    Every row is looked up by its key; where none is missing, an equal number of rows says that there are no others.
    No values are told: they may be secrets.
    """
    for table in list_tables():
        words = [c for c in table.columns if is_words(c, source.dialect) or is_words(c, target.dialect)]
        for rows in iter_chunks(source, table):
            yield from _differing(target, table, rows, words)
            tell(len(rows))
    there = count_rows(target)
    for name, count in count_rows(source).items():
        if count != there[name]:
            yield f"{name}: {count:,} rows in the source, {there[name]:,} in the target."


def _differing(target: Connection, table: Table, rows: list[Row], words: list[Column[Any]]) -> Iterator[str]:
    wanted = {key_of(table, row): row for row in rows}
    found = load_rows(target, table, list(wanted))
    for key, row in wanted.items():
        if key not in found:
            yield f"{name_row(table, key)}: missing in the target."
        elif other := _other_columns(row, found[key], words):
            yield f"{name_row(table, key)}: {', '.join(other)} other in the target."


def _other_columns(row: Row, copied: Row, words: list[Column[Any]]) -> list[str]:
    for column in words:  # whose order each database has for itself
        row, copied = ({**one, column.name: set(one[column.name].split())} for one in (row, copied))
    return [name for name, value in row.items() if value != copied[name]]
