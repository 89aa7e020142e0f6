"""The audit, as operators read it and as it is exported."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from sqlalchemy import Row

from ...clock import iso_text
from ...store.audit import EVERYTHING, AuditFilter, iter_audit, list_audit_actions, page_audit
from ...store.db.connect import Database

_COLUMNS = ("at", "who", "how", "address", "what", "subject_kind", "subject", "detail")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def list_lines(
    database: Database, wanted: AuditFilter, *, before: int | None, limit: int
) -> tuple[tuple[Row[Any], ...], tuple[str, ...]]:
    """List a page of what was done, the newest first; and the kinds of all that ever was."""
    with database.read() as connection:
        return page_audit(connection, wanted, before=before, limit=limit), list_audit_actions(connection)


def iter_lines(
    database: Database, wanted: AuditFilter = EVERYTHING, *, limit: int | None = None
) -> Iterator[dict[str, Any]]:
    """List who did what as JSON values, oldest first: what is wanted of it, and the latest `limit` of that."""
    with database.read() as connection:
        for line in iter_audit(connection, wanted, limit=limit):
            yield {**asdict(line), "at": iso_text(line.at)}


def write_csv(lines: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Write it as lines of CSV, the names of the columns first."""
    yield _line(_COLUMNS)
    for line in lines:
        detail = json.dumps(line["detail"], ensure_ascii=False)
        yield _line((*(line[name] for name in _COLUMNS[:-1]), detail))


def _line(cells: Iterable[object]) -> str:
    written = io.StringIO()
    csv.writer(written).writerow(_harmless(cell) for cell in cells)
    return written.getvalue()


def _harmless(cell: object) -> str:
    """Write a cell so that a spreadsheet takes it for text and not for a formula."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(_FORMULA) else text
