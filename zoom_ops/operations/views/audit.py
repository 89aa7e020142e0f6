"""The audit log, for reading or export."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Row

from ...clock import iso_text
from ...store.audit import EVERYTHING, AuditFilter, iter_audit, list_audit_actions, page_audit
from ...store.db.connect import Database

_COLUMNS = ("at", "who", "how", "address", "what", "subject_kind", "subject", "detail")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would not read it as text


def list_lines(
    database: Database, filters: AuditFilter, *, before: int | None, limit: int
) -> tuple[tuple[Row[Any], ...], tuple[str, ...]]:
    """Return a page of audit lines, the newest first, and the kinds of all actions in the audit log."""
    with database.read() as connection:
        return page_audit(connection, filters, before=before, limit=limit), list_audit_actions(connection)


def iter_lines(
    database: Database, filters: AuditFilter = EVERYTHING, *, limit: int | None = None
) -> Iterator[dict[str, Any]]:
    """Yield the matching audit lines as JSON values, oldest first. With `limit`, yield only the latest ones."""
    with database.read() as connection:
        for line in iter_audit(connection, filters, limit=limit):
            yield line_json(line)


def line_json(line: Row[Any]) -> dict[str, Any]:
    """Build the JSON of a line of the audit log."""
    return {**line._asdict(), "at": iso_text(line.at)}


def write_csv(lines: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Yield audit lines as CSV. The first line holds the column names."""
    yield _line(_COLUMNS)
    for line in lines:
        detail = json.dumps(line["detail"], ensure_ascii=False)
        yield _line((*(line[name] for name in _COLUMNS[:-1]), detail))


def _line(cells: Iterable[object]) -> str:
    buffer = io.StringIO()
    texts = ("" if cell is None else str(cell) for cell in cells)
    csv.writer(buffer).writerow(f"'{text}" if text.startswith(_FORMULA) else text for text in texts)
    return buffer.getvalue()
