"""What a restoration from a backup meant, for operators: until an admin has read it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from ....clock import iso_text
from ....store.backups.newer import Newer, Place, load_newer
from ....store.backups.restoration import find_restoration, is_older
from ....store.event_queries import load_names
from ....store.tables import binding, event
from ....store.webinars import Bound
from ...context import Context


@dataclass(frozen=True, kw_only=True)
class ShownRestoration:
    """A restoration that nobody has dismissed, or of which more was found since."""

    at: datetime
    as_of: datetime | None  # how old the backup was
    newer: Newer
    unlooked: tuple[str, ...]  # accounts that are still to be looked at
    older: int  # coming webinars that are still to be read again
    names: Mapping[str, str]  # of the events of which something is newer, by id; of those that are known here
    is_of_today: bool  # so that the changes of hosts count from the backup

    @property
    def is_settled(self) -> bool:
        """Whether all that can be newer at Zoom was looked up."""
        return not self.unlooked and not self.older

    @property
    def sentence(self) -> str:
        """When it was restored, and how old the backup was."""
        return _sentence(self.at, self.as_of)


def load_restoration(context: Context, connection: Connection) -> ShownRestoration | None:
    """Load the restoration that operators are to know of, or None."""
    restoration = find_restoration(connection)
    if restoration is None:
        return None
    newer = load_newer(connection)
    if restoration.dismissed and not newer:
        return None
    now = context.database.now(connection)
    older = select(func.count()).select_from(binding.join(event, binding.c.event_id == event.c.id))
    older = older.where(event.c.end_at > now, is_older(restoration, binding.c))
    return ShownRestoration(
        at=restoration.at,
        as_of=restoration.as_of,
        newer=newer,
        unlooked=tuple(sorted(set(context.gateways) - set(restoration.looked))),
        older=connection.scalar(older) or 0,
        names=load_names(connection, newer.events),
        is_of_today=restoration.at.date() == now.date(),
    )


def restoration_json(restored: ShownRestoration | None) -> dict[str, Any] | None:
    """Return a restoration for scripts."""
    if restored is None:
        return None
    newer = newer_json(restored.newer)
    del newer["unasked"]
    return {
        "at": iso_text(restored.at),
        "as_of": iso_text(restored.as_of),
        "unlooked": list(restored.unlooked),
        "older": restored.older,
        **newer,
    }


def newer_json(newer: Newer) -> dict[str, Any]:
    """Return what is newer at Zoom, for scripts."""
    return {
        "taken_over": _webinars(newer.taken),
        "unknown": _places(newer.unknown),
        "unclear": _places(newer.unclear),
        "gone": _webinars(newer.gone),
        "changed": {name: list(fields) for name, fields in newer.changed.items()},
        "seated": dict(newer.seated),
        "recorded": list(newer.recorded),
        "unasked": dict(newer.unasked),
    }


def describe_event(connection: Connection, event_id: str, bound: Bound | None, *, is_over: bool) -> tuple[str, ...]:
    """Say in sentences what a restoration meant for an event; none where it was dismissed or meant nothing."""
    restoration = find_restoration(connection)
    if restoration is None:
        return ()
    older = bound is not None and not is_over and bool(is_older(restoration, bound))
    found = tuple(_of_event(load_newer(connection), event_id))
    if not older and not found:
        return ()
    unread = "What is known of its webinar is of then; it is read again before anything is sent." if older else ""
    return (_sentence(restoration.at, restoration.as_of), *found, *filter(None, (unread,)))


def _webinars(webinars: Mapping[str, int]) -> list[dict[str, Any]]:
    return [{"event": event_id, "webinar": number} for event_id, number in webinars.items()]


def _places(places: Mapping[str, tuple[Place, ...]]) -> list[dict[str, Any]]:
    return [
        {"event": event_id, "webinar": number, "host": host}
        for event_id, found in places.items()
        for number, host in found
    ]


def _sentence(at: datetime, as_of: datetime | None) -> str:
    age = f"{as_of:%Y-%m-%d %H:%M} UTC" if as_of else "a time at which nothing had happened yet"
    return f"The database was restored on {at:%Y-%m-%d %H:%M} UTC from a backup of {age}."


def _of_event(newer: Newer, event_id: str) -> Iterator[str]:
    if event_id in newer.taken:
        yield f"Webinar {newer.taken[event_id]} was made after the backup; it is this event’s own again."
    if fields := newer.changed.get(event_id):
        yield f"Changed at Zoom after the backup: {', '.join(fields)}."
    if count := newer.seated.get(event_id):
        yield f"{count} {'panelist was' if count == 1 else 'panelists were'} seated after the backup."
    if event_id in newer.recorded:
        yield "It has recordings that the backup does not know."
    if event_id in newer.gone:
        yield f"Webinar {newer.gone[event_id]} was deleted at Zoom after the backup."
    if places := newer.unclear.get(event_id):
        numbers = ", ".join(str(number) for number, _ in places)
        yield f"Zoom holds {numbers} for it, which is not taken over: adopt the one that stays."
