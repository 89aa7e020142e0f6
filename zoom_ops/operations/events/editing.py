"""Changes of one event that the caller has read before: replace it, or patch some of its fields."""

import json
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from ...errors import BadInputError, ZoomOpsError
from ...events import Event
from ...events.maxima import find_beyond
from ...readers import Announced, read_events, say_fields
from ...store.audit import Actor
from ...store.events import load_event, load_revision, lock_event
from ..context import Context
from .fetching import Fetched, fetch_all, fetch_pictures, with_pictures
from .identity import Meant
from .importing import Imported, import_within

Revisions = Collection[int] | None  # the event's revision must be one of them; None: any
ANY: Revisions = None
Patch = Mapping[str, Any]
_PICTURED = {"image", "performers"}  # fields with pictures
_LARGE = frozenset(("description", "performers", "attachments", "needs_review"))  # of an event that is too much in all


class ChangedMeanwhileError(ZoomOpsError):
    """The event was changed since it was read: read it again, and decide anew."""


def find_revision(context: Context, event_id: str) -> int:
    """Return how often an event was written; raise NotFoundError."""
    with context.database.read() as connection:
        load_event(connection, event_id)
        return load_revision(connection, event_id)


def replace_event(context: Context, event_id: str, announced: Announced, by: Actor, known: Revisions) -> Imported:
    """Replace an event, as an import by id does. Raise ChangedMeanwhileError if its revision is not in `known`."""
    (pictured,) = fetch_pictures(context, (announced,))
    with context.database.begin() as connection:
        lock_as_read(connection, event_id, known)
        return _write(context, connection, event_id, pictured, by)


def patch_event(context: Context, event_id: str, patch: Patch, by: Actor, known: Revisions) -> Imported:
    """Change some fields of an event by a JSON merge patch (RFC 7396). null resets a field to its default.

    It may say the fields as a file may: `title`, `date` and `time`, `duration`. Raise ChangedMeanwhileError if the
    event's revision is not in `known`.
    """
    patch = say_fields(patch)
    fetched = _fetch(context, event_id, patch) if _PICTURED & patch.keys() else {}
    with context.database.begin() as connection:
        lock_as_read(connection, event_id, known)
        announced = _patched(load_event(connection, event_id), patch)
        return _write(context, connection, event_id, with_pictures(announced, fetched), by)


def _fetch(context: Context, event_id: str, patch: Patch) -> Fetched:
    """Fetch the pictures that a patch names, before the record is locked."""
    with context.database.read() as connection:
        event = load_event(connection, event_id)
    return fetch_all(context, (_patched(event, patch),))


def _patched(event: Event, patch: Patch) -> Announced:
    document = _with_parts(event, patch)
    if "timezone" in patch:  # the instants stay, so they must not contradict another zone
        instants = {"start": event.start_utc.isoformat(), "end": event.end_utc.isoformat()}
        document |= {name: instant for name, instant in instants.items() if name in document}
    defaults = {  # an import would keep the value of an absent field
        name: known_field.get_default()
        for name, known_field in Event.model_fields.items()
        if name in patch and patch[name] is None and not known_field.is_required()
    }
    merged = {**merge(document, patch), **defaults}
    if "visibility" not in patch:  # only what is asked for counts as asked for
        del merged["visibility"]
    kept = {name: getattr(event, name) for name in _too_long_already(event) if name not in patch}
    read = {name: value for name, value in merged.items() if name not in kept}
    (announced,) = read_events(json.dumps(read).encode(), "patched.json")
    return replace(announced, event=announced.event.model_copy(update=kept)) if kept else announced


def _too_long_already(event: Event) -> frozenset[str]:
    """Return the fields that hold more than they may, of an event that is older than its maxima; mostly none."""
    beyond = [each.path for each in find_beyond(event)]
    return frozenset(str(path[0]) for path in beyond if path) | (_LARGE if () in beyond else frozenset())


def _with_parts(event: Event, patch: Patch) -> dict[str, Any]:
    """Build the JSON of an event that a patch changes; where it says a start or end in parts, in parts.

    Another date or time alone moves the event, which stays as long.
    """
    document, parts = event.to_json(), {"end_date", "end_time", "duration"} & patch.keys()
    if {"date", "time"} & patch.keys() and "start" not in patch:
        day, _, time = document.pop("start")[:16].partition("T")
        document |= {"date": day, "time": time}
        if not parts and "end" not in patch:
            document["duration"] = (event.end - event.start) // timedelta(minutes=1)
            del document["end"]
    if parts and "end" not in patch:
        del document["end"]
    return document


def merge(target: Any, patch: Any) -> Any:
    """Merge a patch into a JSON value by RFC 7396."""
    if not isinstance(patch, Mapping):
        return patch
    merged = dict(target) if isinstance(target, Mapping) else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = merge(merged.get(key), value)
    return merged


def lock_as_read(connection: Connection, event_id: str, known: Revisions) -> None:
    """Lock an event until the transaction ends. Raise ChangedMeanwhileError if its revision is not in `known`."""
    revision = lock_event(connection, event_id)
    if known is not None and revision not in known:
        raise ChangedMeanwhileError


def _write(context: Context, connection: Connection, event_id: str, announced: Announced, by: Actor) -> Imported:
    if announced.id_given and announced.event.id != event_id:
        raise BadInputError(f"id: this is {event_id}, and an event keeps its id")
    named = replace(announced, event=announced.event.model_copy(update={"id": event_id}))
    (imported,) = import_within(context, connection, (named,), by, Meant(as_id=event_id, edit=True))
    return imported
