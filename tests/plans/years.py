"""Years of events and of the work done for them, written by the database itself: a million of each in minutes."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

from tests.builders import ACCOUNT, NOW, an_event
from zoom_ops.store.db.connect import Database

Columns = Mapping[str, str]

_SPAN_S = 5 * 365 * 86_400
_COMING = 200  # one event in so many is still to come
_ID = "the-event-id"
_EVENT = "'event-' || i"
_NAME = "CASE i % 20 WHEN 0 THEN 'main' ELSE 'account-' || (i % 20) END"  # of its account
_HOST = "'host-' || (i % 20) || '@example.org'"
_JOB = "CASE WHEN i < @past THEN 'report_missing_recordings' ELSE 'create_webinars' END"
_STATE = "CASE i % 1000 WHEN 7 THEN 'parked' WHEN 8 THEN 'failed' WHEN 9 THEN 'active' ELSE 'done' END"
_ENDED = "i % 1000 NOT IN (7, 9)"
_WORDS = "'tides tomorrow harbour talks ' || (i % 5000) || ' speaker' || i"
_TEXT = f"to_tsvector('simple', {_WORDS})"

_EACH: Mapping[str, Columns] = {  # a row for each event
    "event": {
        "id": _EVENT, "name": "'Tides of Tomorrow ' || i", "series": "'Series ' || (i % 5000)",
        "series_slug": "'series-' || (i % 5000)", "language": "'en'", "year": "2035 + i * 5 / @events",
        "start_at": "@at[0]", "end_at": "@at[3600]", "status": "'scheduled'", "account": _NAME, "profile": "'default'",
        "document": f"@json[replace('@document', '{_ID}', {_EVENT})]", "created_at": "@at[-864000]",
        "updated_at": "@at[-864000]", "doubts": "CASE i % 1000 WHEN 5 THEN 1 ELSE 0 END",
    },
    "event_text": {"event_id": _EVENT, "words": "@words"},
    "event_change": {"event_id": _EVENT, "at": "@at[-864000]", "what": "'event_imported'", "sentence": "'Imported.'"},
    "binding": {
        "event_id": _EVENT, "account": _NAME, "host": _HOST, "webinar_id": "70000000000 + i", "uuid": "'uuid-' || i",
        "known": "@json['{}']", "asked": "@json['{}']", "refused": "@json['{}']", "origin": "'created'",
        "state": "'bound'", "known_at": "@now", "planned_revision": "1", "seated_revision": "1",
        "created_at": "@at[-864000]",
    },
    "booking": {"event_id": _EVENT, "account": _NAME, "host": _HOST, "start_at": "@at[0]", "end_at": "@at[3600]"},
    "seat": {
        "event_id": _EVENT, "email": "'speaker-' || i || '@example.org'", "name": "'Speaker'", "ours": "true",
        "at": "@at[-864000]",
    },
    "run": {
        "job": _JOB, "subject_kind": "'event'", "subject": _EVENT, "account": _NAME, "state": _STATE,
        "waiting": "i % 1000 = 9", "created": "@at[-864000]",
        "finished": f"CASE WHEN {_ENDED} THEN @at[7200] ELSE NULL END",
        "next_at": "CASE i % 1000 WHEN 9 THEN @at[864000000] ELSE NULL END",
    },
    "effect": {
        "run_id": "i + 1", "fence": "1", "subject_kind": "'event'", "subject": _EVENT, "digest": "'digest'",
        "kind": "CASE i % 20 WHEN 3 THEN 'CancelWebinar' ELSE 'CreateWebinar' END", "state": "'done'",
        "action": "@json['{\"account\": \"main\"}']", "began": "@at[-864000]", "resolved": "@at[-864000]",
    },
    "zoom_call": {
        "run_id": "i + 1", "account": _NAME, "at": "@at[-864000]", "method": "'GET'", "path": "'/users'",
        "status": "200",
    },
    "notification": {
        "account": _NAME, "request_id": "'request-' || i", "body_hash": "'hash-' || i", "uuid": "'uuid-' || i",
        "kind": "'recording.completed'", "webinar_id": "70000000000 + i", "event_id": _EVENT,
        "received_at": "@at[7200]", "body": "@bytes", "state": "'folded'",
    },
    "delivery": {
        "id": "'message-' || i", "webhook": "'partner'", "kind": "'event.created'", "event_id": _EVENT,
        "at": "@at[-864000]", "state": "CASE i % 1000 WHEN 4 THEN 'failed' ELSE 'taken' END", "attempts": "1",
        "tried_at": "@at[-864000]", "status": "204",
    },
    "audit": {
        "at": "@at[-864000]", "who": "'operator'", "how": "'session'", "what": "'event_imported'",
        "subject_kind": "'event'", "subject": _EVENT, "detail": "@json['{}']",
    },
}  # fmt: skip
_HELD: Mapping[str, Columns] = {  # a row for each past event
    "instance": {
        "uuid": "'uuid-' || i", "event_id": _EVENT, "started_at": "@at[0]", "ended_at": "@at[3600]",
        "practice": "false",
    },
    "recording": {
        "uuid": "'uuid-' || i", "event_id": _EVENT, "started_at": "@at[0]", "duration": "60", "state": "'completed'",
        "files": "@json['[]']", "fetched_at": "@at[7200]",
    },
    "publication": {
        "event_id": _EVENT, "recording_uuid": "'uuid-' || i", "part": "1", "title": "'Recording'",
        "url": "'https://events.example.org/events/' || i", "visibility": "'public'", "state": "'published'",
        "published_at": "@at[7300]", "look_at": "CASE i % 5000 WHEN 3 THEN @at[7300] ELSE @at[864000000] END",
    },
}  # fmt: skip
_FEW: Mapping[str, Columns] = {  # a row for every tenth event
    "tick": {"schedule": "'create_webinars'", "fire_time": "@at[0]", "at": "@at[0]"},
    "contact": {
        "name": "'Speaker ' || i", "name_key": "'speaker ' || i", "email": "'speaker-' || i || '@example.org'",
        "updated_at": "@now",
    },
    "alert": {
        "key": "'key-' || i", "kind": "'webinar_stray'", "sentence": "'It is stray.'", "raised_at": "@at[0]",
        "cleared_at": "@at[3600]",
    },
}  # fmt: skip
BIG = frozenset((*_EACH, *_HELD, *_FEW))


@dataclass(frozen=True, kw_only=True)
class _Dialect:
    """The expressions that differ between the kinds of database: a moment, JSON, text, empty bytes."""

    at: str
    json: str
    words: str
    bytes: str


_SQLITE = _Dialect(
    at="strftime('%Y-%m-%d %H:%M:%S.000000', {}, 'unixepoch')", json="{}", words=_WORDS, bytes="x''",
)  # fmt: skip
_POSTGRESQL = _Dialect(at="to_timestamp({})", json="CAST({} AS json)", words=_TEXT, bytes="''::bytea")


@dataclass(frozen=True, kw_only=True)
class _Span:
    """The number of events, and the present time in seconds."""

    events: int
    now: int

    @property
    def past(self) -> int:
        return self.events - self.events // _COMING


def fill(database: Database, events: int, now: datetime = NOW) -> None:
    """Write events, nearly all of them over and done, each with a row of each kind of work."""
    span = _Span(events=events, now=int(now.timestamp()))
    with database.begin() as connection:
        if not database.is_sqlite:
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        for tables, count in ((_EACH, events), (_HELD, span.past), (_FEW, events // 10)):
            for table, columns in tables.items():
                _write(connection, table, columns, count, span)
    if not database.is_sqlite:  # SQLite plans without statistics, as in an installation
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")


def _write(connection: Connection, table: str, columns: Columns, count: int, span: _Span) -> None:
    dialect = _SQLITE if connection.dialect.name == "sqlite" else _POSTGRESQL
    values = ", ".join(_expression(value, dialect, span) for value in columns.values())
    numbers = f"WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {count - 1})"
    connection.execute(text(f"INSERT INTO {table} ({', '.join(columns)}) {numbers} SELECT {values} FROM n"))


def _expression(value: str, dialect: _Dialect, span: _Span) -> str:
    """Render the value of a column in a database's dialect; `@at[s]` is s seconds after the start of event i."""
    start = f"CAST({span.now} AS bigint) + (i - {span.past}) * {_SPAN_S // span.events}"
    value = re.sub(r"@at\[(-?\d+)\]", lambda match: dialect.at.format(f"{start} + {match[1]}"), value)
    value = re.sub(r"@json\[(.*)\]$", lambda match: dialect.json.format(match[1]), value)
    words = {"@now": dialect.at.format(span.now), "@words": dialect.words, "@bytes": dialect.bytes}
    values = {**words, "@past": str(span.past), "@events": str(span.events), "@document": _document()}
    for name, written in values.items():
        value = value.replace(name, written)
    return value


def _document() -> str:
    return json.dumps(an_event(id=_ID, account=ACCOUNT).to_json()).replace("'", "''")
