"""Sweep of a host's recordings: those that no notification reported or that have changed, at one call a page."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta

from ...planning import ASKED_AGAIN_AFTER, is_news
from ...store.alerts import clear_alert, list_alerts, raise_alert
from ...store.recordings import find_recording, load_published, load_unshared, read_recording
from ...store.webinars import find_event_of, find_event_of_instance
from ...webinars import Recording
from ..context import Context
from .fetch import ONE_ONLY, UNLISTED, fetch_all, fetch_recording, unlisted_alert
from .sharing import refresh_sharing


def sweep_host(context: Context, account: str, host: str, first: date) -> tuple[str, ...]:
    """Fetch the recordings in a host's list since a day that we do not hold; return the events with news.

    Raise an alert for each published recording that Zoom no longer has without a notification; clear old alerts.
    """
    last = context.clock.now().date() + timedelta(days=1)
    listed_uuids: set[str] = set()
    listed = context.gateway(account).iter_recordings(host, first, last)
    touched = fetch_all(context, account, _news(context, account, listed, listed_uuids))
    with context.database.read() as connection:
        published = load_published(connection, account, host, first)
        alerted = {row.subject for row in list_alerts(connection, kinds=(UNLISTED,))}
    unlisted = {event_id for uuid, event_id in published if uuid not in listed_uuids}
    for uuid, event_id in published:
        if uuid not in listed_uuids and event_id not in alerted and _is_missing(context, event_id, account, uuid):
            with context.database.begin() as connection:
                raise_alert(connection, unlisted_alert(account, event_id), context.database.now(connection))
    for event_id in alerted & {event_id for _, event_id in published} - unlisted:
        with context.database.begin() as connection:
            clear_alert(connection, unlisted_alert(account, event_id).key, context.database.now(connection))
    return tuple(dict.fromkeys((*touched, *_ask_again(context, account, host, first))))


def _ask_again(context: Context, account: str, host: str, first: date) -> tuple[str, ...]:
    """Ask who may open the recordings of which Zoom has not said it, once a day; return the events with an answer."""
    with context.database.read() as connection:
        before = context.clock.now() - ASKED_AGAIN_AFTER
        unshared = load_unshared(connection, account, host, first, before)
    changed: dict[str, None] = {}
    for event_id, uuid in unshared:
        with suppress(*ONE_ONLY):
            if refresh_sharing(context, event_id, account, uuid):
                changed[event_id] = None
    return tuple(changed)


def _news(context: Context, account: str, listed: Iterator[Recording], uuids: set[str]) -> Iterator[tuple[str, str]]:
    """Yield (event, uuid) of our recordings of which the list shows news; collect every listed uuid in `uuids`."""
    for entry in listed:
        uuids.add(entry.uuid)
        with context.database.read() as connection:
            event_id = find_event_of(connection, account, entry.webinar_id)
            event_id = event_id or find_event_of_instance(connection, entry.uuid)
            row = find_recording(connection, entry.uuid)
        if event_id is None or not entry.uuid or not entry.complete:
            continue
        held = read_recording(row, context.box, entry.webinar_id) if row and row.state == "completed" else None
        if held is None or is_news(held, entry):
            yield event_id, entry.uuid


def _is_missing(context: Context, event_id: str, account: str, uuid: str) -> bool:
    try:
        return fetch_recording(context, event_id, account, uuid) == "missing"
    except ONE_ONLY:
        return False
