"""An operator's decision on links that people changed in a home: ours again, or as they are."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection

from ...errors import BadInputError
from ...store.audit import Actor, record_audit
from ...store.events import load_event
from ...store.home_entries import HomeEntry, change_entry, load_entries
from ..context import Context
from ..timeline import ring_links


def restore_links(context: Context, event_id: str, by: Actor) -> tuple[HomeEntry, ...]:
    """Have our links of an event written again where people changed or removed them, also where they are left alone.

    Return these links as they were. Raise NotFoundError for an unknown event, BadInputError if there are none.
    """
    with context.database.begin() as connection:
        changed = _find_changed(connection, event_id)
        for entry in changed:
            _change(connection, entry, written=dict(entry.seen) if entry.seen else None, left_alone=False)
        _record(context, connection, event_id, by, "links_restored", changed)
    return changed


def leave_links(context: Context, event_id: str, by: Actor) -> tuple[HomeEntry, ...]:
    """Leave the links of an event as people changed them: nobody is asked again. See `restore_links`."""
    with context.database.begin() as connection:
        changed = tuple(entry for entry in _find_changed(connection, event_id) if not entry.left_alone)
        for entry in changed:
            _change(connection, entry, left_alone=True)
        _record(context, connection, event_id, by, "links_left", changed)
    return changed


def _find_changed(connection: Connection, event_id: str) -> tuple[HomeEntry, ...]:
    load_event(connection, event_id)
    return tuple(entry for entry in load_entries(connection, event_id) if entry.seen != entry.written)


def _change(connection: Connection, entry: HomeEntry, **values: Any) -> None:
    change_entry(connection, entry.home, entry.record, entry.key, **values)


def _record(
    context: Context, connection: Connection, event_id: str, by: Actor, what: str, changed: Iterable[HomeEntry]
) -> None:
    homes = sorted({entry.home for entry in changed})
    if not homes:
        raise BadInputError(f"Nobody has changed a link of event {event_id} in a home.")
    record_audit(connection, by, what, ("event", event_id), context.database.now(connection), homes=homes)
    ring_links(context, connection, event_id)
