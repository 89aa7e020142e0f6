"""Intake of Zoom's notifications.

A genuine notification is stored once. Storing it and ringing its jobs happen in one transaction.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog
from sqlalchemy import Connection

from ...engine.runs import JUST_HAPPENED, Request, Subject, submit_all
from ...planning import is_rehearsal
from ...store.db.notify import notify_with
from ...store.event_queries import load_times
from ...store.hosts.foreign import mark_changed
from ...store.notifications import store_notifications
from ...store.recordings import InstanceNote, find_recorded_instances, record_instances
from ...store.webinars import find_event_of, find_events_of, find_events_of_instances
from ...zoom import KNOWN_KINDS, VALIDATION_KIND, Notification, answer_validation, find_secret, parse, read_signed_at
from .. import metrics
from ..context import Context
from ..reconcile.recording_rights import note_storage
from ..timeline import Happening, record_happenings

log = structlog.get_logger()
STALE = timedelta(hours=24)  # a signature so much older or newer than our clock is refused
PATIENCE_S = 2.0  # for a locked database: Zoom waits 3 s for the answer, and sends again after a 503
WEBINAR_TYPES = (5, 6, 9)
_CONVERTED_TYPES = (2, 3, 8)  # of the meeting that a webinar may become
_SINGLE = {  # a notification of several recordings is stored as one for each of them
    "recording.batch_trashed": "recording.trashed",
    "recording.batch_deleted": "recording.deleted",
    "recording.batch_recovered": "recording.recovered",
}
_SAID = {  # what happened to the event, by kind and by whether it was a rehearsal
    ("webinar.started", False): ("webinar_started", "The webinar is live."),
    ("webinar.started", True): ("webinar_started", "The webinar is live."),
    ("webinar.ended", False): ("webinar_ended", "The webinar has ended."),
    ("webinar.ended", True): ("practice_ended", "The practice session has ended."),
}
_MADE = "webinar.created"  # not stored: it only says that the list of its host has changed
_LISTED = (_MADE, "webinar.updated", "webinar.deleted", "webinar.recovered")  # they change a host's list
_ENDED = "webinar.ended"
_NOTED = ("webinar.started", _ENDED, "recording.completed", "recording.transcript_completed")
Taken = tuple[tuple[str, str | None], ...]  # kind and event of the parts that were new


@dataclass(frozen=True, kw_only=True)
class Intake:
    """The answer to Zoom, and what of the notification was new."""

    status: int
    reply: dict[str, object] | None = None
    taken: Taken = ()


@dataclass(frozen=True, kw_only=True)
class RawNotification:
    """A request for an account, from any sender."""

    account: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Part:
    """What a notification says of one webinar or recording."""

    account: str
    kind: str
    uuid: str | None
    body_hash: str
    sealed: bytes | None = field(repr=False)
    notification: Notification


def refuse_early(context: Context, account: str, headers: Mapping[str, str]) -> Intake | None:
    """Return the answer to a notification that cannot be genuine by its headers; None for one that may be.

    It asks no database, and needs no body.
    """
    if account not in context.gateways:
        return _answer(404, "unknown_account")
    signed_at = read_signed_at(headers)
    if signed_at is None:
        return _answer(401, "bad_signature")
    if abs(signed_at - context.clock.now()) > STALE:
        return _answer(401, "stale")
    return None


Parts = tuple[Part, ...]  # of one notification


def take_notifications(context: Context, raw: Sequence[RawNotification]) -> list[Intake | Exception]:
    """Store notifications that came together, and return their answers in order.

    401: the signature is not Zoom's, or not of today. 404: the account is unknown. 200: Zoom's validation of the URL.
    204: it is stored, or it is not for us. An error stands in the place of the notification that raised it, and stops
    no other.
    """
    opened: list[Intake | Parts | Exception] = []
    for notification in raw:
        try:
            opened.append(_open(context, notification))
        except Exception as error:
            opened.append(error)
    arrivals = [parts for parts in opened if isinstance(parts, tuple)]
    stored = iter(context.group_commit.write(partial(take_in, context), arrivals)) if arrivals else iter(())
    answers: list[Intake | Exception] = []
    stored_ones: dict[tuple[str, str], list[str | None]] = {}
    for notification, outcome in zip(raw, opened, strict=True):
        taken = next(stored) if isinstance(outcome, tuple) else outcome
        if not isinstance(taken, tuple):
            answers.append(taken)
            continue
        for kind, event_id in taken:
            stored_ones.setdefault((kind, notification.account), []).append(event_id)
        only_noted = isinstance(outcome, tuple) and all(part.kind == _MADE for part in outcome)
        answer = _answer(204, "noted" if only_noted else "stored" if taken else "replayed")
        answers.append(replace(answer, taken=taken))
    for (kind, account), event_ids in stored_ones.items():  # one line for all: it takes as long as storing one of them
        subject = " ".join(sorted({event_id for event_id in event_ids if event_id})) or None
        log.info("notification_stored", kind=kind, account=account, subject=subject, times=len(event_ids))
    return answers


def take_in(context: Context, connection: Connection, arrivals: Sequence[Parts]) -> list[Taken]:
    """Store notifications that came together, and ring each job of their events once; return the new parts of each."""
    parts = [part for own_parts in arrivals for part in own_parts]
    if not parts:
        return [() for _ in arrivals]
    now = context.database.now(connection)
    events = _events_of(connection, parts)
    kept = [part for part in parts if part.kind != _MADE]
    new = store_notifications(connection, [_row(part, events[id(part)], now) for part in kept])
    fresh = [part for part, is_new in zip(kept, new, strict=True) if is_new]
    ours = [(part, event_id) for part in fresh if (event_id := events[id(part)])]
    _note_lists(connection, [part for part in parts if part.kind == _MADE] + fresh, events, now)
    rings = {(event_id, part.kind, part.account) for part, event_id in ours}
    rings |= _note(connection, ours, now)
    rehearsals = _rehearsals(connection, ours, now)
    happenings = [
        Happening(event_id=event_id, at=now, what=said[0], sentence=said[1])
        for part, event_id in ours
        if part.uuid and (said := _SAID.get((part.kind, part.uuid in rehearsals)))
    ]
    record_happenings(context, connection, happenings)
    for part in fresh:
        if part.notification.storage:
            note_storage(context, connection, part.account, part.notification.storage, now)
    requests = {(event_id, job): account for event_id, kind, account in rings for job in context.rings.get(kind, ())}
    asked = [
        Request(job=job, subject=Subject(kind="event", id=event_id), account=account, priority=JUST_HAPPENED)
        for (event_id, job), account in sorted(requests.items())  # in every process the same order: no deadlock arises
    ]
    submit_all(connection, asked, now)
    notify_with(connection, "due")
    fresh_ids = {id(part) for part in fresh}
    return [
        tuple((part.kind, events[id(part)]) for part in own_parts if id(part) in fresh_ids) for own_parts in arrivals
    ]


def _rehearsals(connection: Connection, ours: Sequence[tuple[Part, str]], now: datetime) -> frozenset[str | None]:
    """Return the uuids of the instances that ended and can be taken for a rehearsal, by Zoom's word and their time."""
    called = [(part, event_id) for part, event_id in ours if part.notification.practice]
    times = load_times(connection, {event_id for _, event_id in called}) if called else {}
    return frozenset(
        part.uuid
        for part, event_id in called
        if is_rehearsal(
            part.notification.practice, part.notification.end or part.notification.occurred_at or now, *times[event_id]
        )
    )


