"""The kinds of messages to other systems, by what happened to an event."""

TEST = "webhook.test"  # an operator sends it, to any webhook, regardless of its `kinds`

_KINDS = {  # kind of a timeline entry → kind of message
    "event_imported": "event.created",
    "event_published": "event.created",  # a draft causes no message: others hear of the event now
    "event_updated": "event.updated",
    "event_unlisted": "event.updated",
    "event_listed": "event.updated",
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
KINDS = tuple(dict.fromkeys(_KINDS.values()))


def kind_of(what: str) -> str | None:
    """Return the kind of message for an entry in an event's timeline; None if it causes no message."""
    return _KINDS.get(what)
