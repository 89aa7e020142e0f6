"""Links of ours that a list of a home shows otherwise than they were seen last: people changed or removed them."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection

from ...homes import Glimpse, Raw
from ...store.homes.entries import WATCHED, list_seen
from ..reconcile.linked import as_stored


def find_touched(
    connection: Connection, home: str, records: Iterable[Raw], listed_at: datetime, now: datetime
) -> tuple[str, ...]:
    """Find the events of which a list shows links otherwise than they were seen last. No request is made.

    Left out: records whose list does not tell, what was looked at since it was asked for, and recordings that were
    published too long ago to be watched.
    """
    shown = {raw.id: {link["key"]: link for link in raw.links} for raw in records if raw.links is not None}
    if not shown:
        return ()
    rows = [row for row in list_seen(connection, home, now - WATCHED, listed_at) if row.record in shown]
    return tuple(sorted({row.event_id for row in rows if _differs(row.seen, shown[row.record].get(row.key))}))


def _differs(seen: Glimpse | None, link: Glimpse | None) -> bool:
    if not seen or link is None:
        return bool(seen) != (link is not None)
    return any(seen.get(name) != as_stored(value) for name, value in link.items())
