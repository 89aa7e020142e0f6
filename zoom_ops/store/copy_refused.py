"""Name the row and the column of what a database does not take, so that a person can mend it in the source."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import BigInteger, Column, Integer, String, Table, insert
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError

from ..errors import PermanentError, first_line
from .connect import Database
from .copy_tables import Row, key_of, name_row

MOST_TOLD = 10
_LARGEST_INTEGER = 2**31 - 1


def is_refusal(error: Exception) -> bool:
    """Tell whether an error is about what was to be written, and not about a database that does not answer."""
    return isinstance(error, UnicodeEncodeError) or isinstance(
        error.__cause__, DataError | IntegrityError | ProgrammingError
    )


def why_refused(target: Database, table: Table, rows: list[Row]) -> PermanentError:
    """Build the error that names what is wrong with rows that were refused together."""
    found = [sentence for row in rows for sentence in _complaints(table, row)] or list(_tried(target, table, rows))
    error = PermanentError(
        f"The target does not take {len(found)} of the next {len(rows)} rows of {table.name}. Mend them in the source "
        "(its daemon stopped) and give the same command again: it goes on where it was. Nothing is lost."
    )
    for sentence in found[:MOST_TOLD]:
        error.add_note(sentence)
    return error


def _complaints(table: Table, row: Row) -> Iterator[str]:
    """Say what is wrong with a row, by what PostgreSQL takes."""
    for column in table.columns:
        if wrong := _wrong(column, row[column.name]):
            yield f"{name_row(table, key_of(table, row))}: {column.name} {wrong}."


def _wrong(column: Column[Any], value: Any) -> str | None:
    if isinstance(value, str):
        return _wrong_text(column, value)
    if isinstance(value, int) and isinstance(column.type, Integer) and not isinstance(column.type, BigInteger):
        return "is a number too large" if abs(value) > _LARGEST_INTEGER else None
    return None


def _wrong_text(column: Column[Any], value: str) -> str | None:
    if "\0" in value:
        return "holds a NUL character"
    if not _is_unicode(value):
        return "holds bytes that are no text in UTF-8"
    most = column.type.length if isinstance(column.type, String) else None
    return f"is longer than {most} characters" if most is not None and len(value) > most else None


def _is_unicode(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _tried(target: Database, table: Table, rows: list[Row]) -> Iterator[str]:
    """Try one row after the other, keeping none, and say of those that are refused what the database says."""
    with target.begin() as connection, connection.begin_nested() as all_of_them:
        for row in rows:
            try:
                with connection.begin_nested():
                    connection.execute(insert(table), row)
            except (DBAPIError, UnicodeEncodeError) as error:
                reason = error.orig if isinstance(error, DBAPIError) else error.reason
                yield f"{name_row(table, key_of(table, row))}: {first_line(reason)}."
        all_of_them.rollback()
