"""Record what happened to an event: a line in its timeline, a message to each webhook, the runs that it asks for."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from ..engine.runs import Request, Subject, submit
from ..outgoing import Webhook, kind_of, new_message_id
from ..store.events import find_event, record_changes
from ..store.webhook_deliveries import load_stops, post
from .context import Context


@dataclass(frozen=True, kw_only=True)
class Happening:
    """Something that happened to an event: what, in a word of `outgoing.kinds`, and in a sentence."""

    event_id: str
    at: datetime
    what: str
    sentence: str
    recording_uuid: str | None = None  # where it is about one


def record_happening(
    context: Context,
    connection: Connection,
    event_id: str,
    what: str,
    sentence: str,
    *,
    recording_uuid: str | None = None,
) -> None:
    """Write what happened to an event just now, for its timeline and for others."""
    now = context.database.now(connection)
    told = Happening(event_id=event_id, at=now, what=what, sentence=sentence, recording_uuid=recording_uuid)
    record_happenings(context, connection, (told,))


def record_happenings(context: Context, connection: Connection, happenings: Iterable[Happening]) -> None:
    """Write what happened into the timelines, and for the webhooks that want to hear of it."""
    told = tuple(happenings)
    record_changes(connection, [_line(one) for one in told])
    wanted = [(webhook, one, kind) for one in told for webhook, kind in _listeners(context, one)]
    stops = load_stops(connection) if wanted else {}
    post(connection, [_message(*one) for one in wanted if (one[0].name, one[0].url) not in stops])


def _line(happening: Happening) -> dict[str, Any]:
    return {name: value for name, value in asdict(happening).items() if name != "recording_uuid"}


def _listeners(context: Context, happening: Happening) -> Iterator[tuple[Webhook, str]]:
    kind = kind_of(happening.what)
    return ((webhook, kind) for webhook in context.webhooks.values() if kind and kind in webhook.kinds)


def _message(webhook: Webhook, happening: Happening, kind: str) -> dict[str, Any]:
    return {
        "id": new_message_id(),
        "webhook": webhook.name,
        "kind": kind,
        "event_id": happening.event_id,
        "recording_uuid": happening.recording_uuid,
        "at": happening.at,
    }


def ring_event(context: Context, connection: Connection, event_id: str, what: str) -> None:
    """Ask for the jobs that something rings for an event."""
    now = context.database.now(connection)
    event = find_event(connection, event_id)
    account = (context.account_of(event) if event else None) or ""
    for job in context.rings.get(what, ()):
        submit(connection, Request(job=job, subject=Subject(kind="event", id=event_id), account=account), now)
