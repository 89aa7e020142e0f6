"""Long lists, a page at a time."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row

from ..engine.listing import Wanted, count_runs, page_runs
from ..engine.runs import Run
from ..store.lists import EventsWanted, count_wanted, load_names, page_events
from .context import Context


def list_wanted(context: Context, wanted: EventsWanted, *, limit: int, offset: int) -> tuple[tuple[Row[Any], ...], int]:
    """List a page of events, and tell how many there are in all."""
    now = context.clock.now()
    with context.database.read() as connection:
        rows = page_events(connection, wanted, now, limit=limit, offset=offset)
        return rows, count_wanted(connection, wanted, now)


def list_runs_wanted(
    context: Context, wanted: Wanted, *, before: int | None, limit: int
) -> tuple[tuple[Run, ...], dict[str, int]]:
    """List a page of runs, and tell how many are open or failed, by state."""
    with context.database.read() as connection:
        return page_runs(connection, wanted, before=before, limit=limit), count_runs(connection)


def names_of(context: Context, event_ids: Iterable[str]) -> dict[str, str]:
    """Tell the names of events, by which people know them; what is no event's id has none."""
    with context.database.read() as connection:
        return load_names(connection, event_ids)
