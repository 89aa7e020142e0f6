"""Zoom's notifications as operators see them, without secrets."""

import json
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from sqlalchemy import Connection, Row

from ...engine.runs import Request, Subject, submit
from ...errors import BadInputError, NotFoundError
from ...store.audit import Actor, record_audit
from ...store.notifications import find_notification, mark_new
from ...store.webinars import find_event_of, find_event_of_instance
from ..context import Context

HIDDEN = "hidden"
_PLAIN = (  # keys of a body that operators may read; the rest is hidden, because Zoom adds keys at any time
    "event", "event_ts", "payload", "object", "old_object", "id", "uuid", "host_id", "account_id", "type", "topic",
    "start_time", "end_time", "duration", "timezone", "total_size", "recording_count", "recording_start",
    "recording_end", "recording_files", "file_type", "file_size", "recording_type", "status", "time_stamp",
    "operation", "meetings", "practice_session", "occurrences", "occurrence_id",
)  # fmt: skip


def show_notification(context: Context, number: int) -> tuple[Row[Any], str]:
    """Return a notification with the part of its body that operators may read; raise NotFoundError."""
    with context.database.read() as connection:
        row = find_notification(connection, number)
    if row is None:
        raise NotFoundError("notification", str(number))
    body = context.box.unseal(row.body) or "null"
    try:
        readable = _without_secrets(json.loads(body))
    except (ValueError, RecursionError):
        readable = HIDDEN
    return row, json.dumps(readable, indent=2, ensure_ascii=False)


def find_event_of_notification(connection: Connection, row: Row[Any]) -> str | None:
    """Find the event of a notification, also if it belonged to no event when it came; or None."""
    event_id = row.event_id or find_event_of(connection, row.account, row.webinar_id or 0)
    return event_id or (find_event_of_instance(connection, row.uuid) if row.uuid else None)


def replay(context: Context, number: int, by: Actor) -> str:
    """Ring once more the jobs that a notification rang; return its event. Raise BadInputError if it has none."""
    with context.database.begin() as connection:
        row = find_notification(connection, number)
        if row is None:
            raise NotFoundError("notification", str(number))
        event_id = find_event_of_notification(connection, row)
        if event_id is None:
            raise BadInputError("It is of a webinar that belongs to no event here: there is nothing to ring.")
        now = context.database.now(connection)
        mark_new(connection, number, event_id)
        for job in context.rings.get(row.kind, ()):
            submit(connection, Request(job=job, subject=Subject(kind="event", id=event_id), account=row.account), now)
        record_audit(connection, by, "notification_replayed", ("notification", number), now, kind=row.kind)
    return event_id


def replay_all(context: Context, numbers: Iterable[int], by: Actor) -> int:
    """Ring once more the jobs of several notifications; return of how many. What belongs to no event is left out."""
    rung = 0
    for number in numbers:
        with suppress(BadInputError):  # its event has just been deleted
            replay(context, number, by)
            rung += 1
    return rung


def _without_secrets(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_secrets(inner) if key in _PLAIN else HIDDEN for key, inner in value.items()}
    if isinstance(value, list):
        return [_without_secrets(inner) for inner in value]
    return value
