"""What a webhook is told: the event as it may see it, as it is at the moment of sending and not when it happened.

So an entry that was closed to it since does not leave with a late attempt.
"""

from typing import Any

from ..access import show_event
from ..events import Publication
from ..outgoing import Message, Webhook
from ..store.deliveries import Delivery, was_told
from ..store.events import load_event
from ..store.recordings import load_publications
from .context import Context
from .describing import describe_event_to

Document = dict[str, Any]
_WITHDRAWN = "recording.withdrawn"


def compose(context: Context, webhook: Webhook, delivery: Delivery) -> Message | None:
    """Build a message; None where nothing of what happened is for this webhook."""
    content: Document = {"event": describe_event_to(context, delivery.event_id, webhook.reader)}
    kind = delivery.kind
    if delivery.recording_uuid is not None:
        recording = _describe_recording(context, webhook, delivery.event_id, delivery.recording_uuid)
        if recording is None:
            return None
        content["recording"] = recording
        kind = _WITHDRAWN if recording["state"] == "withdrawn" else kind
    if kind not in webhook.kinds:
        return None
    return Message(id=delivery.id, kind=kind, at=delivery.at, content=content)


def _describe_recording(context: Context, webhook: Webhook, event_id: str, uuid: str) -> Document | None:
    """Describe a recording: one that was closed to the webhook since it was told of it is withdrawn as it sees it."""
    with context.database.read() as connection:
        event = load_event(connection, event_id)
        published = load_publications(connection, [event_id]).get(event_id, ())
        told = was_told(connection, webhook.name, uuid)
    found = next((one for one in published if one.recording_uuid == uuid), None)
    shown = found and show_event(event, [found.model_copy(update={"state": "published"})], webhook.reader).recordings
    if found and shown:
        return _recording_json(found)
    return {"uuid": uuid, "state": "withdrawn"} if told else None


def _recording_json(publication: Publication) -> Document:
    document = {
        "uuid": publication.recording_uuid,
        "title": publication.title,
        "part": publication.part,
        "state": publication.state,
    }
    return document | ({"url": publication.url} if publication.state == "published" else {})
