"""Select the events of which a stage may be late or stuck. Most events are in no part of the query."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Connection, Select, bindparam, exists, func, or_, select, union_all

from ...stages import ALERT_KINDS
from ...store.db.partial_indexes import IS_DISMISSED
from ...store.db.values import slices
from ...store.event_queries import RESTS
from ...store.tables import alert, binding, instance, publication
from ...store.tables import event as events
from ..context import Context
from ..reconcile.candidates import find_troubled, find_unlinked
from ..reconcile.known import Shared
from ..subjects import event_in

_ENDED = timedelta(days=4)  # beyond the margin of a recording: the job that asks after each recording sees older ones
_SPARE = timedelta(days=1)  # an event is looked at so long before its first deadline
_UNDER_WAY = ("scheduled", "rescheduled")
_with_binding = events.outerjoin(binding, binding.c.event_id == events.c.id)
_ids = select(events.c.id)
_start = func.coalesce(
    events.c.start_at, events.c.end_at
)  # SQLite must not read the begun events of all years by index


def list_watched(
    context: Context, connection: Connection, now: datetime, shared: Shared | None = None
) -> tuple[str, ...]:
    """List the events of which a stage may be late or stuck, or was until now, in the order of their start.

    One selection after the other: with one condition for all of them, both databases would read all events. `shared`:
    see `observe`.
    """
    profiles, shared = context.profiles.values(), shared or Shared()
    due = max((profile.webinar_due_days for profile in profiles), default=0)
    margins = (timedelta(hours=profile.recording_due_hours or 0) for profile in profiles)
    parameters = {
        "now": now,
        "since": now - _ENDED - max((context.recording_margin, *margins)),
        "horizon": now + timedelta(days=due) + _SPARE,
        "profiles": [profile.name for profile in profiles],
    }
    found = {
        *connection.scalars(_SELECTED, parameters).all(),
        *find_unlinked(context, connection, now, shared),
        *filter(None, map(event_in, find_troubled(context, connection, shared))),
    }
    rows = (row for some in slices(sorted(found)) for row in connection.execute(_STARTS, {"ids": some}))
    return tuple(row.id for row in sorted(rows))


def _select_watched() -> tuple[Select[Any], ...]:
    """Build the queries once. Parameters: now; horizon and since, moments; profiles, the names of those that exist."""
    now: BindParameter[datetime] = bindparam("now")
    since: BindParameter[datetime] = bindparam("since")
    horizon: BindParameter[datetime] = bindparam("horizon")
    coming, ended = events.c.end_at > now, events.c.end_at.between(since, now)
    has_webinar = exists().where(binding.c.event_id == events.c.id, binding.c.state != "cancelled")
    is_shown = exists().where(publication.c.event_id == events.c.id, publication.c.state == "published")
    known_before = events.c.created_at < events.c.end_at, events.c.status.in_(_UNDER_WAY)
    raised = alert.c.kind.in_(ALERT_KINDS), alert.c.subject.is_not(None)
    return (
        *_select_coming(coming, horizon),
        _ids.where(coming, _start <= now, ~exists().where(instance.c.event_id == events.c.id)),
        _ids.where(ended, has_webinar, ~is_shown),
        _ids.select_from(_with_binding).where(ended, *known_before, binding.c.event_id.is_(None)),
        select(alert.c.subject.label("id")).where(*raised, or_(alert.c.cleared_at.is_(None), IS_DISMISSED)),
    )


def _select_coming(coming: ColumnElement[bool], horizon: ColumnElement[Any]) -> tuple[Select[Any], ...]:
    """Build those of the coming events that lack something, of an unknown profile, and cancelled with a webinar."""
    lacks_webinar = or_(binding.c.event_id.is_(None), binding.c.state != "bound")
    is_behind = or_(events.c.revision > binding.c.planned_revision, events.c.revision > binding.c.seated_revision)
    lacks = or_(lacks_webinar, is_behind, events.c.doubts > 0, events.c.unaddressed > 0)
    soon = coming, _start < horizon, events.c.status.in_(_UNDER_WAY), ~RESTS
    is_unknown = events.c.profile.not_in(bindparam("profiles", expanding=True))
    return (
        _ids.select_from(_with_binding).where(*soon, lacks),
        _ids.where(coming, is_unknown, ~RESTS),
        _ids.select_from(_with_binding).where(coming, events.c.status == "cancelled", binding.c.state == "bound"),
    )


_SELECTED = union_all(*_select_watched())
_STARTS = select(events.c.start_at, events.c.id).where(events.c.id.in_(bindparam("ids", expanding=True)))