def _events_of(connection: Connection, parts: Sequence[Part]) -> dict[int, str | None]:
    """Map the id() of each part to its event: by its webinar, else by an instance that is stored or in another part."""
    webinars = find_events_of(
        connection, {part.notification.webinar_id for part in parts if part.notification.webinar_id}
    )
    events = {id(part): webinars.get((part.account, part.notification.webinar_id or 0)) for part in parts}
    instances = {
        part.uuid: event for part in parts if part.uuid and part.kind in _NOTED and (event := events[id(part)])
    }
    if unknown := {part.uuid for part in parts if part.uuid and not events[id(part)]}:
        instances |= find_events_of_instances(connection, unknown)
    return {id(part): events[id(part)] or instances.get(part.uuid or "") for part in parts}


def _row(part: Part, event_id: str | None, now: datetime) -> dict[str, Any]:
    notification = part.notification
    return {
        "account": part.account,
        "request_id": notification.request_id if part.kind == notification.kind else None,
        "body_hash": part.body_hash,
        "kind": part.kind,
        "webinar_id": notification.webinar_id,
        "uuid": part.uuid,
        "event_id": event_id,
        "occurred_at": notification.occurred_at,
        "received_at": now,
        "body": part.sealed,
        "state": "new" if event_id else "ignored",
    }


