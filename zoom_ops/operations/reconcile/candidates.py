"""Find the events for which there may be something to plan, with a few queries for all of them."""

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row

from ...engine.listing import list_troubled
from ...events import Event
from ...homes import with_keys
from ...planning import NOTICES, Observed, changes_with_time, plan
from ...store.alerts import list_alerts
from ...store.event_queries import IS_DRAFT
from ...store.events import load_events
from ...store.homes.entries import list_unlinked
from ...store.published import list_unpublished
from ...store.webinars import Bound, list_unheld_cancelled, load_coming_as_stored, load_coming_seats, parse_bound
from ..context import Context
from .known import bound_of, seat_of

_ALL = 100_000
_RECENT = timedelta(days=30)


def find_candidates(context: Context, connection: Connection, now: datetime) -> tuple[Event, ...]:
    """List the events whose plan may not be empty, or for which a run is in trouble; ordered by start.

    A run in trouble counts until 30 days after the event.

    To plan one event costs some ten queries, so not every event is planned at each look at the plan. What decides
    whether a webinar is as it should be is loaded for all events at once: the record, the profile, the binding, the
    seats. All else (hosts, bookings, live status) can only hold work back, or is an alert already. A recording that is
    published as it was told to be is not looked at: only `plan_event` says what another profile means for it.
    """
    recorded = list_unpublished(connection, now - _RECENT, f"{context.base_url}/")
    if context.homes:
        recorded |= list_unlinked(connection, now - _RECENT, context.homes, with_keys(context.home_settings))
    named = {
        *recorded,
        *(subject.id for subject in list_troubled(connection, "event")),
        *list_unheld_cancelled(connection, now - _RECENT, now),
        *(row.subject for row in list_alerts(connection, kinds=tuple(NOTICES), limit=_ALL) if row.subject),
    }
    rows = load_coming_as_stored(connection, now, ~IS_DRAFT)
    others = load_events(connection, sorted(named - {row.id for row in rows}))
    past = (event for event in others if event.id in recorded or event.end_utc > now - _RECENT)
    coming = _list_unfinished(context, rows, load_coming_seats(connection, now), named, now)
    return tuple(sorted((*past, *coming), key=lambda event: (event.start_utc, event.id)))


def _list_unfinished(
    context: Context,
    rows: Iterable[Row[Any]],
    seats: Mapping[str, tuple[Row[Any], ...]],
    named: Collection[str],
    now: datetime,
) -> list[Event]:
    """List the coming events that are named, and those whose plan is not empty.

    Most events have nothing to plan, and still have nothing at the next look. To parse and to plan them is most of what
    a look costs. So a process remembers those of its last look, by a hash of everything that decides: all that was
    loaded, as it is stored, and the configuration. Where time decides, too, nothing is remembered. A hash has 64 bits
    and a key of the process: that a changed event has the hash that it had before does not happen.
    """
    known, remembered, unfinished = context.nothing_to_plan.value, set[tuple[str, int]](), list[Event]()
    configuration = hash(_configuration_of(context))
    for row in rows:
        seated = seats.get(row.id, ())
        key = row.id, hash((configuration, row, seated))
        if key in known:
            remembered.add(key)
            if row.id not in named:
                continue
        event, bound = Event.model_validate(json.loads(row.document)), parse_bound(row)
        if row.id in named or _has_plan(context, event, bound, seated, now):
            unfinished.append(event)
        elif bound is None or not changes_with_time(bound.refused):
            remembered.add(key)
    context.nothing_to_plan.value = frozenset(remembered)
    return unfinished


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
