"""Sweep a host's recordings, one call a page: what no notification told of, and what has changed since."""

from collections.abc import Iterator
from datetime import date, timedelta

from ...errors import ZoomOpsError
from ...planning import is_news
from ...store.alerts import clear_alert, list_alerts, raise_alert
from ...store.recordings import find_recording, load_published, read_recording
from ...store.webinars import find_event_of, find_event_of_instance
from ...webinars import Recording
from ..context import Context
from ..timeline import ring_event
from .fetch import ONE_ONLY, UNLISTED, fetch_recording, unlisted_alert


def sweep_host(context: Context, account: str, host: str, first: date) -> tuple[str, ...]:
    """Fetch what a host's list shows since a day and we do not hold; tell the events for which there was news."""
    last = context.clock.now().date() + timedelta(days=1)
    seen: set[str] = set()
    listed = context.gateway(account).iter_recordings(host, first, last)
    touched = _fetch_all(context, account, _news(context, account, listed, seen))
    _tell_unlisted(context, account, host, first, seen)
    return touched


def look_for_removed(context: Context, account: str, removed: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    """Look whether recordings (event, uuid) are back from the trash; tell the events for which there was news."""
    return _fetch_all(context, account, iter(removed))


def _news(context: Context, account: str, listed: Iterator[Recording], seen: set[str]) -> Iterator[tuple[str, str]]:
    """List the recordings of our events, each as (event, uuid), of which the list says what we do not hold."""
    for entry in listed:
        seen.add(entry.uuid)
        with context.database.read() as connection:
            event_id = find_event_of(connection, account, entry.webinar_id) or find_event_of_instance(
                connection, entry.uuid
            )
            row = find_recording(connection, entry.uuid)
        if event_id is None or not entry.uuid or not entry.complete:
            continue
        held = read_recording(row, context.box, entry.webinar_id) if row and row.state == "completed" else None
        if held is None or is_news(held, entry):
            yield event_id, entry.uuid


def _fetch_all(context: Context, account: str, wanted: Iterator[tuple[str, str]]) -> tuple[str, ...]:
    """Fetch recordings, as many as can be had; what is there is made known also where another could not be had."""
    touched: dict[str, None] = {}
    failures: list[ZoomOpsError] = []
    try:
        for event_id, uuid in wanted:
            try:
                if fetch_recording(context, event_id, account, uuid) == "complete":
                    touched[event_id] = None
            except ONE_ONLY as error:
                failures.append(error)
        if failures:
            raise failures[0]
    except ZoomOpsError:
        with context.database.begin() as connection:
            for event_id in touched:
                ring_event(context, connection, event_id, "recording.fetched")
        raise
    return tuple(touched)


def _tell_unlisted(context: Context, account: str, host: str, first: date, seen: set[str]) -> None:
    """Tell operators of a published recording that Zoom has no longer, though nobody told that it was removed."""
    with context.database.read() as connection:
        published = load_published(connection, account, host, first)
        told = {row.subject for row in list_alerts(connection, kinds=(UNLISTED,))}
    unlisted = {event_id for uuid, event_id in published if uuid not in seen}
    for uuid, event_id in published:
        if uuid not in seen and event_id not in told and _is_missing(context, event_id, account, uuid):
            with context.database.begin() as connection:
                raise_alert(connection, unlisted_alert(account, event_id), context.database.now(connection))
    for event_id in told & {event_id for _, event_id in published} - unlisted:
        with context.database.begin() as connection:
            clear_alert(connection, unlisted_alert(account, event_id).key, context.database.now(connection))


def _is_missing(context: Context, event_id: str, account: str, uuid: str) -> bool:
    try:
        return fetch_recording(context, event_id, account, uuid) == "missing"
    except ONE_ONLY:
        return False
