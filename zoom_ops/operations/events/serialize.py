"""JSON descriptions of events, by what a reader may see."""

from typing import Any

from ...access import OPERATOR, Reader, show_event, shown_json
from ...clock import iso_text
from ...messages import message_json
from ...store.alerts import list_alerts
from ...store.approvals import load_withheld
from ...store.events import load_event, unknown_event
from ...store.recordings import load_publications, load_recordings
from ...store.webinars import find_binding, find_join_url
from ..context import Context
from ..reconcile.recorded import find_doubts

Document = dict[str, Any]


def describe_event(context: Context, event_id: str) -> Document:
    """Describe an event to an operator: the Event JSON with e-mail addresses, the webinar, and every recording."""
    with context.database.read() as connection:
        event = load_event(connection, event_id)
        publications = load_publications(connection, [event_id]).get(event_id, ())
        bound = find_binding(connection, event_id)
        join_url = find_join_url(connection, context.box, event_id)
        recordings = load_recordings(connection, event_id)
        alerts = list_alerts(connection, subject=event_id)
        withheld = load_withheld(connection, event_id)
    findings = find_doubts(context, event)
    document = shown_json(show_event(event, publications, OPERATOR))
    webinar = {"account": bound.account, "host": bound.host, "id": bound.webinar_id} if bound else None
    document["webinar"] = webinar | {"join_url": join_url, "state": bound.state} if bound and webinar else None
    urls = {p.recording_uuid: p for p in publications}
    document["recordings"] = [
        {
            "uuid": row.uuid,
            "start": iso_text(row.started_at),
            "duration_s": row.duration * 60,
            "url": urls[row.uuid].url if row.uuid in urls else None,
            "state": urls[row.uuid].state if row.uuid in urls else row.state,
            "expires": row.auto_delete_date,
            "withheld": row.uuid in withheld,
            "finding": str(findings[row.uuid]) if row.uuid in findings else None,
            "sharing": row.sharing,
            "files": [{"kind": f["file_type"], "size": f["size"], "status": f["status"]} for f in row.files],
        }
        for row in recordings
    ]
    document["alerts"] = [
        {
            "kind": row.kind,
            "sentence": str(row.sentence),
            "message": message_json(row.sentence),
            "since": iso_text(row.raised_at),
        }
        for row in reversed(alerts)
    ]
    return document


def describe_event_to(context: Context, event_id: str, reader: Reader) -> Document:
    """Describe an event to any reader: the Event JSON of what the reader may see, for operators as `describe_event`."""
    if reader.operates:
        return describe_event(context, event_id)
    with context.database.read() as connection:
        event = load_event(connection, event_id)
        if not reader.may_find(event):
            raise unknown_event(connection, event_id)
        publications = load_publications(connection, [event_id]).get(event_id, ())
    return shown_json(show_event(event, publications, reader))
