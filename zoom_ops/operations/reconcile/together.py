"""Load at once what our own database knows of several events, for a look at all of them."""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row

from ...engine.runs import Subject
from ...events import Event
from ...planning import window_of
from ...stages import RunFacts
from ...store.events import load_event, load_events
from ...store.recordings import find_recorded, load_held, load_publications, load_recordings
from ...store.webinars import find_binding, load_bindings, load_bookings, load_seats, load_seats_of
from ...webinars import overlap
from ..context import Context
from ..holdups import LatestRuns, load_run_facts
from ..subjects import event_in, record_subject
from .foreign import choose_around, load_around, load_foreign_bookings
from .known import Shared, account_of
from .recorded import find_publications

_Window = tuple[datetime, datetime]
_APART = timedelta(days=2)  # windows that are nearer to each other are loaded as one


def share_events(connection: Connection, event_ids: Iterable[str], shared: Shared) -> dict[str, Event]:
    """Load the records of several events, by id, and keep them for a look at them; unknown ids are left out."""
    return shared.each(event_ids, load_event, lambda some: {event.id: event for event in load_events(connection, some)})


def share_known(context: Context, connection: Connection, events: Collection[Event], shared: Shared) -> None:
    """Load what `observe` needs of several events with a few queries, and keep it for a look at them."""
    now, ids = context.clock.now(), [event.id for event in events]
    bindings = shared.each(ids, find_binding, lambda some: _for_each(some, load_bindings(connection, some), None))
    shared.each(ids, find_publications, lambda some: _for_each(some, load_publications(connection, some), ()))
    shared.each(ids, load_recordings, lambda some: dict.fromkeys({*some} - find_recorded(connection, some), ()))
    bound = [event_id for event_id in ids if bindings[event_id]]
    shared.each(bound, load_seats, lambda some: _for_each(some, load_seats_of(connection, some), ()))
    shared.each(ids, load_held, lambda some: group_held(connection, some))
    windows: dict[str, dict[str, _Window]] = {}
    for event in events:
        account, profile = account_of(context, event, bindings[event.id]), context.profiles.get(event.profile)
        if account is not None and profile is not None and event.end_utc > now:
            windows.setdefault(account, {})[event.id] = window_of(event, profile)
    for account, of_account in windows.items():
        _share_hosts(connection, shared, account, of_account)


def share_runs(
    connection: Connection, event_ids: Iterable[str], homes: Collection[str], shared: Shared
) -> Mapping[str, LatestRuns]:
    """Load the latest runs for several events and for their links in homes, by event: see `load_run_facts`."""
    return shared.each(event_ids, load_run_facts, lambda some: _load_runs(connection, some, homes))


def _load_runs(connection: Connection, event_ids: Collection[str], homes: Collection[str]) -> dict[str, LatestRuns]:
    subjects = [Subject(kind="event", id=event_id) for event_id in event_ids]
    subjects += [record_subject(home, event_id) for event_id in event_ids for home in homes]
    found: dict[str, dict[tuple[str, Subject], RunFacts]] = {event_id: {} for event_id in event_ids}
    for (job, about), facts in load_run_facts(connection, subjects).items():
        found[event_in(about) or ""][job, about] = facts
    return {**found}


def group_held(connection: Connection, event_ids: Collection[str]) -> dict[str, tuple[Row[Any], ...]]:
    """Load the instances of several events, by event: see `load_held`."""
    found: dict[str, list[Row[Any]]] = {}
    for row in load_held(connection, event_ids):
        found.setdefault(row.event_id, []).append(row)
    return {event_id: tuple(found.get(event_id, ())) for event_id in event_ids}


def _share_hosts(connection: Connection, shared: Shared, account: str, windows: Mapping[str, _Window]) -> None:
    """Load what is taken of an account's hosts in the windows of some events."""
    for event_ids, (start, end) in _group(windows):
        booked = _Booked(load_bookings(connection, account, start, end, besides=""))
        foreign = load_around(connection, account, (start, end))
        for event_id in event_ids:
            window = windows[event_id]
            others = (row for row in booked.within(*window) if row.event_id != event_id)
            shared.keep(event_id, load_bookings, tuple(others))
            shared.keep(event_id, load_foreign_bookings, choose_around(foreign, window) if foreign else ())


class _Booked:
    """The bookings of an account's hosts, of which those in a window are found without a look at all."""

    def __init__(self, rows: Sequence[Row[Any]]) -> None:
        self._rows = rows
        self._places = sorted(range(len(rows)), key=lambda place: rows[place].start_at)
        self._starts = [rows[place].start_at for place in self._places]
        self._longest = max((row.end_at - row.start_at for row in rows), default=timedelta())

    def within(self, start: datetime, end: datetime) -> Iterator[Row[Any]]:
        """Yield the bookings that overlap a window, in their order."""
        first, last = bisect_left(self._starts, start - self._longest), bisect_left(self._starts, end)
        near = (self._rows[place] for place in sorted(self._places[first:last]))
        return (row for row in near if overlap(row.start_at, row.end_at, start, end))


def _group(windows: Mapping[str, _Window]) -> Iterator[tuple[tuple[str, ...], _Window]]:
    """Yield the events whose windows are near to each other, with one window over all of theirs."""
    events, start, end = list[str](), None, None
    for event_id, (begins, ends) in sorted(windows.items(), key=lambda window: window[1]):
        if start is None or end is None or begins - end > _APART:
            if start and end:
                yield tuple(events), (start, end)
            events, start, end = [], begins, ends
        events.append(event_id)
        end = max(end, ends)
    if start and end:
        yield tuple(events), (start, end)


def _for_each(event_ids: Iterable[str], found: Mapping[str, Any], none: Any) -> dict[str, Any]:
    return {event_id: found.get(event_id, none) for event_id in event_ids}
