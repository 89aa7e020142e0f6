"""Search a host's list for a webinar by its marker, with as few calls as a list of hundreds allows."""

from datetime import datetime, timedelta

from ..engine.effects import Undecidable
from ..planning import CreateWebinar
from ..planning.desired import draft_of
from ..planning.render import carries_marker
from ..store.webinars import load_bound_elsewhere
from ..webinars import ListedWebinar, Webinar
from .context import Context

READ_AT_MOST = 50
_CLOCK_SKEW = timedelta(minutes=2)  # between us and Zoom


def find_created(context: Context, action: CreateWebinar, began: datetime) -> tuple[Webinar, ...] | Undecidable:
    """Find the webinars that carry the action's marker, among those no older than its intent.

    Webinars of other events and those whose whole agenda the list shows are not read; of the others at most
    READ_AT_MOST, the likeliest first.
    """
    gateway = context.gateway(action.account)
    listed = [row for row in gateway.iter_webinars(action.host) if _is_new(row, began)]
    with context.database.read() as connection:
        taken = load_bound_elsewhere(connection, action.account, (row.id for row in listed), action.event)
    possible = [row for row in listed if row.id not in taken and _may_carry(row, action.marker)]
    likely = sorted(possible, key=lambda row: _unlikeness(row, action))
    read = [gateway.get_webinar(row.id) for row in likely[:READ_AT_MOST]]
    ours = tuple(webinar for webinar in read if carries_marker(webinar.agenda, action.marker))
    if not ours and len(likely) > READ_AT_MOST:
        return Undecidable(
            sentence=f"Too many new webinars on {action.host} could be the one that was asked for. What to look for at "
            "Zoom: zoom-ops runs show, with the number of this run."
        )
    return ours


def _is_new(row: ListedWebinar, began: datetime) -> bool:
    return row.created_at is None or row.created_at >= began - _CLOCK_SKEW


def _may_carry(row: ListedWebinar, marker: str) -> bool:
    return row.cut or carries_marker(row.agenda, marker)


def _unlikeness(row: ListedWebinar, action: CreateWebinar) -> int:
    """Count in how much a webinar differs from what was asked for; somebody may have changed it since."""
    asked = draft_of(action.fields)
    carries = carries_marker(row.agenda, action.marker)
    return (not carries) + (row.topic != asked.topic) + (row.start != asked.start)
