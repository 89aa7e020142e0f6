"""Whether Zoom still has a published recording: what lists and looks by uuid say of it."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row

from ...planning import CONFIRM_AFTER, is_gone, merge_auto_delete, next_look
from ...store.published import change_look, load_published, write_auto_delete
from ...store.recordings import find_recording, read_day, read_recording
from ...webinars import Recording
from ..context import Context
from ..timeline import ring_event
from .fetch import ONE_ONLY, fetch_recording
from .gone import save_removed

AutoDelete = tuple[bool | None, date | None]
_UNWRITTEN = timedelta(days=1)  # a look is not written down again within this time


def note_listed(
    context: Context, account: str, host: str, days: tuple[date, date], listed: Mapping[str, Recording]
) -> None:
    """Note what a whole list of a host's recordings of some days says of those that are published.

    Each recording that it leaves out is looked at by its uuid, unless a look at it waits to be confirmed.
    """
    with context.database.read() as connection:
        published = load_published(connection, account, host, *days)
    seen = [row for row in published if row.uuid in listed]
    if told := [row for row in seen if _is_told(context, row, listed[row.uuid])]:
        with context.database.begin() as connection:
            now = context.database.now(connection)
            for row in told:
                _note_seen(context, connection, row, listed[row.uuid], now)
    for row in published:
        if row.uuid not in listed and row.missing_since is None:
            look_for(context, account, row)


def look_for(context: Context, account: str, row: Row[Any]) -> None:
    """Look for a published recording by its uuid. If this is the second look that does not find it, it is gone."""
    event_id, uuid = row.event_id, row.uuid
    try:
        found = fetch_recording(context, event_id, account, uuid) != "missing"
    except ONE_ONLY:  # nothing is known: it stays due
        return
    with context.database.begin() as connection:
        now, held = context.database.now(connection), find_recording(connection, uuid)
        gone = not found and is_gone(row.missing_since, now)
        if gone:
            save_removed(context, connection, event_id, uuid, "gone")
        elif found:
            at = next_look(now, read_day(held.auto_delete_date) if held else None)
            change_look(connection, event_id, uuid, look_at=at, missing_since=None)
        elif row.missing_since is None:
            change_look(connection, event_id, uuid, look_at=now + CONFIRM_AFTER, missing_since=now)
        if gone or (held and held.fetched_at != row.fetched_at):
            ring_event(context, connection, event_id, "recording.fetched")


def _is_told(context: Context, row: Row[Any], entry: Recording) -> bool:
    """Return whether the list says something of a recording that is not written down yet."""
    held, told = _auto_delete(context, row, entry)
    planned = next_look(context.clock.now(), held[1]) - _UNWRITTEN
    return told != held or row.missing_since is not None or row.look_at is None or row.look_at < planned


def _note_seen(context: Context, connection: Connection, row: Row[Any], entry: Recording, now: datetime) -> None:
    held, told = _auto_delete(context, row, entry)
    change_look(connection, row.event_id, row.uuid, look_at=next_look(now, told[1]), missing_since=None)
    if told != held:
        write_auto_delete(connection, row.uuid, *told)
        ring_event(context, connection, row.event_id, "recording.fetched")


def _auto_delete(context: Context, row: Row[Any], entry: Recording) -> tuple[AutoDelete, AutoDelete]:
    """Return what is held of a recording's deletion by Zoom, and what is known with its entry in the list."""
    held = read_recording(row, context.box, entry.webinar_id)
    return (held.auto_delete, held.auto_delete_date), merge_auto_delete(held, entry)
