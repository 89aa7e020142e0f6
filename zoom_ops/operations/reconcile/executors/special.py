"""Answers of Zoom about webinars that are not what we took them for: of another host, or closed to apps."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from ....errors import AmbiguousError, ParkedError
from ....messages import plans as say
from ....planning import (
    MADE_BY_EVENTS,
    CancelWebinar,
    CreateWebinar,
    UpdateWebinar,
    carries_marker,
    say_unchangeable,
)
from ....store.webinars import change_binding, find_binding
from ....webinars import Webinar
from ....zoom import Gateway, UnchangeableError
from ...context import Context
from .base import done_already


def ensure_asked(gateway: Gateway, action: CreateWebinar, answered: Webinar) -> Webinar:
    """Return the webinar that a create made, if it is the one that was asked for.

    An answer with another host, or with another topic and without our marker, is not believed: the webinar is read.
    Raise ParkedError if it is ours and of another host, AmbiguousError if it is not ours: then it is looked for.
    """
    webinar = answered
    if not _is_asked(gateway, action, answered):
        with done_already():
            webinar = gateway.get_webinar(answered.id)
        if not carries_marker(webinar.agenda, action.marker):
            raise AmbiguousError(
                f"Zoom was asked to create a webinar on {action.host} and answered with webinar {answered.id}, which "
                "is not it. It is looked for."
            )
        if not gateway.is_host(webinar, action.host):
            raise ParkedError(
                f"Zoom made webinar {webinar.id} for {webinar.host or webinar.host_id} and not for {action.host}. "
                f"Delete it on zoom.us and retry, or keep it: zoom-ops events adopt {action.event} {webinar.id}"
            )
    return replace(webinar, host=action.host)  # in our own spelling


@contextmanager
def explained(context: Context, action: UpdateWebinar | CancelWebinar) -> Iterator[None]:
    """Turn Zoom's refusal to let an app change a webinar into ParkedError, with the way on. Note it for the planner."""
    try:
        yield
    except UnchangeableError as error:
        if "simulive" in error.message.lower():
            raise ParkedError(say.SIMULIVE_STARTED(webinar=action.webinar_id)) from error
        with context.database.begin() as connection:
            if bound := find_binding(connection, action.event):
                known = dict(bound.known) | {MADE_BY_EVENTS: True}
                change_binding(connection, action.event, known=tuple(sorted(known.items())))
        raise ParkedError(say_unchangeable(action)) from error


def _is_asked(gateway: Gateway, action: CreateWebinar, webinar: Webinar) -> bool:
    asked = dict(action.fields)
    is_ours = carries_marker(webinar.agenda, action.marker) or not webinar.agenda or webinar.topic == asked.get("topic")
    return is_ours and gateway.is_host(webinar, action.host)
