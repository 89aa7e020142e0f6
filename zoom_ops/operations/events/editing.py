"""Change one event that somebody has read before: replace it, or some of its fields."""

import json
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from ...announcements import Announced, parse_events
from ...errors import BadInputError, ZoomOpsError
from ...events import Event
from ...store.audit import Actor
from ...store.events import load_event, load_revision, lock_event
from ..context import Context
from .importing import Imported, import_event

Revisions = Collection[int] | None  # those of which one must still be the event's; None: any
Patch = Mapping[str, Any]


class ChangedMeanwhileError(ZoomOpsError):
    """The event was changed since it was read: read it again, and decide anew."""


def find_revision(context: Context, event_id: str) -> int:
    """Tell how often an event was written; raise NotFoundError."""
    with context.database.read() as connection:
        load_event(connection, event_id)
        return load_revision(connection, event_id)


def replace_event(context: Context, event_id: str, found: Announced, by: Actor, known: Revisions) -> Imported:
    """Write an event anew, as an import does that names it; ChangedMeanwhileError where its revision is none known."""
    with context.database.begin() as connection:
        _hold(connection, event_id, known)
        return _write(context, connection, event_id, found, by)


def patch_event(context: Context, event_id: str, patch: Patch, by: Actor, known: Revisions) -> Imported:
    """Change some fields of an event, by a JSON merge patch (RFC 7396); null makes a field what it is by default."""
    with context.database.begin() as connection:
        _hold(connection, event_id, known)
        document = load_event(connection, event_id).to_json()
        merged = {**merge(document, patch), **_by_default(patch)}
        (found,) = parse_events(json.dumps(merged).encode(), "patched.json")
        return _write(context, connection, event_id, found, by)


def merge(target: Any, patch: Any) -> Any:
    """Merge a patch into a JSON value, as RFC 7396 says."""
    if not isinstance(patch, Mapping):
        return patch
    merged = dict(target) if isinstance(target, Mapping) else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = merge(merged.get(key), value)
    return merged


def _by_default(patch: Patch) -> dict[str, Any]:
    """List the fields that a patch takes out, as they are by default: left out, an import would keep what is known."""
    taken_out = (name for name, value in patch.items() if value is None and name in Event.model_fields)
    fields = {name: Event.model_fields[name] for name in taken_out}
    return {name: field.get_default() for name, field in fields.items() if not field.is_required()}


def _hold(connection: Connection, event_id: str, known: Revisions) -> None:
    revision = lock_event(connection, event_id)
    if known is not None and revision not in known:
        raise ChangedMeanwhileError


def _write(context: Context, connection: Connection, event_id: str, found: Announced, by: Actor) -> Imported:
    if found.id_given and found.event.id != event_id:
        raise BadInputError(f"id: this is {event_id}, and an event keeps its id")
    mine = replace(found, event=found.event.model_copy(update={"id": event_id}))
    return import_event(context, connection, mine, by, as_id=event_id)
