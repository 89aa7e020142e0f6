"""Fetch what Zoom has recorded: of one event, or of all that a host has held."""

from datetime import date, timedelta
from typing import Any

import structlog
from sqlalchemy import Row

from ..errors import WaitingError
from ..store.events import load_event, record_change
from ..store.notifications import load_new, mark_folded
from ..store.recordings import (
    load_instances,
    load_recordings,
    mark_recording,
    record_instance,
    save_recording,
)
from ..store.webinars import Bound, find_binding, find_event_of
from ..webinars import Recording
from ..zoom.errors import NoRecordingError
from .context import Context
from .importing import ring_event

log = structlog.get_logger()
RECORDING_KINDS = (
    "recording.completed",
    "recording.transcript_completed",
    "recording.trashed",
    "recording.deleted",
    "recording.recovered",
)
_REMOVALS = {"recording.trashed": "trashed", "recording.deleted": "deleted"}
PROCESSING = timedelta(days=2)  # Zoom says up to 24 hours; longer has been seen


def fetch_event_recordings(context: Context, event_id: str) -> str:
    """Fetch the recordings of an event's webinar; raise WaitingError while Zoom is still processing one."""
    with context.database.read() as connection:
        event, bound = load_event(connection, event_id), find_binding(connection, event_id)
        told = [row for kind in RECORDING_KINDS for row in load_new(connection, event_id, kind)]
    if bound is None:
        return "The event has no webinar."
    over = event.end_utc <= context.clock.now()
    if over and not told:
        _find_instances(context, event_id, bound)
    wanted = _wanted(context, event_id, told, over)
    removed = {row.uuid: _REMOVALS[row.kind] for row in told if row.kind in _REMOVALS}
    missing = [uuid for uuid in wanted if not _fetch(context, event_id, bound, uuid, removed.get(uuid))]
    with context.database.begin() as connection:
        mark_folded(connection, [row.id for row in told])
        if removed or len(missing) < len(wanted):  # what is there now does not wait for what is still to come
            ring_event(context, connection, event_id, "recording.fetched")
    _wait_for(context, event_id, [uuid for uuid in missing if uuid not in removed])
    return f"{len(wanted) - len(missing)} of {len(wanted)} recordings were fetched." if wanted else "Nothing was held."


def fetch_host_recordings(context: Context, account: str, host: str, first: date) -> tuple[str, ...]:
    """Sweep a host's recordings since a day, one call a page; tell the events for which there is something new."""
    gateway = context.gateway(account)
    touched: dict[str, None] = {}
    for listed in gateway.iter_recordings(host, first, context.clock.now().date() + timedelta(days=1)):
        with context.database.read() as connection:
            event_id = find_event_of(connection, account, listed.webinar_id)
            bound = find_binding(connection, event_id) if event_id else None
            known = {row.uuid: row for row in load_recordings(connection, event_id)} if event_id else {}
        if event_id is None or bound is None or not listed.complete or not _is_news(known.get(listed.uuid), listed):
            continue
        if _fetch(context, event_id, bound, listed.uuid, None):  # the list holds no passcode
            touched[event_id] = None
    return tuple(touched)


def _find_instances(context: Context, event_id: str, bound: Bound) -> None:
    """Ask Zoom which instances were held, where no notification told us."""
    with context.database.read() as connection:
        if load_instances(connection, event_id):
            return
    instances = context.gateway(bound.account).get_instances(bound.webinar_id)
    with context.database.begin() as connection:
        for instance in instances:
            record_instance(connection, instance.uuid, event_id, started_at=instance.start)


def _wanted(context: Context, event_id: str, told: list[Row[Any]], over: bool) -> list[str]:
    """List the instances whose recording is to be fetched: told of, changed, or held and not fetched yet."""
    with context.database.read() as connection:
        known = {row.uuid: row for row in load_recordings(connection, event_id)}
        instances = load_instances(connection, event_id)
    held = [row.uuid for row in instances if not row.practice and (row.ended_at or over)]
    named = [row.uuid for row in told if row.uuid]
    open_ones = [uuid for uuid in held if uuid not in known or known[uuid].state == "processing"]
    stale = [uuid for uuid, row in known.items() if row.stale]
    return list(dict.fromkeys((*named, *open_ones, *stale)))


def _fetch(context: Context, event_id: str, bound: Bound, uuid: str, removed: str | None) -> bool:
    """Fetch one recording; where there is none, only Zoom's own word makes that a removal."""
    try:
        value = context.gateway(bound.account).get_recording(uuid)
    except NoRecordingError:
        if removed:
            with context.database.begin() as connection:
                mark_recording(connection, uuid, state=removed, stale=False)
        return False
    with context.database.begin() as connection:
        now = context.database.now(connection)
        record_instance(connection, uuid, event_id, started_at=value.start)
        save_recording(connection, context.box, event_id, value, _state(value), now)
        record_change(connection, event_id, now, "recording_fetched", "A recording was fetched from Zoom.")
    return value.complete


def _state(value: Recording) -> str:
    return "completed" if value.complete else "processing"


def _is_news(row: Row[Any] | None, listed: Recording) -> bool:
    if row is None or row.state != "completed" or row.stale:
        return True
    return row.share_url != listed.share_url or len(row.files) != len(listed.files)


def _wait_for(context: Context, event_id: str, missing: list[str]) -> None:
    """Wait for recordings that Zoom may still be processing; give those up that it should have long had."""
    now = context.clock.now()
    with context.database.read() as connection:
        instances = load_instances(connection, event_id)
    absent = [row for row in instances if row.uuid in missing]
    young = [row for row in absent if (row.ended_at or row.started_at or now) > now - PROCESSING]
    if young:
        count = "a recording" if len(young) == 1 else f"{len(young)} recordings"
        raise WaitingError(f"Zoom is still processing {count}, or has not begun.")
