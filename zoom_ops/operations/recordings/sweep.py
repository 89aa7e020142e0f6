"""Sweep of a host's recordings.

It finds recordings that no notification reported or that have changed since, at one call a page of Zoom's list.
"""

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
    """Fetch the recordings in a host's list since a day that we do not hold; return the events with news."""
    last = context.clock.now().date() + timedelta(days=1)
    listed_uuids: set[str] = set()
    listed = context.gateway(account).iter_recordings(host, first, last)
    touched = _fetch_all(context, account, _news(context, account, listed, listed_uuids))
    _report_unlisted(context, account, host, first, listed_uuids)
    return touched


def look_for_removed(context: Context, account: str, removed: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    """Look whether recordings (event, uuid) are back from the trash; return the events with news."""
    return _fetch_all(context, account, iter(removed))


def _news(context: Context, account: str, listed: Iterator[Recording], uuids: set[str]) -> Iterator[tuple[str, str]]:
    """Yield (event, uuid) of our recordings of which the list shows news; collect every listed uuid in `uuids`."""
    for entry in listed:
        uuids.add(entry.uuid)
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


def _fetch_all(context: Context, account: str, recordings: Iterator[tuple[str, str]]) -> tuple[str, ...]:
    """Fetch as many recordings (event, uuid) as possible; return the events with a complete one.

    If a recording fails, the events with a complete one are rung before the error is raised.
    """
    touched: dict[str, None] = {}
    failures: list[ZoomOpsError] = []
    try:
        for event_id, uuid in recordings:
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


def _report_unlisted(context: Context, account: str, host: str, first: date, listed_uuids: set[str]) -> None:
    """Raise an alert for each published recording that Zoom no longer has without a notification; clear old alerts."""
    with context.database.read() as connection:
        published = load_published(connection, account, host, first)
        alerted = {row.subject for row in list_alerts(connection, kinds=(UNLISTED,))}
    unlisted = {event_id for uuid, event_id in published if uuid not in listed_uuids}
    for uuid, event_id in published:
        if uuid in listed_uuids or event_id in alerted:
            continue
        if _is_missing(context, event_id, account, uuid):
            with context.database.begin() as connection:
                raise_alert(connection, unlisted_alert(account, event_id), context.database.now(connection))
    for event_id in alerted & {event_id for _, event_id in published} - unlisted:
        with context.database.begin() as connection:
            clear_alert(connection, unlisted_alert(account, event_id).key, context.database.now(connection))


def _is_missing(context: Context, event_id: str, account: str, uuid: str) -> bool:
    try:
        return fetch_recording(context, event_id, account, uuid) == "missing"
    except ONE_ONLY:
        return False
