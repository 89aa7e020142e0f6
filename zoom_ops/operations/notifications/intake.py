"""Intake of Zoom's notifications.

A genuine notification is stored once. Storing it and ringing its jobs happen in one transaction.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog
from sqlalchemy import Connection

from ...engine.runs import JUST_HAPPENED, Request, Subject, submit
from ...store.db.notify import notify_with
from ...store.notifications import store_notifications
from ...store.recordings import find_recording, record_instance
from ...store.webinars import find_events_of, find_events_of_instances
from ...zoom import KNOWN_KINDS, Notification, answer_validation, find_secret, parse
from .. import metrics
from ..context import Context
from ..timeline import Happening, record_happenings

_NOTED = ("webinar.started", "webinar.ended", "recording.completed", "recording.transcript_completed")


@dataclass(frozen=True, kw_only=True)
class Part:
    """What a notification says of one webinar or recording."""

    context: Context = field(repr=False)
    account: str
    kind: str
    uuid: str | None
    body_hash: str
    sealed: bytes | None = field(repr=False)
    notification: Notification


Parts = tuple[Part, ...]  # of one notification
Taken = tuple[tuple[str, str | None], ...]  # kind and event of the parts that were new


def take_in(connection: Connection, arrivals: Sequence[Parts]) -> list[Taken]:
    """Store notifications that came together, and ring each job of their events once; return the new parts of each."""
    parts = [part for own_parts in arrivals for part in own_parts]
    if not parts:
        return [() for _ in arrivals]
    context = parts[0].context
    now = context.database.now(connection)
    events = _events_of(connection, parts)
    new = store_notifications(connection, [_row(part, events[id(part)], now) for part in parts])
    fresh = [part for part, is_new in zip(parts, new, strict=True) if is_new]
    ours = [(part, event_id) for part in fresh if (event_id := events[id(part)])]
    rings = {(event_id, part.kind, part.account) for part, event_id in ours}
    rings |= {(event_id, *ring) for part, event_id in ours for ring in _note(connection, part, event_id, now)}
    record_happenings(
        context, connection, [line for part, event_id in ours for line in _happenings(part, event_id, now)]
    )
    _ring(context, connection, rings, now)
    notify_with(connection, "due")
    fresh_ids = {id(part) for part in fresh}
    return [
        tuple((part.kind, events[id(part)]) for part in own_parts if id(part) in fresh_ids) for own_parts in arrivals
    ]


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


def _note(connection: Connection, part: Part, event_id: str, now: datetime) -> Iterator[tuple[str, str]]:
    """Record what a part says by itself: the webinar is live, was held, was recorded. Yield what else it rings."""
    notification, uuid = part.notification, part.uuid
    if uuid is None or part.kind not in _NOTED:
        return
    if part.kind != "webinar.ended":
        began = notification.occurred_at or now
        record_instance(connection, uuid, event_id, started_at=notification.start, or_at=began)
        return
    start, practice = notification.start, notification.practice
    ended = notification.end or notification.occurred_at or now
    record_instance(connection, uuid, event_id, started_at=start, ended_at=ended, practice=practice)
    if find_recording(connection, uuid):  # it is known now whether this was a practice session
        yield "recording.fetched", part.account


def _happenings(part: Part, event_id: str, now: datetime) -> Iterator[Happening]:
    """Yield what happened to the event, where the part alone says it."""
    practice = ("practice_ended", "The practice session has ended.")
    lines = {
        "webinar.started": ("webinar_started", "The webinar is live."),
        "webinar.ended": practice if part.notification.practice else ("webinar_ended", "The webinar has ended."),
    }
    if part.uuid and part.kind in lines:
        what, sentence = lines[part.kind]
        yield Happening(event_id=event_id, at=now, what=what, sentence=sentence)


def _ring(context: Context, connection: Connection, rings: set[tuple[str, str, str]], now: datetime) -> None:
    """Request the jobs of the events. Every process requests in the same order, so that no deadlock arises."""
    requests = {(event_id, job): account for event_id, kind, account in rings for job in context.rings.get(kind, ())}
    for (event_id, job), account in sorted(requests.items()):
        subject = Subject(kind="event", id=event_id)
        submit(connection, Request(job=job, subject=subject, account=account, priority=JUST_HAPPENED), now)


log = structlog.get_logger()
STALE = timedelta(hours=24)
PATIENCE_S = 2.0  # for a locked database: Zoom waits 3 s for the answer, and sends again after a 503
WEBINAR_TYPES = (5, 6, 9)
_SINGLE = {  # a notification of several recordings is stored as one for each of them
    "recording.batch_trashed": "recording.trashed",
    "recording.batch_deleted": "recording.deleted",
    "recording.batch_recovered": "recording.recovered",
}


@dataclass(frozen=True, kw_only=True)
class Intake:
    """The answer to Zoom."""

    status: int
    reply: dict[str, object] | None = None


@dataclass(frozen=True, kw_only=True)
class RawNotification:
    """A request for an account, from any sender."""

    account: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


def take_notifications(context: Context, raw: Sequence[RawNotification]) -> list[Intake | Exception]:
    """Store notifications that came together, and return their answers in order.

    401: the signature is not Zoom's. 404: the account is unknown. 200: Zoom's validation of the URL. 204: it is stored,
    or it is not for us. An error stands in the place of the notification that raised it, and stops no other.
    """
    opened = [_open_one(context, notification) for notification in raw]
    arrivals = [parts for parts in opened if isinstance(parts, tuple)]
    stored = iter(context.group_commit.write(take_in, arrivals)) if arrivals else iter(())
    return [
        _answer_stored(notification.account, next(stored)) if isinstance(outcome, tuple) else outcome
        for notification, outcome in zip(raw, opened, strict=True)
    ]


def _open_one(context: Context, raw: RawNotification) -> Intake | Parts | Exception:
    try:
        return _open(context, raw.account, raw.headers, raw.body)
    except Exception as error:
        return error


def _open(context: Context, account: str, headers: Mapping[str, str], body: bytes) -> Intake | Parts:
    """Split a notification into its parts, or return its answer at once."""
    if account not in context.gateways:
        return _answer(404, "unknown_account")
    secret = find_secret(context.gateways[account].account.webhook_secrets, headers, body)
    if secret is None:
        log.warning("notification_refused", account=account)
        return _answer(401, "bad_signature")
    if validation := answer_validation(secret, body):
        return _answer(200, "validated", {**validation})
    notification = parse(headers, body)
    if notification is None:
        return _answer(204, "not_json")
    if reason := _find_reason_to_ignore(notification, context.clock.now()):
        return _answer(204, reason)
    return tuple(_iter_parts(context, account, notification, body))


def _answer_stored(account: str, taken: Taken | Exception) -> Intake | Exception:
    if isinstance(taken, Exception):
        return taken
    for kind, event_id in taken:
        log.info("notification_stored", kind=kind, account=account, subject=event_id)
    return _answer(204, "stored" if taken else "replayed")


def _answer(status: int, outcome: str, reply: dict[str, object] | None = None) -> Intake:
    metrics.notifications.labels(outcome).inc()
    return Intake(status=status, reply=reply)


def _find_reason_to_ignore(notification: Notification, now: datetime) -> str | None:
    """Return a word for the reason why a genuine notification is not for us, or None."""
    if notification.kind not in KNOWN_KINDS:
        return "unknown_kind"
    if notification.webinar_type is not None and notification.webinar_type not in WEBINAR_TYPES:
        return "meeting"
    sent = notification.sent_at or notification.occurred_at
    return "stale" if sent is not None and sent < now - STALE else None


def _iter_parts(context: Context, account: str, notification: Notification, body: bytes) -> Iterator[Part]:
    sealed = context.box.seal(body.decode("utf-8", "replace"))
    kind = _SINGLE.get(notification.kind, notification.kind)
    part = partial(Part, context=context, account=account, kind=kind, sealed=sealed, notification=notification)
    if kind == notification.kind:
        yield part(uuid=notification.uuid, body_hash=notification.body_hash)
        return
    for uuid in notification.uuids:
        yield part(uuid=uuid, body_hash=hashlib.sha256(f"{notification.body_hash} {uuid}".encode()).hexdigest())
