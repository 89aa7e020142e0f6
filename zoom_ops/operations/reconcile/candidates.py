"""Find the events for which there may be something to plan, with a few queries for all of them."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row

from ...engine.listing import list_troubled
from ...events import Event
from ...planning import NOTICES, Observed, plan
from ...store.alerts import list_alerts
from ...store.event_queries import IS_DRAFT
from ...store.events import load_events, load_upcoming
from ...store.published import list_unpublished
from ...store.webinars import Bound, list_unheld_cancelled, load_coming_bindings, load_coming_seats
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
    named = {
        *recorded,
        *list_troubled(connection, "event"),
        *list_unheld_cancelled(connection, now - _RECENT, now),
        *(row.subject for row in list_alerts(connection, kinds=tuple(NOTICES), limit=_ALL) if row.subject),
    }
    coming = load_upcoming(connection, now, _ALL, where=(~IS_DRAFT,))
    bindings, seats = load_coming_bindings(connection, now), load_coming_seats(connection, now)
    others = load_events(connection, sorted(named - {event.id for event in coming}))
    past = (event for event in others if event.id in recorded or event.end_utc > now - _RECENT)
    chosen = [
        event
        for event in coming
        if event.id in named or _has_plan(context, event, bindings.get(event.id), seats.get(event.id, ()), now)
    ]
    return tuple(sorted((*past, *chosen), key=lambda event: (event.start_utc, event.id)))


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
