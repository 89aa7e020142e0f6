"""What we know of our links in the records of an event in homes, for the planner."""

from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection

from ...events import Event
from ...homes import KINDS, EventRecords, Shown, title_of
from ...planning import Observed, ObservedLink, ObservedRecord, ShownLink, shows_link
from ...store.events import load_event
from ...store.home_entries import HomeEntry, change_entry, load_entries, records_of, save_entry
from ...store.recordings import load_publications
from ...store.webinars import find_binding
from ..context import Context
from .known import account_of


def load_linked(context: Context, connection: Connection, event_id: str) -> tuple[ObservedRecord, ...]:
    """Load the records of an event in the homes that are configured, with our links in them."""
    rows = [row for row in records_of(connection, event_id) if row.home in context.homes]
    entries = load_entries(connection, event_id) if rows else ()
    return tuple(_record_of(context.homes[row.home], row.record, entries) for row in rows)


def observe_links(context: Context, connection: Connection, event_id: str, home: str) -> tuple[Event, Observed]:
    """Load an event, and what decides about its links in one home: nothing of Zoom."""
    event = load_event(connection, event_id)
    records = load_linked(context, connection, event_id)
    return event, Observed(
        installation=context.installation,
        account=account_of(context, event, find_binding(connection, event_id)),
        publications=tuple(load_publications(connection, [event_id]).get(event_id, ())),
        records=tuple(record for record in records if record.home == home),
    )


def save_seen(
    context: Context, connection: Connection, event_id: str, record: ObservedRecord, shown: tuple[Shown, ...]
) -> None:
    """Save how a home shows our links in a record now. What it shows as it should counts as written by us.

    A link that was never ours, of a recording that this event does not have, is not saved.
    """
    published = {each.recording_uuid: each for each in load_publications(connection, [event_id]).get(event_id, ())}
    now, there = context.database.now(connection), {each.key: each for each in shown}
    known = {each.key for each in record.links}
    for key in sorted(known | (there.keys() & published.keys())):
        seen, wanted = link_json(there.get(key)), published.get(key)
        is_wanted = wanted is not None and wanted.state == "published"
        agrees = shows_link(ShownLink(**seen), wanted) if seen and wanted and is_wanted else not (seen or is_wanted)
        values = {"seen": seen, "seen_at": now} | ({"written": seen, "left_alone": False} if agrees else {})
        if key in known:
            change_entry(connection, record.home, record.record, key, **values)
        elif wanted:
            about = {"event_id": event_id, "part": wanted.part, "title": wanted.title, "visibility": wanted.visibility}
            save_entry(connection, record.home, record.record, key, **about, **values)


def place_of(home: EventRecords) -> str:
    """Name a home in a sentence: "Indico (home events)"."""
    return f"{title_of(home.kind)} (home {home.name})" if home.kind in KINDS else f"home {home.name}"


def link_json(shown: Shown | None) -> dict[str, Any] | None:
    """Build the JSON of a link as a home shows it."""
    return asdict(shown) if shown else None


def _record_of(home: EventRecords, record: str, entries: tuple[HomeEntry, ...]) -> ObservedRecord:
    can = home.capabilities
    return ObservedRecord(
        home=home.name,
        record=record,
        place=place_of(home),
        writes=can.writes,
        can_hide="members" in can.audiences,
        members_see=can.members_see,
        title_leaks=can.title_leaks,
        links=tuple(_link_of(entry) for entry in entries if (entry.home, entry.record) == (home.name, record)),
    )


def _link_of(entry: HomeEntry) -> ObservedLink:
    written, seen = (ShownLink(**dict(pairs)) if pairs else None for pairs in (entry.written, entry.seen))
    return ObservedLink(key=entry.key, written=written, seen=seen, left_alone=entry.left_alone)
