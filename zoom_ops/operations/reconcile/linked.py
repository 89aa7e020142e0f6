"""What we know of our links in the records of an event in homes, for the planner."""

import re
from collections.abc import Collection
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import Connection

from ...access import opens_by_key
from ...events import Event
from ...homes import KINDS, EventRecords, Shown, title_of, with_keys
from ...link_keys import hide_keys, hides_key
from ...planning import Observed, ObservedLink, ObservedRecord, ShownLink, shows_link, wanted_in
from ...store.events import load_event
from ...store.homes.entries import HomeEntry, change_entry, load_entries, records_of, save_entry
from ...store.recordings import load_publications
from ...store.webinars import find_binding
from ..context import Context
from .known import Shared, account_of
from .member_keys import load_member_keys

_NOT_STORED, _INSTEAD = re.compile("[\\x00\\ud800-\\udfff]"), "\ufffd"
_LONGEST = 2_000  # characters of a title or address
_ONE_COPY = ("copies", 1)  # as nearly all have, and as those of earlier versions do not say


def load_linked(
    context: Context, connection: Connection, event: Event, shared: Shared | None = None
) -> tuple[ObservedRecord, ...]:
    """Load the records of an event in the homes that are configured, with our links in them.

    `shared`: see `observe`.
    """
    rows = [row for row in records_of(connection, event.id) if row.home in context.homes]
    entries = (shared or Shared()).once(event.id, load_entries, connection, event.id) if rows else ()
    keys = _load_keys(context, connection, event, {row.home for row in rows}) if rows else {}
    return tuple(_record_of(context.homes[row.home], row.record, entries, keys.get(row.home, ())) for row in rows)


def observe_links(context: Context, connection: Connection, event_id: str, home: str) -> tuple[Event, Observed]:
    """Load an event, and what decides about its links in one home: nothing of Zoom."""
    event = load_event(connection, event_id)
    records = load_linked(context, connection, event)
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
    publications = load_publications(connection, [event_id]).get(event_id, ())
    published = {each.recording_uuid: wanted_in(record, each) for each in publications}
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
    """Build the JSON of a link as a home shows it, as it is stored: without a key."""
    if shown is None:
        return None
    return {name: value for name, value in asdict(hide_link(shown)).items() if (name, value) != _ONE_COPY}


def hide_link(shown: Shown) -> Shown:
    """Return a link as it is stored and compared: see `as_stored`."""
    return replace(shown, url=as_stored(shown.url), title=as_stored(shown.title))


def as_stored(text: str) -> str:
    """Return a text of a home as it is stored: without keys, not too long, and only what every database takes."""
    line = _NOT_STORED.sub(_INSTEAD, hide_keys(text))
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}{_INSTEAD}"


def is_whole(stored: Shown) -> bool:
    """Return whether what is stored of a link is all that the home showed of it."""
    said = f"{stored.title} {stored.url}"
    return not hides_key(said) and _INSTEAD not in said


def _load_keys(
    context: Context, connection: Connection, event: Event, homes: Collection[str]
) -> dict[str, tuple[tuple[str, str], ...]]:
    """Load the keys of an event's recordings by home, hidden; none where no key opens them."""
    if not with_keys(context.home_settings).intersection(homes) or not opens_by_key(event):
        return {}
    keys = load_member_keys(connection, context.box, context.home_settings, event.id)
    recordings = [each.recording_uuid for each in load_publications(connection, [event.id]).get(event.id, ())]
    return {
        home: tuple((each, hide_keys(key)) for each in recordings if (key := keys.key_of(home, each)))
        for home in keys.seals
    }


def _record_of(
    home: EventRecords, record: str, entries: tuple[HomeEntry, ...], keys: tuple[tuple[str, str], ...]
) -> ObservedRecord:
    can = home.capabilities
    return ObservedRecord(
        home=home.name,
        record=record,
        place=place_of(home),
        writes=can.writes,
        can_hide="members" in can.audiences,
        members_see=can.members_see,
        title_leaks=can.title_leaks,
        keys=keys,
        links=tuple(_link_of(entry) for entry in entries if (entry.home, entry.record) == (home.name, record)),
    )


def _link_of(entry: HomeEntry) -> ObservedLink:
    written, seen = (ShownLink(**dict(pairs)) if pairs else None for pairs in (entry.written, entry.seen))
    return ObservedLink(key=entry.key, written=written, seen=seen, left_alone=entry.left_alone)
