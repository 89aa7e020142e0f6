"""Sweep of a host's recordings: those that no notification reported or that have changed, at one call a page."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta

from ...planning import ASKED_AGAIN_AFTER, is_news, without_unfinished
from ...store.recordings import find_recording, load_unshared, read_recording
from ...store.webinars import find_event_of, find_event_of_instance, load_converted
from ...webinars import Recording
from ..context import Context
from .fetch import ONE_ONLY, fetch_all
from .presence import note_listed
from .sharing import refresh_sharing


def sweep_host(context: Context, account: str, host: str, first: date) -> tuple[str, ...]:
    """Fetch the recordings in a host's list since a day that we do not hold; return the events with news.

    What the list says of published recordings is noted: when Zoom deletes them, and which it leaves out.
    """
    touched = sweep_days(context, account, host, first, context.clock.now().date() + timedelta(days=1))
    return tuple(dict.fromkeys((*touched, *_ask_again(context, account, host, first))))


def sweep_days(context: Context, account: str, host: str, first: date, last: date) -> tuple[str, ...]:
    """Do the same for the recordings that began on these days (UTC), both included.

    Raise UserGoneError if Zoom has no such host. A list that breaks off says nothing of what it leaves out.
    """
    listed: dict[str, Recording] = {}
    with context.database.read() as connection:
        converted = load_converted(connection, account, host)
    entries = context.gateway(account).iter_recordings(host, first, last, converted=converted)
    touched = fetch_all(context, account, _news(context, account, entries, listed))
    note_listed(context, account, host, (first, last), listed)
    return touched


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


def _news(
    context: Context, account: str, entries: Iterator[Recording], listed: dict[str, Recording]
) -> Iterator[tuple[str, str]]:
    """Yield (event, uuid) of our recordings of which the list shows news; collect every entry in `listed`."""
    now = context.clock.now()
    for entry in (without_unfinished(entry, now) for entry in entries):
        listed[entry.uuid] = entry
        with context.database.read() as connection:
            event_id = find_event_of(connection, account, entry.webinar_id)
            event_id = event_id or find_event_of_instance(connection, entry.uuid)
            row = find_recording(connection, entry.uuid)
        if event_id is None or not entry.uuid or not entry.complete:
            continue
        held = read_recording(row, context.box, entry.webinar_id) if row and row.state == "completed" else None
        if held is None or is_news(held, entry):
            yield event_id, entry.uuid