def _note(connection: Connection, ours: Sequence[tuple[Part, str]], now: datetime) -> set[tuple[str, str, str]]:
    """Record what parts say by themselves: the webinar is live, was held, was recorded. Return what else they ring."""
    noted = [(part, event_id) for part, event_id in ours if part.uuid and part.kind in _NOTED]
    record_instances(connection, [_said_of(part, event_id, now) for part, event_id in noted])
    ended = [(part, event_id) for part, event_id in noted if part.kind == _ENDED]
    recorded = find_recorded_instances(connection, {part.uuid or "" for part, _ in ended})
    # it is known now whether that was a practice session
    return {(event_id, "recording.fetched", part.account) for part, event_id in ended if part.uuid in recorded}


def _said_of(part: Part, event_id: str, now: datetime) -> InstanceNote:
    notification, moment = part.notification, part.notification.occurred_at or now
    is_over = part.kind == _ENDED
    return InstanceNote(
        uuid=part.uuid or "",
        event_id=event_id,
        started_at=notification.start,
        ended_at=(notification.end or moment) if is_over else None,
        practice=notification.practice if is_over else None,
        or_at=None if is_over else moment,
    )


def _note_lists(connection: Connection, parts: Sequence[Part], events: Mapping[int, str | None], now: datetime) -> None:
    """Note that the lists of hosts have changed: somebody made, moved or deleted a webinar that is not ours."""
    hosts: dict[str, set[str]] = {}
    for part in parts:
        if part.kind in _LISTED and not events[id(part)] and part.notification.host_id:
            hosts.setdefault(part.account, set()).add(part.notification.host_id)
    for account, zoom_ids in sorted(hosts.items()):
        mark_changed(connection, account, sorted(zoom_ids), now)


def _open(context: Context, raw: RawNotification) -> Intake | Parts:
    """Split a notification into its parts, or return its answer at once."""
    account, body = raw.account, raw.body
    refused, gateway = refuse_early(context, account, raw.headers), context.gateways.get(account)
    if refused or gateway is None:
        return refused or _answer(404, "unknown_account")
    secret = find_secret(gateway.account.webhook_secrets, raw.headers, body)
    if secret is None:
        log.warning("notification_refused", account=account)
        return _answer(401, "bad_signature")
    notification = parse(raw.headers, body)
    if notification is None:
        return _answer(204, "not_json")
    if notification.kind == VALIDATION_KIND and (validation := answer_validation(secret, body)):
        return _answer(200, "validated", {**validation})
    if notification.kind not in KNOWN_KINDS:
        return _answer(204, "unknown_kind")
    if notification.webinar_type not in (None, *WEBINAR_TYPES) and not _was_ours(context, account, notification):
        return _answer(204, "meeting")
    sealed = context.box.seal(body.decode("utf-8", "replace"))
    kind, digest = _SINGLE.get(notification.kind, notification.kind), notification.body_hash
    part = partial(Part, account=account, kind=kind, sealed=sealed, notification=notification)
    if kind == notification.kind:
        return (part(uuid=notification.uuid, body_hash=digest),)
    if left_out := notification.left_out:
        log.warning("notification_cut", account=account, kind=kind, taken=len(notification.uuids), left_out=left_out)
    return tuple(
        part(uuid=uuid, body_hash=hashlib.sha256(f"{digest} {uuid}".encode()).hexdigest())
        for uuid in notification.uuids
    )


def _was_ours(context: Context, account: str, notification: Notification) -> bool:
    """Return whether a meeting is the webinar of an event: somebody converted it at Zoom, and it keeps its number."""
    if notification.webinar_id is None or notification.webinar_type not in _CONVERTED_TYPES:
        return False
    with context.database.read() as connection:
        return find_event_of(connection, account, notification.webinar_id) is not None


def _answer(status: int, outcome: metrics.NotificationOutcome, reply: dict[str, object] | None = None) -> Intake:
    metrics.notifications.labels(outcome).inc()
    return Intake(status=status, reply=reply)
