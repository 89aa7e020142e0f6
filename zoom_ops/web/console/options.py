"""What a field of the console can be completed to, while it is typed."""

from fastapi import Request, Response

from ...operations.services import Operations
from ...operations.views.events import find_event, names_of
from ...store.event_queries import EventFilter, page_events
from ..dependencies import TheOperations, check_slug
from .frame import make_router, show

_AT_MOST = 8  # of each kind
_SHORTEST, _LONGEST = 2, 100

router = make_router()


def event_of(operations: Operations, words: str) -> str:
    """Return the id of the event that a filter names, empty for none. Raise BadInputError if it is no single event."""
    named = words.strip()
    return (find_event(operations.context.database, named) or check_slug(named)) if named else ""


def quote_event(operations: Operations, event_id: str) -> str:
    """Return the name of an event in quotes, for a question or a notice; the id if there is no record."""
    name = names_of(operations.context.database, (event_id,)).get(event_id)
    return f"“{name}”" if name else event_id


@router.get("/options/events")
def list_events(request: Request, operations: TheOperations, event: str = "", about: str = "") -> Response:
    """List the first events whose names contain the words, those to come before those that are over."""
    words = (event or about).strip()[:_LONGEST]
    options: dict[str, str] = {}
    if len(words) >= _SHORTEST:
        now = operations.context.database.clock.now()
        with operations.context.database.read() as connection:
            for over in (False, True):
                rows = page_events(connection, EventFilter(words=words, over=over), now, limit=_AT_MOST, offset=0)
                options |= {row.id: f"{row.name} ({row.start_at:%Y-%m-%d})" for row in rows}
    return show(request, "_options.html", {"options": options.items()})
