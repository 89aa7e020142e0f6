"""An operator's decision on links that people changed in a home: ours again, or as they are."""

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection

from ...errors import BadInputError
from ...homes import with_keys
from ...store.audit import Actor, record_audit
from ...store.events import load_event, load_events
from ...store.homes.entries import WATCHED, HomeEntry, change_entry, list_changed, load_entries, records_of
from ..context import Context
from ..timeline import ring_links
from .linked import place_of

_AT_MOST = 100  # links that are listed


@dataclass(frozen=True, kw_only=True)
class ChangedLink:
    """A link that people changed in a home. `ours`, `there`: title, url and visibility; None: it was removed."""

    home: str
    record: str
    recording: str
    sentence: str
    ours: dict[str, Any] | None
    there: dict[str, Any] | None


@dataclass(frozen=True, kw_only=True)
class Drifted:
    """An event with links that people changed in homes."""

    event: str
    name: str
    start: datetime
    links: tuple[ChangedLink, ...]

    @property
    def start_utc(self) -> datetime:
        """Return the start in UTC."""
        return self.start.astimezone(UTC)


def restore_links(context: Context, event_id: str, by: Actor) -> tuple[HomeEntry, ...]:
    """Have our links of an event written again where people changed or removed them, also where they are left alone.

    Return these links as they were. Raise NotFoundError for an unknown event, BadInputError if there are none.
    """
    with context.database.begin() as connection:
        changed = _find_changed(context, connection, event_id)
        for entry in changed:
            _change(connection, entry, written=dict(entry.seen) if entry.seen else None, left_alone=False)
        _record(context, connection, event_id, by, "links_restored", changed)
    return changed


def leave_links(context: Context, event_id: str, by: Actor) -> tuple[HomeEntry, ...]:
    """Leave the links of an event as people changed them: nobody is asked again. See `restore_links`."""
    with context.database.begin() as connection:
        changed = tuple(entry for entry in _find_changed(context, connection, event_id) if not entry.left_alone)
        for entry in changed:
            _change(connection, entry, left_alone=True)
        _record(context, connection, event_id, by, "links_left", changed)
    return changed


def foresee_restoring(context: Context, event_id: str) -> tuple[str, ...]:
    """Say what `restore_links` writes over, a sentence for each link. Raise what it raises."""
    with context.database.read() as connection:
        changed = _find_changed(context, connection, event_id)
    _check_any(event_id, changed)
    return tuple(_foresee(context, entry) for entry in changed)


def list_drifted(context: Context) -> tuple[Drifted, ...]:
    """List the events with links that people changed and about which nobody has decided, of late publications."""
    if not context.homes:
        return ()
    with context.database.read() as connection:
        since = context.database.now(connection) - WATCHED
        entries = list_changed(connection, since, context.homes, with_keys(context.home_settings), _AT_MOST)
        events = {event.id: event for event in load_events(connection, sorted({entry.event_id for entry in entries}))}
    groups = groupby((entry for entry in entries if entry.event_id in events), attrgetter("event_id"))
    return tuple(
        Drifted(
            event=event_id,
            name=events[event_id].name,
            start=events[event_id].start,
            links=tuple(_describe(context, entry) for entry in group),
        )
        for event_id, group in groups
    )


def drift_json(drifted: Drifted) -> list[dict[str, Any]]:
    """Build the JSON of the links of an event that people changed."""
    return [asdict(link) for link in drifted.links]


def shown_json(pairs: Iterable[tuple[str, Any]] | None) -> dict[str, Any] | None:
    """Build the JSON of a link as our own page or a home shows it: title, url, visibility."""
    values = dict(pairs or ())
    return {name: values.get(name) for name in ("title", "url", "visibility")} if values else None


def _describe(context: Context, entry: HomeEntry) -> ChangedLink:
    what, place = "changed" if entry.seen else "removed", place_of(context.homes[entry.home])
    return ChangedLink(
        home=entry.home,
        record=entry.record,
        recording=entry.key,
        sentence=f"Somebody {what} the link “{entry.title}” on {place}.",
        ours=shown_json(entry.written),
        there=shown_json(entry.seen),
    )


def _foresee(context: Context, entry: HomeEntry) -> str:
    place = place_of(context.homes[entry.home])
    if entry.seen is None:
        return f"“{entry.title}”, which somebody removed, is linked again on {place}."
    there, ours = dict(entry.seen), dict(entry.written or ())
    if there.get("title") != entry.title:
        return f"“{there.get('title')}” becomes “{entry.title}” again on {place}."
    if there.get("url") != ours.get("url"):
        return f"“{entry.title}” leads to our own page of it again on {place}, and not to {there.get('url')}."
    return f"What somebody changed about “{entry.title}” on {place} is undone."


def _find_changed(context: Context, connection: Connection, event_id: str) -> tuple[HomeEntry, ...]:
    """Find the links that people changed in records that are there still, in homes that have a file."""
    load_event(connection, event_id)
    there = {(row.home, row.record) for row in records_of(connection, event_id) if row.home in context.homes}
    entries = (entry for entry in load_entries(connection, event_id) if (entry.home, entry.record) in there)
    return tuple(entry for entry in entries if entry.seen != entry.written)


def _change(connection: Connection, entry: HomeEntry, **values: Any) -> None:
    change_entry(connection, entry.home, entry.record, entry.key, **values)


def _record(
    context: Context, connection: Connection, event_id: str, by: Actor, what: str, changed: Collection[HomeEntry]
) -> None:
    _check_any(event_id, changed)
    homes = sorted({entry.home for entry in changed})
    record_audit(connection, by, what, ("event", event_id), context.database.now(connection), homes=homes)
    ring_links(context, connection, event_id)


def _check_any(event_id: str, changed: Collection[HomeEntry]) -> None:
    if not changed:
        raise BadInputError(f"Nobody has changed a link of event {event_id} in a home.")
