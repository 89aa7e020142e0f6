"""What we know of an event's recordings, for the planner."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from ...events import Event, Publication
from ...messages import Message
from ...planning import ObservedRecording, find_doubt, iter_links, name_host, plays_at, span_of
from ...store.approvals import load_approved, load_withheld
from ...store.published import iter_shown
from ...store.recordings import (
    load_instances,
    load_publications,
    load_recordings,
    passcode_form,
    read_day,
    read_recording,
    read_sharing,
)
from ..context import Context
from .known import Shared
from .linked import load_linked

_LOOKED_AT = 20_000  # recordings; that takes two seconds


def find_publications(connection: Connection, event_id: str) -> tuple[Publication, ...]:
    """Find what is published of an event, or was."""
    return tuple(load_publications(connection, [event_id]).get(event_id, ()))


def load_recorded(
    context: Context, connection: Connection, event: Event, shared: Shared | None = None
) -> dict[str, Any]:
    """Load an event's recordings and publications, what operators approved, and its records in homes: fields.

    Nothing is linked, or was, of an event of which nothing was ever published.
    """
    shared = shared or Shared()
    rows = shared.once(event.id, load_recordings, connection, event.id)
    publications = shared.once(event.id, find_publications, connection, event.id)
    return {
        "recordings": _observe(context, connection, event.id, rows) if rows else (),
        "publications": publications,
        "records": shared.once(event.id, load_linked, context, connection, event, shared)
        if context.homes and publications
        else (),
        "recording_address": context.recording_address(event.id),
        **(_approved(connection, event.id) if rows else {}),
    }


def find_doubts(context: Context, event: Event, *fields: str) -> dict[str, Message]:
    """Find what is doubtful about the event's recordings by their time, by uuid, whatever was decided about them.

    With `fields`, only doubts that these approvals settle. Where the event's profile is unknown, nothing is doubtful.
    """
    profile = context.profiles.get(event.profile)
    if profile is None:
        return {}
    with context.database.read() as connection:
        recordings = load_recorded(context, connection, event)["recordings"]
    doubts = (find_doubt(event, profile, recording) for recording in recordings)
    return {doubt.recording: doubt.finding for doubt in doubts if doubt and (not fields or doubt.approval in fields)}


def count_elsewhere(context: Context, connection: Connection) -> Counter[str]:
    """Count the published recordings that lead to where none may play, by host. It looks at the latest 20,000."""
    rows = iter_shown(connection, limit=_LOOKED_AT)
    return Counter(filter(None, (host for row in rows for host in _find_links(context, (row,)).values())))


def _observe(
    context: Context, connection: Connection, event_id: str, rows: Sequence[Row[Any]]
) -> tuple[ObservedRecording, ...]:
    practices = {row.uuid: bool(row.practice) for row in load_instances(connection, event_id) if row.ended_at}
    withheld, links = load_withheld(connection, event_id), _find_links(context, rows)
    return tuple(
        ObservedRecording(
            uuid=row.uuid,
            start=row.started_at,
            duration=row.duration,
            state=row.state,
            practice=practices.get(row.uuid),
            playable=links.get(row.uuid, "") is None,
            foreign_host=links.get(row.uuid),
            transcript=any(file["file_type"] == "TRANSCRIPT" for file in row.files),
            withheld=row.uuid in withheld,
            expires=read_day(row.auto_delete_date),
            **_file_times(row),
            storage=row.storage,
            sharing=read_sharing(row),
            sharing_failure=row.sharing_failure,
            passcode=passcode_form(row),
        )
        for row in rows
    )


def _find_links(context: Context, rows: Sequence[Row[Any]]) -> dict[str, str | None]:
    """Find the recordings with links, by uuid: None where one may be followed, else the host that the first names."""
    found, hosts = dict[str, str | None](), context.playing_hosts
    for row in rows:
        if links := tuple(iter_links(read_recording(row, context.box, 0))):
            found[row.uuid] = None if any(plays_at(link, hosts) for link in links) else name_host(links[0])
    return found


def _approved(connection: Connection, event_id: str) -> dict[str, bool]:
    """Load what operators approved of an event's recordings. It says nothing where there are none."""
    fields = load_approved(connection, event_id)
    return {f"{field}_approved": field in fields for field in ("recording", "practice", "early_start")}


def _file_times(row: Row[Any]) -> dict[str, datetime | None]:
    """Return when the films of a recording begin and end."""
    films = [(file["start"], file["end"]) for file in row.files if file["file_type"] in ("MP4", "M4A")]
    spans = [(datetime.fromisoformat(start), datetime.fromisoformat(end)) for start, end in films if start and end]
    begin, end = span_of(row.started_at, spans)
    return {"files_begin": begin, "files_end": end}
