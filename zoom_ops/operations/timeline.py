"""Record of what happens to events: timelines, messages to webhooks, requested runs."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from ..engine.runs import JUST_HAPPENED, Request, Subject, submit_all
from ..events import Event
from ..happenings import kind_of
from ..homes import with_keys
from ..outgoing import new_message_id
from ..store.events import find_drafts, find_event, record_changes
from ..store.homes.entries import records_of
from ..store.published import list_published
from ..store.webhook_deliveries import load_stops, post
from .context import Context
from .subjects import record_subject


@dataclass(frozen=True, kw_only=True)
class Happening:
    """Something that happened to an event.

    `what` is a short name, such as "webinar_created"; `outgoing.kinds` maps some names to messages for webhooks.
    """

    event_id: str
    at: datetime
    what: str
    sentence: str
    recording_uuid: str | None = None  # if it is about a recording


def record_happening(
    context: Context,
    connection: Connection,
    event_id: str,
    what: str,
    sentence: str,
    *,
    recording_uuid: str | None = None,
) -> None:
    """Record what just happened to an event, in its timeline and for the webhooks."""
    now = context.database.now(connection)
    happening = Happening(event_id=event_id, at=now, what=what, sentence=sentence, recording_uuid=recording_uuid)
    record_happenings(context, connection, (happening,))


def record_happenings(context: Context, connection: Connection, happenings: Sequence[Happening]) -> None:
    """Record what happened in the timelines, and a message to each webhook that takes its kind and is not stopped.

    Others are told nothing of a draft.
    """
    record_changes(
        connection,
        [
            {"event_id": line.event_id, "at": line.at, "what": line.what, "sentence": line.sentence}
            for line in happenings
        ],
    )
    news = [
        (webhook, happening, kind)
        for happening in happenings
        if (kind := kind_of(happening.what))
        for webhook in context.webhooks.values()
        if kind in webhook.kinds
    ]
    drafts = find_drafts(connection, {happening.event_id for _, happening, _ in news}) if news else ()
    stops = load_stops(connection) if news else {}
    post(
        connection,
        [
            {
                "id": new_message_id(),
                "webhook": webhook.name,
                "kind": kind,
                "event_id": happening.event_id,
                "recording_uuid": happening.recording_uuid,
                "at": happening.at,
            }
            for webhook, happening, kind in news
            if (webhook.name, webhook.url) not in stops and happening.event_id not in drafts
        ],
    )


def ring_event(context: Context, connection: Connection, event_id: str, what: str) -> None:
    """Request the jobs that a happening rings for an event; for a draft there is nothing to do."""
    event = find_event(connection, event_id)
    ring_events(context, connection, {event_id: event}, what)


def ring_changed(context: Context, connection: Connection, events: Mapping[str, Event]) -> None:
    """Request the jobs that follow changed events, by id: also what is published of them may be for others now."""
    ring_events(context, connection, events, "event.changed")
    published = list_published(connection, events)
    ring_events(context, connection, {event_id: events[event_id] for event_id in published}, "publication.due")
    if context.home_settings and with_keys(context.home_settings):  # a key opens a recording only of some events
        for event_id in published:
            ring_links(context, connection, event_id)


def ring_events(context: Context, connection: Connection, events: Mapping[str, Event | None], what: str) -> None:
    """Request the jobs that a happening rings for several events, by id; None for one that has no record any more."""
    rung = {event_id: event for event_id, event in events.items() if event is None or event.visibility != "draft"}
    requests = [
        Request(
            job=job,
            subject=Subject(kind="event", id=event_id),
            account=(context.account_of(event) if event else None) or "",
        )
        for event_id, event in rung.items()
        for job in context.rings.get(what, ())
    ]
    if requests:
        submit_all(connection, requests, context.database.now(connection))


def ring_links(context: Context, connection: Connection, event_id: str) -> None:
    """Request the jobs that a change of an event's published recordings rings, for each home that has its record."""
    if context.homes and context.rings.get("link.due"):
        ring_records(context, connection, {(row.home, event_id) for row in records_of(connection, event_id)})


def ring_records(context: Context, connection: Connection, records: Collection[tuple[str, str]]) -> None:
    """Request the jobs that write links, for records by home and event. Homes without a file, or only read: none."""
    requests = [
        Request(job=job, subject=record_subject(home, event_id), priority=JUST_HAPPENED)
        for home, event_id in sorted(records)
        if home in context.homes and context.homes[home].capabilities.writes
        for job in context.rings.get("link.due", ())
    ]
    if requests:
        submit_all(connection, requests, context.database.now(connection))


def ring_published(context: Context, connection: Connection, events: Collection[str]) -> None:
    """Request a look at the links of those of some events that have any, as a home has just changed their records.

    Somebody may have opened to everybody what holds a link for members.
    """
    for event_id in list_published(connection, events):
        ring_links(context, connection, event_id)
