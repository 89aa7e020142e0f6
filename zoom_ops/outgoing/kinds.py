"""What others can be told of: the one list."""

TEST = "webhook.test"  # sent by an operator, whatever a webhook wants to hear of

_TOLD = {  # what the timeline of an event says → what others are told
    "event_imported": "event.created",
    "event_updated": "event.updated",
    "event_cancelled": "event.cancelled",
    "webinar_created": "webinar.created",
    "webinar_adopted": "webinar.created",
    "webinar_updated": "webinar.updated",
    "webinar_cancelled": "webinar.cancelled",
    "webinar_started": "webinar.started",
    "webinar_ended": "webinar.ended",
    "recording_published": "recording.published",
    "recording_changed": "recording.changed",
    "recording_withdrawn": "recording.withdrawn",
}
KINDS = tuple(dict.fromkeys(_TOLD.values()))


def kind_of(what: str) -> str | None:
    """Tell what others are told of a line in an event's timeline; None where it is nobody else's business."""
    return _TOLD.get(what)
