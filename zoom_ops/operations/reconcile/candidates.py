"""Find the events for which there may be something to plan, with a few queries for all of them."""

import json
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row

from ...engine.listing import list_troubled
from ...engine.runs import Subject, SubjectKind
from ...events import Event
from ...homes import with_keys
from ...planning import NOTICES, Observed, changes_with_time, plan
from ...store.alerts import list_subjects
from ...store.db.change_counts import load_plan_version
from ...store.db.values import slices
from ...store.event_queries import load_times
from ...store.events import load_event, load_events
from ...store.homes.entries import WATCHED, list_unlinked
from ...store.published import list_unpublished
from ...store.webinars import (
    Bound,
    list_coming_ids,
    list_unheld_cancelled,
    load_coming_as_stored,
    load_seats_of,
    parse_bound,
)
from ..context import Context
from ..last_look import MOST_NAMED, LastLook
from .known import Shared, bound_of, seat_of

_RECENT = timedelta(days=30)
_PART = 200  # records that are read at once: of an event to come the records take some 20 kB
_MOST_KEPT = 200  # records that are kept for what is done with them next


def find_candidates(
    context: Context, connection: Connection, now: datetime, shared: Shared | None = None
) -> tuple[str, ...]:
    """List the events whose plan may not be empty, or for which a run is in trouble, by their ids; ordered by start.

    A run in trouble counts until 30 days after the event.

    To plan one event costs some ten queries, so not every event is planned at each look at the plan. What decides
    whether a webinar is as it should be is loaded for all events at once: the record, the profile, the binding, the
    seats. All else (hosts, bookings, live status) can only hold work back, or is an alert already. A recording that is
    published as it was told to be is not looked at: only `plan_event` says what another profile means for it.

    Thousands may have something to plan, and would take 20 kB each: some records are kept in `shared`, and no others.
    """
    shared = shared or Shared()
    recorded = list_unpublished(connection, now - _RECENT, f"{context.base_url}/")
    recorded |= find_unlinked(context, connection, now, shared)
    named = {
        *recorded,
        *(subject.id for subject in find_troubled(context, connection, shared) if subject.kind == "event"),
        *list_unheld_cancelled(connection, now - _RECENT, now),
        *list_subjects(connection, NOTICES),
    }
    coming = _list_unfinished(context, connection, named, now, shared)
    others = named - coming.keys()
    recent = {event_id for event_id, (_, end) in load_times(connection, others).items() if end > now - _RECENT}
    unfinished = [(start, event_id) for event_id, start in coming.items() if start is not None]
    unfinished += ((event.start_utc, event.id) for event in iter_events(connection, others & (recorded | recent)))
    return tuple(event_id for _, event_id in sorted(unfinished))


def iter_events(connection: Connection, event_ids: Iterable[str]) -> Iterator[Event]:
    """Load any number of events, of which few are held at once."""
    return (event for some in slices(event_ids, _PART) for event in load_events(connection, some))


def find_unlinked(context: Context, connection: Connection, now: datetime, shared: Shared) -> frozenset[str]:
    """Find the events of which a home does not show the links as our own page does, and is still looked at."""
    keyed = with_keys(context.home_settings)
    load, since = shared.once, now - WATCHED
    return load("", list_unlinked, connection, since, context.homes, keyed) if context.homes else frozenset()


def find_troubled(context: Context, connection: Connection, shared: Shared) -> frozenset[Subject]:
    """Find the events, and the records of events in homes, for which a run is in trouble."""
    kinds: tuple[SubjectKind, ...] = ("event", "record") if context.homes else ("event",)
    return shared.once("", list_troubled, connection, *kinds)


def _list_unfinished(
    context: Context, connection: Connection, named: Collection[str], now: datetime, shared: Shared
) -> dict[str, datetime | None]:
    """Return when those coming events start that are named or whose plan is not empty; None for others looked at.

    Most events have nothing to plan, and still have nothing at the next look. To load, to parse and to plan them is
    most of what a look costs. So a process remembers those of its last look. While no record, binding or seat changes,
    only the others are loaded. After a change, all are loaded, and those are known by a hash of everything that
    decides: all that was loaded, as it is stored, and the configuration. Where time decides, too, nothing is
    remembered. A hash has 64 bits and a key of the process: that a changed event has the hash that it had before does
    not happen.
    """
    version, configuration = load_plan_version(connection), hash(_configuration_of(context))
    last = LastLook() if context.database.is_joined else context.last_look.value
    holds = last.still_holds(version, configuration, now)
    asked = sorted(last.others.union(named)) if holds else None
    asked = None if asked and len(asked) > MOST_NAMED else asked
    remembered, found, kept = set[tuple[str, int]](), dict[str, datetime | None](), 0
    for row, seated in _iter_coming(connection, now, list_coming_ids(connection, now) if asked is None else asked):
        key = row.id, hash((configuration, row, seated))
        event, is_nothing = _look_at(context, row, seated, now, is_named=row.id in named, is_known=key in last.nothing)
        found[row.id] = event.start_utc if event else None
        remembered |= {key} if is_nothing else set()
        if event and kept < _MOST_KEPT:
            kept += 1
            shared.keep(event.id, load_event, event)
    if not context.database.is_joined:  # what is read there may yet be undone
        context.last_look.value = LastLook(
            version=version,
            configuration=configuration,
            at=now,
            nothing=frozenset(remembered) if asked is None else last.nothing.union(remembered),
            others=frozenset(found).difference(event_id for event_id, _ in remembered),
        )
    return found


def _iter_coming(
    connection: Connection, now: datetime, event_ids: Iterable[str]
) -> Iterator[tuple[Row[Any], tuple[Row[Any], ...]]]:
    """Load those of these events that are to come, as they are stored, each with the seats of its webinar."""
    for some in slices(event_ids, _PART):
        rows, seats = load_coming_as_stored(connection, now, some), load_seats_of(connection, some)
        yield from ((row, seats.get(row.id, ())) for row in rows)


def _look_at(
    context: Context, row: Row[Any], seated: tuple[Row[Any], ...], now: datetime, *, is_named: bool, is_known: bool
) -> tuple[Event | None, bool]:
    """Return an event that is named or has something to plan; and whether it is remembered that it has nothing."""
    if is_known and not is_named:
        return None, True
    event, bound = Event.model_validate(json.loads(row.document)), parse_bound(row)
    if is_named or _has_plan(context, event, bound, seated, now):
        return event, is_known
    return None, bound is None or not changes_with_time(bound.refused)


def _configuration_of(context: Context) -> tuple[Any, ...]:
    """Return what decides about every event beside what is stored."""
    profiles = tuple(sorted((name, profile.model_dump_json()) for name, profile in context.profiles.items()))
    return context.installation, context.default_account, tuple(sorted(context.gateways)), profiles


def _has_plan(context: Context, event: Event, bound: Bound | None, seats: Iterable[Row[Any]], now: datetime) -> bool:
    """Return whether the plan of an event is not empty, as far as its binding and its seats say."""
    profile = context.profiles.get(event.profile)
    if profile is None:
        return True
    observed = Observed(
        installation=context.installation,
        account=bound.account if bound else context.account_of(event),
        host=bound.host if bound else "",
        bound=bound_of(bound) if bound else None,
        seats=tuple(map(seat_of, seats)),
    )
    found = plan(event, profile, observed, now, about=("webinar", "panelists"))
    return bool(found.actions or found.blockers)
