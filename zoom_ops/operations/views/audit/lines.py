"""The audit log, for reading or export."""

import csv
import io
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Row

from ....clock import iso_text
from ....store.audit import EVERYTHING, AuditFilter, iter_audit, list_audit_actions, load_latest, page_audit
from ....store.db.connect import Database
from ....store.event_queries import load_names
from ....store.identity.users import load_user_names
from ....store.recordings import load_spans
from .words import AuditNames, AuditWords, describe_line

_COLUMNS = ("at", "who", "how", "address", "what", "subject_kind", "subject", "detail")
_BATCH = 200
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


def describe_lines(database: Database, lines: Iterable[Mapping[str, Any]]) -> Iterator[AuditWords]:
    """Yield lines in words, with the names of events, users and recordings as they are now."""
    rest = iter(lines)
    while batch := tuple(islice(rest, _BATCH)):
        with database.read() as connection:
            names = _load_names(connection, batch)
        yield from (describe_line(line, names) for line in batch)


def _load_names(connection: Connection, lines: Collection[Mapping[str, Any]]) -> AuditNames:
    events, users, recordings = set[str](), set[str](), set[str]()
    for line in lines:
        detail = line["detail"]
        events |= {line["subject"], *(str(detail.get(key)) for key in ("for", "about", "event"))}
        events.update(detail.get("events") or ())
        users |= {line["who"], line["subject"]}
        recordings.add(str(detail.get("recording")))
    known = load_names(connection, events)
    missing = {line["subject"] for line in lines if line["subject_kind"] == "event"} - set(known)
    deleted = load_latest(connection, "event", sorted(missing), ["event_deleted"]) if missing else {}
    return AuditNames(
        events=known,
        deleted={event: row.detail["name"] for event, row in deleted.items()},
        users=load_user_names(connection, users),
        recordings={
            uuid: f"recording of {minutes} minutes" + (f" from {began:%Y-%m-%d %H:%M} UTC" if began else "")
            for uuid, (began, minutes) in load_spans(connection, recordings).items()
        },
    )


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
