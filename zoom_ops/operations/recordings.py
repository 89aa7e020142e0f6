"""Fetch what Zoom has recorded of an event: what it told of, and what was held and not fetched yet."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Row

from ..errors import TemporaryError, WaitingError, ZoomOpsError
from ..store.events import load_event
from ..store.notifications import load_new, mark_folded
from ..store.recordings import load_instances, load_recordings, record_instance
from ..store.webinars import Bound, find_binding
from ..webinars import RecordingState
from ..zoom.errors import ZoomRefusedError
from .context import Context
from .fetching import Fetched, fetch_recording
from .importing import ring_event

RECORDING_KINDS = (
    "recording.completed",
    "recording.transcript_completed",
    "recording.trashed",
    "recording.deleted",
    "recording.recovered",
)
_REMOVALS: Mapping[str, RecordingState] = {"recording.trashed": "trashed", "recording.deleted": "deleted"}
PROCESSING = timedelta(days=2)  # Zoom says up to 24 hours; longer has been seen
ONE_ONLY = (TemporaryError, ZoomRefusedError)  # what goes wrong with one recording holds the others not up


def fetch_event_recordings(context: Context, event_id: str, *, force: bool = False) -> str:
    """Fetch the recordings of an event's webinar; raise WaitingError while Zoom is still processing one.

    `force`: an operator says that what Zoom has no more is to be withdrawn.
    """
    with context.database.read() as connection:
        event, bound = load_event(connection, event_id), find_binding(connection, event_id)
        told = load_new(connection, event_id, RECORDING_KINDS)
    if bound is None:
        return "The event has no webinar."
    over = event.end_utc <= context.clock.now()
    unnamed = [row for row in told if not row.uuid]
    if unnamed or (over and not told):
        _find_instances(context, event_id, bound, again=bool(unnamed))
    wanted = _wanted(context, event_id, told, over, force=force)
    fetched: dict[str, Fetched] = {}
    failures: list[ZoomOpsError] = []
    for uuid in wanted:
        try:
            removed = _removal(told, uuid) or ("deleted" if force else None)
            fetched[uuid] = fetch_recording(context, event_id, bound.account, uuid, removed)
        except ONE_ONLY as error:
            failures.append(error)
    awaited = _awaited(context, event_id, told, fetched)
    _fold(context, [*unnamed, *(row for row in told if row.uuid in fetched and row.uuid not in awaited)])
    if failures or awaited:
        if set(fetched.values()) & {"complete", "removed"}:  # what is there now does not wait for what is to come
            _ring(context, event_id)
        raise failures[0] if failures else _processing(len(awaited))
    there = sum(became == "complete" for became in fetched.values())
    return f"{there} of {len(wanted)} recordings were fetched." if wanted else "Nothing was held."


def _find_instances(context: Context, event_id: str, bound: Bound, *, again: bool) -> None:
    """Ask Zoom which instances were held, where no notification told us; `again`: of one it did not say which."""
    with context.database.read() as connection:
        if load_instances(connection, event_id) and not again:
            return
    instances = context.gateway(bound.account).get_instances(bound.webinar_id)
    with context.database.begin() as connection:
        for instance in instances:
            record_instance(connection, instance.uuid, event_id, started_at=instance.start)


def _wanted(context: Context, event_id: str, told: Sequence[Row[Any]], over: bool, *, force: bool) -> list[str]:
    """List the instances whose recording is to be fetched: told of, or held and not fetched yet; all, if forced."""
    with context.database.read() as connection:
        known = {row.uuid: row.state for row in load_recordings(connection, event_id)}
        instances = load_instances(connection, event_id)
    held = [row.uuid for row in instances if not row.practice and (row.ended_at or over)]
    named = [row.uuid for row in told if row.uuid]
    open_ones = [uuid for uuid in held if known.get(uuid, "processing") == "processing"]
    return list(dict.fromkeys((*named, *open_ones, *(known if force else ()))))


def _removal(told: Iterable[Row[Any]], uuid: str) -> RecordingState | None:
    """Tell what the latest word about a recording says became of it, if it says that it was removed."""
    words = [row for row in told if row.uuid == uuid]
    latest = max(words, key=lambda row: (row.occurred_at or row.received_at, row.id), default=None)
    return _REMOVALS.get(latest.kind) if latest is not None else None


def _awaited(
    context: Context, event_id: str, told: Sequence[Row[Any]], fetched: Mapping[str, Fetched]
) -> frozenset[str]:
    """List the recordings that Zoom may still be processing; those that it should have long had are given up."""
    with context.database.read() as connection:
        instances = {row.uuid: row for row in load_instances(connection, event_id)}
        known = {row.uuid: row.state for row in load_recordings(connection, event_id)}
    recovered = {row.uuid for row in told if row.kind == "recording.recovered"}
    now = context.clock.now()

    def is_young(uuid: str) -> bool:
        held = instances.get(uuid)
        moments = [row.received_at for row in told if row.uuid == uuid]
        moments += [held.ended_at or held.started_at or now] if held else []
        return max(moments, default=now) > now - PROCESSING

    open_ones = [uuid for uuid, became in fetched.items() if became in ("missing", "processing")]
    return frozenset(
        uuid
        for uuid in open_ones
        if is_young(uuid) and (known.get(uuid, "processing") == "processing" or uuid in recovered)
    )


def _fold(context: Context, told: Sequence[Row[Any]]) -> None:
    if told:
        with context.database.begin() as connection:
            mark_folded(connection, [row.id for row in told])


def _ring(context: Context, event_id: str) -> None:
    with context.database.begin() as connection:
        ring_event(context, connection, event_id, "recording.fetched")


def _processing(count: int) -> WaitingError:
    what = "a recording" if count == 1 else f"{count} recordings"
    return WaitingError(f"Zoom is still processing {what}, or has not begun.")
